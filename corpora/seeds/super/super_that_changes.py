"""`super().name()` when what it depends on changes: bases, methods, instance, class cell, super.

A JIT that finds the method without making the super object has to see every one
of these changes, and to leave whatever is no plain method to the instructions.
"""

LOG = []


class Root:
    def name(self, tag="root"):
        LOG.append(tag)
        return ("Root", type(self).__name__, tag)

    def same(self):
        return self

    @property
    def shown(self):
        return lambda: "property of Root"

    @staticmethod
    def loose(*args):
        return ("static", args)

    @classmethod
    def of_class(cls):
        return ("class", cls.__name__)


class Left(Root):
    def name(self, tag="left"):
        return ("Left", *super().name(tag))

    def same(self):
        return super().same()

    def wrapped(self):
        return super().shown(), super().loose(1), super().of_class(), super().__hash__() == hash(self)

    def captured(self):
        return [(lambda: self is kept)() for kept in [super().same()]]

    def rebound(self, other):
        self = other
        return super().name()

    def deleted(self):
        del self
        return super().name()

    def missing(self):
        return super().no_such_method()

    def itself(self):
        return super().__class__


class Right(Root):
    def name(self, tag="right"):
        return ("Right", *super().name(tag))


class Diamond(Left, Right):
    def name(self, tag="diamond"):
        return ("Diamond", *super().name(tag))


class Other:
    def name(self, tag="other"):
        return ("Other", tag)

    def same(self):
        return "same of Other"


class Movable(Root, Other):
    def name(self):
        return super().name("movable")


def layer(base):
    class Layer(base):  # one code object, several classes, all of one instance
        def name(self, tag="layer"):
            return ("Layer", *super().name(tag))

    return Layer


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, RuntimeError, TypeError) as error:
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        spot = list(trace.tb_frame.f_code.co_positions())[trace.tb_lasti // 2]
        return type(error).__name__, str(error), trace.tb_lineno, spot[2:]


def round_of_calls(objects):
    out = []
    for thing in objects:
        out.append(attempt(thing.name))
        out.append(attempt(thing.same) is thing)
    return out


def surprises(left, diamond):
    out = [left.wrapped(), left.captured(), attempt(left.rebound, diamond)]
    out.append(attempt(left.rebound, 3))
    out += [attempt(left.deleted), attempt(left.missing), left.itself().__name__]
    return out


def main():
    left, diamond, movable = Left(), Diamond(), Movable()
    things = [left, diamond, left, Right(), layer(layer(layer(Root)))()]
    rounds = [round_of_calls(things) for _ in range(80)]
    out = [all(each == rounds[0] for each in rounds), rounds[0]]
    rare = [surprises(left, diamond) for _ in range(40)]
    out += [all(each == rare[0] for each in rare), rare[0]]
    for _ in range(60):
        movable.name()
    out.append(movable.name())
    Movable.__bases__ = (Other, Root)
    out.append(movable.name())
    original = Root.name
    Root.name = lambda self, tag: ("replaced", tag)
    out.append(round_of_calls(things))
    Root.name = staticmethod(lambda tag: ("now static", tag))
    out.append(round_of_calls(things))
    del Root.name
    out.append(round_of_calls(things))
    Root.name = original
    left.__class__ = Diamond
    out.append(round_of_calls(things))
    globals()["super"] = lambda: Other()
    out.append(round_of_calls(things))
    del globals()["super"]
    out.append(round_of_calls(things))
    LOG[:] = [len(LOG)]
    return out


RESULT = main()
