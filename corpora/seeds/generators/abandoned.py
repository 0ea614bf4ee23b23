"""Generators that are dropped while suspended: what they hold dies, where, and in which order.

Nothing in such a frame may catch the GeneratorExit that closing it raises, so a JIT can do without
the exception; but operands die while the frame is the current one, and locals behind it.
"""

import gc
import sys
import weakref

LOG = []


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        frame = sys._getframe(1)
        LOG.append((self.name, frame.f_code.co_name))


class Holder(Loud):
    """Keeps the frame that it dies in."""

    kept = []

    def __del__(self):
        Holder.kept.append(sys._getframe(1))
        super().__del__()


class Numbers:
    """An iterator that only the generator's operand stack holds."""

    def __init__(self, name, kind=Loud):
        self.loud = kind(name)
        self.next = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.next += 1
        return self.next


def simple(name, kind=Loud):
    first, second = Loud((name, 1)), Loud((name, 2))
    for number in Numbers((name, "operand"), kind):
        yield number
    return first, second


def caught(name):
    loud = Loud((name, "local"))
    try:
        for number in Numbers((name, "operand")):
            yield number
    finally:
        LOG.append((name, "finally", loud.name))


def delegates(name):
    loud = Loud((name, "outer"))
    yield from simple(name)
    return loud


def closure(name):
    loud = Loud((name, "cell"))
    return (loud.name for _ in Numbers((name, "operand")))


def left(make, name):
    for number in make(name):
        if number == 2 or make is closure:
            break
    LOG.append((name, "left"))
    return name


def found(items, wanted):
    return any(item == wanted for item in items), all(item != wanted for item in items)


def first(items):
    return next(item for item in items if item)


def with_frame(name):
    holder = simple(name, Holder)
    next(holder)
    del holder
    kept = Holder.kept.pop()
    return kept.f_code.co_name, sorted(kept.f_locals), kept.f_back is None


def seen_from_outside(name):
    generator = simple(name)
    next(generator)
    frame, reference = generator.gi_frame, weakref.ref(generator, lambda _: LOG.append("gone"))
    del generator
    return reference() is None, frame.f_lineno - frame.f_code.co_firstlineno


def while_an_exception_is_handled(name):
    try:
        raise ValueError(name)
    except ValueError as error:
        left(simple, name)
        return sys.exc_info()[1] is error


def raises_meanwhile(name):
    generator = simple(name)
    next(generator)
    try:
        held = [generator]
        del generator
        raise KeyError(len(held))
    except KeyError as error:
        held = None
        return error.args


class Resurrecting(Loud):
    """Looks for the generator that it dies in."""

    found = []

    def __del__(self):
        name = "resurrected"
        Resurrecting.found.extend(
            each
            for each in gc.get_objects()
            if type(each).__name__ == "generator" and each.__name__ == name
        )
        LOG.append(self.name)


def resurrected(name):
    for number in Numbers(name, Resurrecting):
        yield number


def back_again(name):
    generator = resurrected(name)
    next(generator)
    del generator
    again = Resurrecting.found
    states = [(each.gi_frame is None, each.gi_running, list(each)) for each in again]
    again.clear()
    return states


def run(k):
    LOG.clear()
    out = [left(make, k) for make in (simple, caught, delegates, closure)]
    out += [found([1, 2, 3], 2), found({1: 2, 3: 4}, 3), found((), 1), first([0, 5, 6])]
    out += [with_frame(k), seen_from_outside(k), while_an_exception_is_handled(k)]
    out += [raises_meanwhile(k), back_again(k)]
    return out, list(LOG)


RUNS = [run(7) for _ in range(60)]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1]
