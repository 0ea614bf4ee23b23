"""Attributes of modules and classes that hot code has cached are changed, deleted and shadowed."""

import math
import types

LOG = []


def make_module(name):
    module = types.ModuleType(name)
    module.value = name
    module.double = lambda x: x * 2
    module.kind = Kind
    return module


class Meta(type):
    @property
    def described(cls):
        return f"described {cls.__name__}"

    def on_meta(cls):
        return "meta", cls.__name__


class Kind(metaclass=Meta):
    level = 1

    @staticmethod
    def static(x):
        return "static", x

    @classmethod
    def alternative(cls, x):
        return cls.__name__, x

    def method(self, x):
        return "method", self.level, x


class Sub(Kind):
    level = 2


def read_module(module):
    return module.value


def call_module(module, x):
    return module.double(x)


def call_math(x):
    return math.floor(x) + math.sqrt(x)


def read_class(cls):
    return cls.level


def call_class(cls, x):
    return cls.static(x), cls.alternative(x), cls.method(cls(), x), cls.on_meta(), cls.described


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, TypeError) as error:
        return type(error).__name__, str(error)


def warm(*cases):
    for _ in range(60):
        for function, *args in cases:
            function(*args)


def modules():
    out = []
    one, other = make_module("one"), make_module("other")
    warm((read_module, one), (call_module, one, 3))
    out += [read_module(other), call_module(other, 4)]
    one.value = "changed"
    one.double = lambda x: ("new", x)
    out += [read_module(one), call_module(one, 5)]
    del one.value, one.double
    out += [attempt(read_module, one), attempt(call_module, one, 6)]
    one.__getattr__ = lambda name: lambda *args: ("hook", name, args)
    out += [read_module(one)(), call_module(one, 7)]
    for i in range(40):
        setattr(other, f"more{i}", i)
    out += [read_module(other), call_module(other, 8)]
    other.__class__ = type("Odd", (types.ModuleType,), {"value": property(lambda self: "odd")})
    out += [read_module(other), call_module(other, 9)]
    return out


def mathematics():
    warm((call_math, 16.0))
    out = [call_math(25.0)]
    true_floor = math.floor
    math.floor = lambda x: 1000
    out.append(call_math(25.0))
    del math.floor
    out.append(attempt(call_math, 25.0))
    math.floor = true_floor
    out.append(call_math(25.0))
    return out


def classes():
    out = []
    warm((read_class, Kind), (call_class, Kind, 1))
    out += [read_class(Sub), call_class(Sub, 2)]
    Kind.level = 10
    out += [read_class(Kind), read_class(Sub), read_class(Sub())]
    del Sub.level
    out += [read_class(Sub), call_class(Sub, 3)]
    Kind.static = classmethod(lambda cls, x: ("now bound", cls.__name__, x))
    out += [call_class(Kind, 4), call_class(Sub, 5)]
    Meta.level = property(lambda cls: "from the metaclass")
    out += [read_class(Kind), Kind().level]
    del Meta.level, Kind.level
    out += [attempt(read_class, Kind)]
    Sub.__bases__ = (type("Base", (Kind,), {"level": "inherited"}),)
    out += [read_class(Sub), call_class(Sub, 6)[0]]
    return out


def main():
    return [modules(), mathematics(), classes()]


RESULT = main()
