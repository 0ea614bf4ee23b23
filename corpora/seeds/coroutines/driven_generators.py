"""Asynchronous generators that `async for` and `asend` drive from compiled code, step by step.

A step that yields at once needs no awaitable, one that has to wait does; steps fail, end, are
thrown into and cancelled in between, and what they leave behind is looked at.
"""

import gc
import sys
import weakref

LOG = []


class Wait:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


class Plain:
    def __del__(self):
        LOG.append("plain dies")


async def numbers(n, pause=0, fail=None, held=None):
    """Yields 0 … n-1, waits before each `pause`-th, raises `fail` at the end."""
    try:
        for i in range(n):
            if pause and i % pause == pause - 1:
                LOG.append(("got", await Wait(("pause", i))))
            sent = yield i
            if sent is not None:
                LOG.append(("sent", sent))
        if fail is not None:
            raise fail
    except (KeyError, GeneratorExit) as error:
        LOG.append(("numbers", type(error).__name__))
        raise
    finally:
        LOG.append(("numbers end", sys.exc_info()[0]))


async def nested(n, depth, pause):
    if depth == 0:
        async for x in numbers(n, pause):
            yield x
        return
    async for x in nested(n, depth - 1, pause):
        yield x * 10
    async for x in nested(1, depth - 1, 0):
        yield -x - 1


async def odd_values():
    """What a StopIteration or a tuple would do to a value that travels in an exception."""
    for value in ((), (1, 2), StopIteration(3), StopAsyncIteration(4), None, KeyError, {}):
        yield value


async def collect(iterable, limit=99):
    out = []
    async for x in iterable:
        out.append(x)
        if len(out) == limit:
            break
    else:
        out.append("else")
    return out


async def names():
    out = []
    async for x in odd_values():
        out.append((type(x).__name__, repr(x)))
    return out


async def guarded(iterable):
    out = []
    try:
        async for x in iterable:
            out.append(x)
    except Exception as error:
        lines, trace = [], error.__traceback__
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
            trace = trace.tb_next
        context = type(error.__context__).__name__
        return out, type(error).__name__, str(error), context, type(error.__cause__).__name__, lines
    return out


async def in_handler(n):
    """The generator sees the exception that its driver handles."""
    out = []
    try:
        raise LookupError(n)
    except LookupError:
        async for x in seeing(n):
            out.append((x, sys.exc_info()[0]))
    out.append(sys.exc_info()[0])
    return out


async def seeing(n):
    for _ in range(n):
        try:
            yield sys.exc_info()[0]
            raise ValueError
        except ValueError as error:
            yield type(error.__context__)


async def by_hand(n):
    gen, out = numbers(n, 2), []
    out.append(await gen.asend(None))
    out.append(await gen.asend("a"))
    step = gen.__anext__()
    out.append(await step)
    try:
        await step
    except RuntimeError as error:
        out.append(str(error))
    try:
        out.append(await gen.athrow(KeyError("k")))
    except KeyError as error:
        out.append(error.args)
    try:
        await gen.__anext__()
    except StopAsyncIteration as error:
        out.append(("over", error.args))
    out.append(await anext(gen, "default"))
    early = numbers(2)
    try:
        await early.asend(1)
    except TypeError as error:
        out.append(str(error))
    await early.aclose()
    return out


async def two_at_once():
    """A step that waits keeps others out, whichever way they come."""
    gen, out = numbers(4, 1), []
    first = gen.__anext__()
    out.append(first.send(None))
    for other in (gen.__anext__(), gen.asend(5)):
        try:
            other.send(None)
        except RuntimeError as error:
            out.append(str(error))
    try:
        async for x in gen:
            out.append(x)
    except RuntimeError as error:
        out.append(str(error))
    out.append((gen.ag_running, gen.ag_await is None))
    try:
        first.send("on")
    except StopIteration as stop:
        out.append(("value", stop.value))
    out.append((gen.ag_running, await collect(gen)))
    return out


async def itself(box):
    """Drives itself while it is running."""
    yield 1
    async for x in box[0]:
        yield x


async def looking(n):
    """What is seen of a generator between its steps."""
    gen, out = numbers(n), []
    async for x in gen:
        frame = gen.ag_frame
        out.append((x, gen.ag_running, frame.f_lineno, sorted(frame.f_locals)))
    out.append((gen.ag_frame, gen.ag_running))
    return out


async def generations(n):
    """The last reference to a generator is its loop's."""
    out = []
    for i in range(n):
        gen = numbers(3)
        gone = weakref.ref(gen, lambda _: LOG.append("generator dies"))
        async for x in gen:
            gen = None
            out.append((x, gone() is None))
        out.append(gone() is None)
    return out


async def raising(what):
    yield 1
    raise what


async def unfinished():
    async for x in numbers(5, held=Plain()):
        if x == 2:
            return x


def drive(coroutine, throw_at=None, close_at=None):
    seen, value = [], None
    try:
        value = coroutine.send(None)
        while True:
            seen.append(value)
            if len(seen) == throw_at:
                value = coroutine.throw(KeyError("thrown"))
            elif len(seen) == close_at:
                coroutine.close()
                return seen, "closed"
            else:
                value = coroutine.send(len(seen))
    except StopIteration as stop:
        return seen, stop.value
    except Exception as error:
        return seen, type(error).__name__, error.args


def hooked():
    """Hooks hear of each generator once: before its first step, and when it is forgotten."""
    seen = []
    old = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(
        lambda gen: seen.append(("first", gen.__name__)),
        lambda gen: seen.append(("final", gen.__name__)),
    )
    try:
        out = [drive(collect(nested(3, 1, 0))), drive(unfinished())]
        gc.collect()
    finally:
        sys.set_asyncgen_hooks(*old)
    return out, seen


def traced(at):
    """A trace function that is set while a generator runs."""
    events = []

    def trace(frame, event, arg):
        if frame.f_code.co_name in ("switching", "collect"):
            shown = arg[0].__name__ if event == "exception" else None
            events.append((frame.f_code.co_name, event, frame.f_lineno, shown))
        return trace

    async def switching(n):
        for i in range(n):
            if i == at:
                sys._getframe(1).f_trace = trace
                sys.settrace(trace)
            yield i

    try:
        result = drive(collect(switching(4)))
    finally:
        sys.settrace(None)
    first = events[0][2]
    return result, [(name, event, line - first, shown) for name, event, line, shown in events]


def cases():
    box = [None]
    box[0] = itself(box)
    return [
        drive(collect(numbers(6))),
        drive(collect(numbers(6, 2))),
        drive(collect(nested(4, 2, 0))),
        drive(collect(nested(4, 2, 3))),
        drive(collect(nested(4, 2, 1), 3)),
        drive(names()),
        drive(guarded(numbers(3, 0, LookupError("x")))),
        drive(guarded(numbers(3, 2, StopIteration("x")))),
        drive(guarded(raising(StopAsyncIteration("x")))),
        drive(in_handler(3)),
        drive(by_hand(5)),
        drive(two_at_once()),
        drive(guarded(box[0])),
        drive(looking(3)),
        drive(generations(3)),
        drive(unfinished()),
        drive(collect(numbers(4, 2)), throw_at=1),
        drive(guarded(nested(4, 2, 2)), throw_at=2),
        drive(collect(numbers(4, 2)), close_at=2),
    ]


def main():
    runs = []
    for _ in range(20):
        del LOG[:]
        runs.append((cases(), LOG[:]))
    out = [runs[0], all(run == runs[0] for run in runs)]
    out += [hooked(), hooked(), traced(0), traced(2), traced(3)]
    del LOG[:]
    return out


RESULT = main()
