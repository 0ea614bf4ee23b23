"""staticmethod and classmethod called through class, instance and subclass.

The descriptor decides what is prepended; the class itself is changed between
calls, and the metaclass has a method of the same name.
"""

LOG = []


class Meta(type):
    def make(cls, x):
        return ("meta", cls.__name__, x)

    def shout(cls):
        return cls.__name__.upper()


class Factory(metaclass=Meta):
    registry = []

    @classmethod
    def make(cls, x):
        return ("class", cls.__name__, x)

    @staticmethod
    def helper(x, y=1):
        return x + y

    @classmethod
    def add(cls, x):
        cls.registry.append(x)
        return len(cls.registry)


class Sub(Factory):
    registry = []


def use(cls, x):
    return cls.make(x), cls.helper(x), cls.helper(x, y=2)


def shout(cls):
    return cls.shout()


def main():
    out = []
    for i in range(100):
        use(Factory, i)
        use(Sub, i)
        use(Sub(), i)
        shout(Factory)
        Factory.add(i)
        Sub.add(i)
    out.append((use(Factory, 1), use(Sub(), 2), shout(Sub)))
    out.append((len(Factory.registry), len(Sub.registry)))
    Sub.make = staticmethod(lambda x: ("static", x))
    out.append((use(Sub, 1), use(Sub(), 1)))
    del Sub.make, Factory.make
    out.append(use(Sub, 1))
    try:
        use(Sub(), 1)
    except AttributeError as error:
        out.append(str(error))
    Meta.make = lambda cls, x: ("meta2", x)
    out.append(use(Factory, 1))
    Factory.helper = lambda *args, **kwargs: (len(args), kwargs)
    out.append(use(Factory, 1))
    Factory.make = classmethod(lambda cls, x: cls)
    out.append(use(Sub(), 1)[0].__name__)
    try:
        shout(Sub())
    except AttributeError as error:
        out.append(str(error))
    return out


RESULT = main()
