"""Generated classes: dataclasses (code from `exec`), enums, namedtuples.

Their `__init__`, `__eq__` and `__repr__` come from compiled strings; enum
members go through metaclass hooks and descriptors at every access.
"""

from collections import namedtuple
from dataclasses import FrozenInstanceError, dataclass, field, replace
from enum import Enum, Flag, IntEnum

LOG = []


@dataclass(order=True)
class Item:
    name: str
    price: float = 1.5
    tags: list = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0

    def __post_init__(self):
        if self.x < 0:
            raise ValueError(f"negative {self.x}")


class Colour(Enum):
    RED = 1
    GREEN = "g"
    CRIMSON = 1


class Level(IntEnum):
    LOW = 1
    HIGH = 5


class Right(Flag):
    READ = 1
    WRITE = 2


Pair = namedtuple("Pair", "left right", defaults=[0])


def items(n):
    values = [Item(f"n{i}", i * 0.25) for i in range(n)]
    values[0].tags.append("first")
    return max(values), values[0] == Item("n0", 0.0), sorted(values)[0].tags, Item("z").tags


def points(x):
    p = Point(x, 2)
    q = replace(p, y=p.y + 1)
    try:
        p.x = 5
    except FrozenInstanceError as error:
        LOG.append(str(error))
    return p, q, hash(p) == hash(Point(x, 2)), p == q


def colours(value):
    colour = Colour(value)
    return colour.name, colour is Colour.RED, Colour.CRIMSON.name, [c.name for c in Colour]


def levels(n):
    total = 0
    for level in Level:
        total += level * n
    return total, Level.HIGH > 3, Level(1).name, (Right.READ | Right.WRITE) & Right.WRITE


def pairs(n):
    pair = Pair(n)
    left, right = pair._replace(right=5)
    return pair.left + left + right, pair == (n, 0), pair[0]


def main():
    out = []
    for i in range(1, 12):
        out = [
            str(items(i)),
            str(points(i)),
            colours(1 if i % 2 else "g"),
            str(levels(i)),
            pairs(i),
        ]
    for bad in (
        lambda: Point(-1),
        lambda: Colour(5),
        lambda: Item(),
        lambda: Pair(),
        lambda: Level("x"),
    ):
        try:
            bad()
        except (TypeError, ValueError) as error:
            out.append(str(error))
    del LOG[3:]
    return out


RESULT = main()
