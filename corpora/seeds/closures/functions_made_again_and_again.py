"""Functions made in hot code: what they know of their module changes in between.

Name, module, builtins and text of a new function come from its code and the globals of that moment.
"""

import types

HOME = "first"
__name__ = "made"


def make(default):
    def named(value=default, *, other=3) -> "int":
        "What it does."
        return value + other

    return named, lambda: default, [value for value in (1, default)]


def described(function):
    return (
        function.__module__,
        function.__name__,
        function.__qualname__,
        function.__doc__,
        function.__defaults__,
        function.__kwdefaults__,
        sorted(function.__annotations__),
        function.__globals__ is globals(),
        "len" in function.__builtins__,
    )


def elsewhere(namespace):
    maker = types.FunctionType(make.__code__, namespace, "make")
    named, anonymous, values = maker(2)
    return named.__module__, "len" in named.__builtins__, anonymous(), values


def main():
    global __name__, HOME
    out = [described(each) for _ in range(100) for each in make(1)[:2]][-2:]
    __name__ = "renamed"
    out += [described(each) for each in make(2)[:2]]
    HOME = "second"
    out += [make(3)[0].__module__, make(3)[0](), make(3)[1]()]
    __name__ = 5
    out.append(make(3)[1].__module__)
    del __name__
    out.append(make(3)[1].__module__)
    __name__ = "made"
    for namespace in ({"__name__": "x"}, {"__builtins__": {"a": 1}, "__name__": "y"}, {}):
        out += [elsewhere(namespace) for _ in range(3)]
        namespace["__name__"] = "z"
        namespace["__builtins__"] = {"len": 2}
        out.append(elsewhere(namespace))
    return out


RESULT = main()
