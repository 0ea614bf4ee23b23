"""Instances with `__call__`, classes whose metaclass has `__call__`, both changed.

CALL of an object that is neither function nor method; self has to be put in
front of the arguments, keywords included.
"""

LOG = []


class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x, *rest, scale=1, **extra):
        LOG.append((self.n, x, rest, scale, sorted(extra)))
        return (self.n + x) * scale


class Singleton(type):
    instances = {}

    def __call__(cls, *args):
        if cls not in cls.instances:
            cls.instances[cls] = super().__call__(*args)
        return cls.instances[cls]


class Config(metaclass=Singleton):
    def __init__(self, value):
        LOG.append(("init", value))
        self.value = value


class Chained:
    def __call__(self):
        return self


def call(f, x):
    return f(x)


def call_keywords(f, x):
    return f(x, 2, scale=3, other=4)


def make(cls, value):
    return cls(value).value


def attempt(function, *args):
    try:
        return function(*args)
    except TypeError as error:
        return str(error)


def main():
    out = []
    for i in range(60):
        out.append((call(Adder(i), 1), call_keywords(Adder(1), i), make(Config, i)))
    out = out[-2:]
    del LOG[10:]
    adder = Adder(5)
    adder.__call__ = lambda x: "instance attribute is ignored"
    out.append(call(adder, 1))
    Adder.__call__ = lambda self, x: ("new", x)
    out.append((call(adder, 1), attempt(call_keywords, adder, 1)))
    Adder.__call__ = str.upper
    out.append(attempt(call, adder, "x"))
    del Adder.__call__
    out.append(attempt(call, adder, 1))
    out.append(type(Chained()()()()).__name__)
    for x in (None, 5, "s", [], Ellipsis):
        out.append(attempt(call, x, 1))
    out.append((call(int, "12"), call(str, 5), call(type, 5).__name__, call([].append, 1)))
    return out


RESULT = main()
