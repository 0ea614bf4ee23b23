"""async with: entering and leaving suspend, and leaving decides about the exception.

Several managers, nested ones, some that swallow, replace or add exceptions, in
coroutines that are resumed with values and with exceptions at every await.
"""

import sys

LOG = []


class Wait:
    def __init__(self, *value):
        self.value = value

    def __await__(self):
        return (yield self.value)


class Manager:
    def __init__(self, name, enter="", leave="", swallow=False):
        self.name, self.enter, self.leave, self.swallow = name, enter, leave, swallow

    async def __aenter__(self):
        LOG.append(("enter", self.name))
        await Wait("entering", self.name)
        if self.enter:
            raise OSError(self.enter)
        return self.name

    async def __aexit__(self, kind, error, trace):
        LOG.append(
            (
                "leave",
                self.name,
                kind and kind.__name__,
                trace and trace.tb_lineno,
                sys.exception() is error,
            )
        )
        await Wait("leaving", self.name)
        if self.leave:
            raise RuntimeError(self.leave)
        return self.swallow


class Synchronous:
    """Not a coroutine in sight: awaitables that are ready at once."""

    def __aenter__(self):
        return Ready(self)

    def __aexit__(self, *details):
        LOG.append(len([each for each in details if each is not None]))
        return Ready(details[0] is KeyError)


class Ready:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return iter([]) if self.value is None else self.ready()

    def ready(self):
        return self.value
        yield


async def plain(a, b, fail=None):
    async with a as first, b as second:
        LOG.append(("body", first, second))
        got = await Wait("body")
        if fail is not None:
            raise fail
        return first, second, got
    return "swallowed"


async def in_loop(n):
    out = []
    for i in range(n):
        async with Manager(i, swallow=i % 2 == 0) as name, Synchronous():
            if i == 1:
                continue
            if i == 4:
                raise IndexError(i)
            if i == 6:
                break
            out.append(name)
            if i == 2:
                raise KeyError(i)
            out.append(await Wait(i))
    return out


async def nested():
    try:
        async with Manager("outer"):
            try:
                async with Manager("inner", leave="from inner"):
                    raise ValueError("first")
            except RuntimeError as error:
                LOG.append(("caught", error.args, repr(error.__context__)))
                async with Manager("again", swallow=True):
                    raise
            return "returned"
    finally:
        async with Manager("last"):
            LOG.append(("handling", repr(sys.exception())))


def chain(error):
    names = []
    while error is not None:
        names.append((type(error).__name__, error.args))
        error = error.__context__
    return names


def drive(coroutine, throw_at=None, error=None):
    seen = []
    try:
        waited = coroutine.send(None)
        while True:
            seen.append(waited)
            if len(seen) == throw_at:
                waited = coroutine.throw(error)
            else:
                waited = coroutine.send(len(seen))
    except StopIteration as stop:
        return len(seen), stop.value
    except BaseException as raised:
        trace, lines = raised.__traceback__, []
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
            trace = trace.tb_next
        return len(seen), chain(raised), lines


CASES = [
    lambda: plain(Manager("a"), Manager("b")),
    lambda: plain(Manager("a"), Manager("b"), KeyError("body")),
    lambda: plain(Manager("a", swallow=True), Manager("b"), KeyError("body")),
    lambda: plain(Manager("a"), Manager("b", swallow=True), KeyError("body")),
    lambda: plain(Manager("a", swallow=True), Manager("b", enter="no entry")),
    lambda: plain(Manager("a"), Manager("b", leave="no way out")),
    lambda: plain(Manager("a", leave="a too"), Manager("b", leave="no way out"), KeyError("body")),
    lambda: in_loop(4),
    lambda: in_loop(5),
    lambda: nested(),
]


def main():
    runs = []
    for _ in range(15):
        del LOG[:]
        runs.append(([drive(make()) for make in CASES], LOG[:]))
    out = [runs[0], all(run == runs[0] for run in runs)]
    for make in CASES:
        for at in range(1, 8):
            for error in (EOFError("thrown"), GeneratorExit("exit")):
                del LOG[:]
                out.append((drive(make(), at, error), LOG[-3:]))
    del LOG[:]
    started = nested()
    for _ in range(3):
        started.send(None)
    try:
        started.close()
    except RuntimeError as error:
        out.append((error.args, drive(started)))
    out.append(LOG[:])
    del LOG[:]
    return out


RESULT = main()
