"""isinstance(), len() and type() in hot code: every kind of class, and classes that lie."""

import abc

LOG = []


class Plain:
    pass


class Sub(Plain):
    pass


class Slotted:
    __slots__ = ("x",)


class Liar:
    @property
    def __class__(self):
        LOG.append("asked for __class__")
        return Plain


class Shadowed:
    def __init__(self):
        self.__dict__["__class__"] = Plain


class Asks:
    def __getattribute__(self, name):
        LOG.append(name)
        return object.__getattribute__(self, name)


class Hooked:
    def __getattr__(self, name):
        LOG.append(("getattr", name))
        return Plain


class Meta(type):
    def __instancecheck__(cls, instance):
        LOG.append("__instancecheck__")
        return "truthy"


class Checked(metaclass=Meta):
    pass


class Abstract(abc.ABC):
    pass


Abstract.register(Slotted)


class Sized:
    def __len__(self):
        LOG.append("__len__")
        return 7


class Wrong:
    def __len__(self):
        return -1


class LongList(list):
    def __len__(self):
        return 99


def check(value, kind):
    return isinstance(value, kind)


def size(value):
    return len(value)


def kind_of(value):
    return type(value).__name__


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    values = [Plain(), Sub(), Slotted(), Liar(), Shadowed(), Asks(), Hooked(), Checked(), 1, True]
    values += ["s", None, Plain, Meta, [], (1, 2), {"a": 1}, {1, 2}, b"xyz", range(4), Sized()]
    kinds = [Plain, Sub, Slotted, Checked, Abstract, int, object, type, (int, str), (), (Plain, 3)]
    kinds += [(Checked, int), ((int, (str, Plain)), float), int | str, 3, None, list[int]]
    results = []
    for _ in range(3):
        for kind in kinds:
            results.append([attempt(check, value, kind) for value in values])
        results.append([attempt(size, value) for value in [*values, Wrong(), LongList([1])]])
        results.append([kind_of(value) for value in values])
    for _ in range(60):
        check(values[1], Plain)
        check(values[0], Sub)
    values[0].__class__ = Sub
    results.append([attempt(check, value, Sub) for value in values[:4]])
    # A base that lies comes in when the answers are cached already.
    Sub.__bases__ = (Liar,)
    results.append([check(values[1], Slotted), check(values[1], Plain), check(values[1], Liar)])
    results.append([check(values[0], Slotted), len(LOG)])
    return results


RESULT = main()
