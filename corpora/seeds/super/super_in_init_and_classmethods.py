"""super in `__new__`, `__init__`, classmethods, with keywords, and failing.

Classes with a Python `__init__` are called inline; a `super().__init__` that
raises half-way leaves a partly initialised instance to be released.
"""

LOG = []


class Base:
    def __new__(cls, *args, **kwargs):
        LOG.append(("new", cls.__name__, len(args), sorted(kwargs)))
        return super().__new__(cls)

    def __init__(self, a, *, b=2):
        self.a = a
        self.b = b
        if a == "bad":
            raise ValueError("bad argument")

    @classmethod
    def create(cls, a):
        return cls(a, b=1)

    def __del__(self):
        LOG.append(("del", type(self).__name__, sorted(self.__dict__)))


class Child(Base):
    def __init__(self, a, c=3, **kwargs):
        self.c = c
        super().__init__(a, **kwargs)
        self.done = True

    @classmethod
    def create(cls, a):
        instance = super().create(a)
        instance.made = cls.__name__
        return instance


class Frozen(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, items)


def build(cls, a):
    instance = cls.create(a)
    return sorted(instance.__dict__.items())


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(60):
        build(Base, i)
        build(Child, i)
        Frozen(1, i)
    LOG.clear()
    out.append(build(Child, "x"))
    out.append(attempt(build, Child, "bad"))
    out.append(attempt(build, Base, "bad"))
    out.append(attempt(Child))
    out.append(attempt(lambda: Child(1, 2, 3)))
    out.append(attempt(lambda: Child(1, z=3)))
    out.append(attempt(lambda: Base(1, 2)))
    out.append(Frozen(1, 2))
    Base.__init__ = lambda self, a, b=None: "not None"
    out.append(attempt(build, Child, 1))
    return out


RESULT = main()
