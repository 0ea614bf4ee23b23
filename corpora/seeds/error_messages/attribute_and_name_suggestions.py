"""`name` and `obj` of AttributeError, NameError and ImportError after slow paths.

They carry references: the object in `obj` must be the very one, kept alive by
the exception and released with it.
"""

LOG = []


class Thing:
    spelling = 1

    def __del__(self):
        LOG.append("thing released")


def read(x):
    return x.speling


def call(x):
    return x.speling()


def variable():
    counter = 1
    return countr


def captured():
    value = 1

    def inner():
        return value, valeu

    return inner()


def attempt(function, *args):
    try:
        function(*args)
    except (AttributeError, NameError) as error:
        same = getattr(error, "obj", None) is args[0] if args else None
        return str(error), error.name, same


def temporary(function):
    try:
        function(Thing())
    except AttributeError as error:
        LOG.append("in handler")
        kept = error.obj
        result = type(kept).__name__
    LOG.append("after handler")
    kept = None
    LOG.append("dropped")
    return result


def main():
    out = []
    good = Thing()
    good.speling = lambda: 1
    for _ in range(60):
        read(good)
        call(good)
    for _ in range(30):
        thing = Thing()
        out = [attempt(read, thing), attempt(call, thing), attempt(variable), attempt(captured)]
        thing = None
        LOG.append("-")
        out.append((temporary(read), temporary(call)))
    n = len(LOG)
    part = LOG[: n // 30]
    same = all(LOG[k : k + n // 30] == part for k in range(0, n, n // 30))
    LOG[:] = part
    return n, same, out


RESULT = main()
