"""Zero-argument super: `__class__` cell, MRO of diamonds, properties, changes.

`super().method()` needs the first local and the cell at the time of the call;
the MRO may be changed by assigning `__bases__` between calls.
"""

LOG = []


class Root:
    def __init__(self, log):
        self.log = log
        log.append("Root")

    def who(self):
        return ["Root"]

    @property
    def size(self):
        return 1


class Left(Root):
    def __init__(self, log):
        super().__init__(log)
        log.append("Left")

    def who(self):
        return ["Left"] + super().who()

    @property
    def size(self):
        return super().size + 10


class Right(Root):
    def __init__(self, log):
        super().__init__(log)
        log.append("Right")

    def who(self):
        return ["Right"] + super().who()

    @property
    def size(self):
        return super().size + 100


class Both(Left, Right):
    def __init__(self, log):
        super().__init__(log)
        log.append("Both")

    def who(self):
        return ["Both"] + super().who()

    def nested(self):
        def inner(me):
            return super(Both, me).who()

        return inner(self), [super(Left, self).who() for _ in range(1)]

    def rebound(self, other):
        self = other
        return super().who()


def use(obj):
    return obj.who(), obj.size


def main():
    out = []
    for i in range(70):
        log = []
        both = Both(log)
        out.append((log, use(both), both.nested()))
        use(Left([]))
    out = out[-1:]
    out.append(both.rebound(Both([])))
    try:
        both.rebound(5)
    except TypeError as error:
        out.append(str(error))
    Both.__bases__ = (Right, Left)
    out.append((use(both), both.nested()))
    Root.who = lambda self: ["patched"]
    out.append(use(both))
    del Right.who
    out.append(use(both))
    del Root.who
    try:
        use(both)
    except AttributeError as error:
        out.append(str(error))
    return out


RESULT = main()
