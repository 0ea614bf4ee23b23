"""isinstance() of classes whose metaclass leaves it to `type`, until it no longer does.

The answer may be found without asking the metaclass only while it has no idea of its own.
"""

import abc
import enum
import sys

LOG = []


class Meta(type):
    pass


class Base(metaclass=Meta):
    pass


class Derived(Base):
    pass


class Color(enum.Enum):
    RED = 1


class Abstract(abc.ABC):
    pass


class Registered:
    pass


Abstract.register(Registered)


class Liar:
    @property
    def __class__(self):
        return Derived


VALUES = [Base(), Derived(), Color.RED, Registered(), Liar(), 3, Base, Meta]


def ask(value, kind):
    return isinstance(value, kind)


def ask_either(value):
    return isinstance(value, (int, Base, Color))


def limit(n):
    """Ask at the recursion limit."""
    try:
        return limit(n + 1)
    except RecursionError:
        return None


def deepest(ask_there):
    def down(n):
        try:
            down(n + 1)
        except RecursionError:
            pass
        if n % 7 == 0:
            ask_there(3, Base)

    sys.setrecursionlimit(sys.getrecursionlimit())
    down(0)
    return ask_there(Derived(), Base)


def run():
    kinds = (Base, Derived, Color, Abstract, Meta, object)
    return [[ask(value, kind) for kind in kinds] for value in VALUES], [
        ask_either(value) for value in VALUES
    ]


RUNS = [run() for _ in range(100)]
DEEP = limit(0), deepest(ask)


def own(cls, value):
    LOG.append((cls.__name__, type(value).__name__))
    return "yes"


Meta.__instancecheck__ = own
CHANGED = run()
del Meta.__instancecheck__
AGAIN = run() == RUNS[0]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1], DEEP, CHANGED, AGAIN, LOG
