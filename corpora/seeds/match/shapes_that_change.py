"""Class patterns in hot code, and then their classes change.

`__match_args__`, attributes, isinstance and the class's name are asked for at
every match: nothing of it may be remembered. Errors say where they come from.
"""

import dataclasses

LOG = []


@dataclasses.dataclass
class Circle:
    centre: tuple
    radius: float


@dataclasses.dataclass
class Box:
    left: float
    top: float
    right: float
    bottom: float


class Slotted:
    __slots__ = ("x", "y")
    __match_args__ = ("x", "y")


class Lazy:
    __match_args__ = ("value",)

    def __init__(self, value):
        self.hidden = value

    @property
    def value(self):
        LOG.append(("value", self.hidden))
        if self.hidden is None:
            raise AttributeError("no value")
        if self.hidden == "fail":
            raise RuntimeError("failing value")
        return self.hidden


class Meta(type):
    def __instancecheck__(cls, instance):
        LOG.append(("instancecheck", type(instance).__name__))
        if isinstance(instance, bytes):
            raise OSError("not bytes")
        return isinstance(instance, str) and len(instance) > 3


class LongText(metaclass=Meta):
    pass


class Thrice(int):
    __match_args__ = ("real", "doubled", "tripled")
    doubled = property(lambda self: self * 2)
    tripled = property(lambda self: self * 3)


def area(shape):
    match shape:
        case Circle((0, 0), radius) | Circle(radius=radius, centre=(_, _)):
            return 3 * radius * radius
        case Box(left, top, right, bottom) if left <= right and top <= bottom:
            return (right - left) * (bottom - top)
        case Box():
            return -1
        case Slotted(x, y=y):
            return x, y
        case Lazy(float() | int() as value):
            return value + 1
        case Lazy(value):
            return "lazy", value
        case Lazy():
            return "lazy without"
        case LongText(__len__=length):
            return "text", length()
        case Thrice(one, two, three):
            return one, two, three
        case bool(flag):
            return "bool", flag
        case int(n) | float(n):
            return "number", n
        case str() | bytes() | bytearray():
            return "string"
        case list([x, *_]) | tuple([_, x, *_]):
            return "first", x
        case dict({"key": value}):
            return "value", value
        case None | ():
            return "nothing"
        case object(__class__=kind):
            return kind.__name__


def attempt(shape):
    try:
        return area(shape)
    except Exception as error:
        trace = error.__traceback__
        while trace.tb_next is not None and trace.tb_frame.f_code is not area.__code__:
            trace = trace.tb_next
        place = list(trace.tb_frame.f_code.co_positions())[trace.tb_lasti // 2]
        return type(error).__name__, str(error), place


def shapes():
    slotted, half = Slotted(), Slotted()
    slotted.x, slotted.y = 1, 2
    half.x = 1
    made = [
        Circle((0, 0), 2),
        Circle((1, 5), 2.5),
        Circle("somewhere", 1),
        Box(0, 0, 2, 3.5),
        Box(5, 5, 0, 0),
    ]
    made += [
        slotted,
        half,
        Lazy(3),
        Lazy("x"),
        Lazy(None),
        "text",
        "txt",
        Thrice(4),
        True,
        7,
        2.0,
        2**80,
    ]
    return [*made, bytearray(), [1, 2], (1, 2), (1,), {"key": 1}, {}, None, (), {1}, Box]


def main():
    runs = [[attempt(shape) for shape in shapes()] for _ in range(10)]
    out = [runs[0], all(run == runs[0] for run in runs), len(LOG)]
    del LOG[30:]
    out += [attempt(Lazy("fail")), attempt(b"bytes")]
    changes = [
        ("radius", "centre"),
        ("radius",),
        ("radius", 5),
        ["radius", "centre"],
        ("radius", "radius"),
        (),
    ]
    for args in changes:
        Circle.__match_args__ = args
        out.append([attempt(Circle(1, (0, 0))), attempt(Circle((2, 2), 3))])
    del Circle.__match_args__
    out.append(attempt(Circle(1, 2)))
    Circle.__match_args__ = ("centre", "radius")
    Circle.radius = property(lambda self: self.__dict__["centre"])
    out.append(attempt(Circle.__new__(Circle)))
    Box.__qualname__, Box.__name__ = "Other", "Container"
    Box.__match_args__ = ("left",)
    out.append(attempt(Box(0, 0, 1, 1)))
    globals()["Lazy"] = "no class"
    out.append(attempt({1}))
    return out


RESULT = main()
