"""`__getattr__`, `__getattribute__`, `__setattr__`, `__delattr__` in Python.

LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN and friends: hooks that raise AttributeError
to fall through, that recurse, and that are added to a class already cached.
"""

LOG = []


class Fallback:
    known = 1

    def __getattr__(self, name):
        LOG.append(("getattr", name))
        if name.startswith("no"):
            raise AttributeError(f"really no {name}")
        return name.upper()


class Everything:
    def __init__(self):
        self.real = 5

    def __getattribute__(self, name):
        LOG.append(("getattribute", name))
        if name == "refused":
            raise AttributeError("refused")
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return f"<{name}>"


class Guarded:
    def __setattr__(self, name, value):
        LOG.append(("setattr", name, value))
        object.__setattr__(self, name, value * 2)

    def __delattr__(self, name):
        LOG.append(("delattr", name))
        object.__delattr__(self, name)


class Simple:
    def __init__(self):
        self.real = 6


def read(x):
    return x.real


def read_known(x):
    return x.known


def call(x):
    return x.method(1)


def write(x, value):
    x.real = value
    got = x.real
    del x.real
    return got


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    simple = Simple()
    for i in range(120):
        read(simple)
        write(Simple(), i)
    fallback, everything, guarded = Fallback(), Everything(), Guarded()
    for i in range(30):
        out.append((read(fallback), read(everything), write(guarded, i)))
    del LOG[20:]
    out.append((attempt(read_known, fallback), attempt(read_known, everything)))
    out.append((attempt(call, fallback), attempt(call, everything)))
    out.append(attempt(lambda x: x.nothing, fallback))
    out.append(attempt(lambda x: x.refused, everything))
    Simple.__getattribute__ = lambda self, name: "hooked " + name
    out.append(read(simple))
    del Simple.__getattribute__
    out.append(read(simple))
    Simple.__setattr__ = Guarded.__setattr__
    out.append(attempt(write, simple, 4))
    del Simple.__setattr__
    out.append(write(Simple(), 4))
    return out


RESULT = main()
