"""Sites that see more classes than any inline cache has entries, for loads, stores and calls.

They share a cache by type and name, which changes of classes and instances must not fool.
"""


class Base:
    __slots__ = ("slot",)
    default = "base"

    def __init__(self):
        self.slot = 0

    @property
    def computed(self):
        return self.slot * 2

    def method(self, x):
        return "base", x


def make(i):
    class Derived(Base):
        own = i
        if i % 4 == 0:
            default = i
        if i % 5 == 0:

            def method(self, x):
                return i, x

    if i % 3 == 0:

        class WithDict(Derived):
            pass

        return WithDict
    return Derived


CLASSES = [make(i) for i in range(60)]


def touch(x, value):
    x.slot = value
    return x.slot, x.default, x.own, x.computed, x.method(value), x.__class__ is type(x)


def of_class(cls):
    return cls.own, cls.default, cls.__name__


def outcome(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return type(error).__name__, str(error)


def call_each(functions, x):
    return [f(x) for f in functions]


def functions(n):
    made = []
    for i in range(n):
        if i % 3 == 0:
            made.append(lambda x, i=i: (i, x))
        elif i % 3 == 1:
            made.append(lambda x: (x, x))
        else:
            made.append(CLASSES[i].__init__)
    return made


def main():
    objects = [cls() for cls in CLASSES]
    runs = [[touch(x, i) for x in objects] for i in range(12)]
    out = [runs[-1][:12], all(run[0][0] == i for i, run in enumerate(runs))]
    out.append([of_class(cls) for cls in CLASSES * 4][-6:])
    Base.default = "changed"
    Base.method = lambda self, x: ("replaced", x)
    CLASSES[7].own = "seven"
    CLASSES[9].slot = "hidden"
    objects[3].own = "instance"
    objects[6].method = lambda x: ("instance", x)
    for _ in range(3):
        out.append([outcome(touch, x, 5) for x in objects][:12])
    out.append([of_class(cls) for cls in CLASSES][:12])
    del Base.computed
    del CLASSES[9].slot
    out.append([outcome(touch, x, 6) for x in objects][:12])
    several = [lambda x: x, lambda x: -x, abs, lambda x, y=1: x + y, lambda x: x * 2, str]
    for _ in range(40):
        last = call_each(several, 4)
    out.append(last)
    several[1:1] = [lambda: 0]
    out.append(outcome(call_each, several, 4))
    out.append(outcome(call_each, functions(30), objects[0]))
    return out


RESULT = main()
