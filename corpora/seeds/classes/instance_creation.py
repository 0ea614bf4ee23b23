"""Calling classes: `__init__` inline, `__new__`, defaults, wrong results, errors.

The call allocates, runs `__init__` in its own frame and must check that it gave
None; the traceback of a failing `__init__` shows it, and the instance dies.
"""

LOG = []


class Plain:
    pass


class Simple:
    def __init__(self, x, y=2, *, z=3):
        self.x = x
        self.y = y
        self.z = z


class Returns:
    def __init__(self, value):
        return value


class Other:
    def __new__(cls, value):
        return value

    def __init__(self, value):
        LOG.append(("other init", value))


class Failing:
    def __init__(self, n):
        self.n = n
        self.inverse = 1 / n

    def __del__(self):
        LOG.append(("del", self.n))


class Slotted:
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v


def simple(x):
    p = Simple(x, z=x)
    return p.x + p.y + p.z


def create(cls, *args):
    return cls(*args)


def inverse(n):
    return Failing(n).inverse


def many(n):
    return [Slotted(i).v for i in range(n)], [Plain() is None for _ in range(n)]


def attempt(function, *args):
    try:
        result = function(*args)
    except (TypeError, ZeroDivisionError) as error:
        return type(error).__name__, str(error)
    return result if isinstance(result, (int, float, str, type(None))) else type(result).__name__


def main():
    out = []
    for i in range(1, 100):
        out.append((simple(i), inverse(i), attempt(create, Simple, 1), many(2)))
    out = out[-1:]
    LOG.clear()
    for args in (
        (Simple,),
        (Simple, 1, 2),
        (Simple, 1, 2, 3),
        (Plain, 1),
        (Slotted,),
        (Slotted, 1, 2),
        (Returns, None),
        (Returns, 5),
        (Other, 5),
        (Other,),
        (int, "x1"[1:]),
        (type, 1),
    ):
        out.append(attempt(create, *args))
    out.append(attempt(inverse, 0))
    Simple.__init__ = lambda self, x, z: (
        setattr(self, "x", x) or setattr(self, "y", 0) or setattr(self, "z", z)
    )
    out.append(simple(5))
    Simple.__new__ = lambda cls, *args, **kwargs: object.__new__(Simple)
    out.append(simple(6))
    del Simple.__init__
    out.append(attempt(create, Plain))
    Plain.__init__ = lambda self: LOG.append("late init")
    create(Plain)
    del Plain.__init__
    out.append(attempt(create, Plain))
    return out


RESULT = main()
