"""`*args` and `**kwargs` forwarded through many levels, with identity and order.

Keyword order must be kept through every hop; the tuple of a callee is its own
object, while its elements are the very objects passed.
"""

LOG = []


def depth(n, *args, **kwargs):
    if n == 0:
        return args, list(kwargs.items())
    return depth(n - 1, *args, n, **kwargs, **{f"k{n}": n})


def flatten(*args):
    out = []
    for arg in args:
        if isinstance(arg, (list, tuple)):
            out.extend(flatten(*arg))
        else:
            out.append(arg)
    return out


def first(*args):
    return args[0] if args else None


def curry(function, *bound, **named):
    def call(*args, **kwargs):
        return function(*bound, *args, **{**named, **kwargs})

    return call


def show(*args, sep="-", end="."):
    return sep.join(map(str, args)) + end


def identity(*args):
    return args


def main():
    out = []
    for i in range(60):
        out.append(depth(3, i, first=i))
        out.append(flatten(1, [2, (3, [i])], ()))
        out.append(curry(show, 1, sep="+")(i, end="!"))
    out = out[-3:]
    nested = curry(show, "a")
    for k in range(6):
        nested = curry(nested, k, sep=str(k))
    out.append(nested("z"))
    marker = [0]
    got = identity(marker, marker)
    got[0].append(1)
    out.append((got, got[0] is marker))
    items = (1, 2, 3)
    out.append((identity(*items) == items, first(*items), first()))
    out.append(depth(20))
    try:
        nested(wrong=1)
    except TypeError as error:
        out.append(str(error))
    return out


RESULT = main()
