"""async for over iterators of every kind, async generators, and comprehensions of them.

The end is an exception that the loop takes out of flight; any other goes through
it, and `break`, `else`, `return` and nested loops leave things on the stack.
"""

LOG = []


class Wait:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        sent = yield self.value
        return self.value if sent is None else sent


class Numbers:
    """Awaits before each item; may fail at one, or end with something of its own."""

    def __init__(self, n, fail=None, end=StopAsyncIteration):
        self.n, self.i, self.fail, self.end = n, 0, fail, end

    def __aiter__(self):
        LOG.append("aiter")
        return self

    async def __anext__(self):
        await Wait(self.i)
        if self.i == self.fail:
            raise LookupError(self.i)
        if self.i == self.n:
            raise self.end(self.n)
        self.i += 1
        return self.i

    def __del__(self):
        LOG.append("numbers die")


class Ready:
    """Its __anext__ is no coroutine and awaits nothing."""

    def __init__(self, items):
        self.items = iter(items)

    def __aiter__(self):
        return self

    def __anext__(self):
        return Done(next(self.items, Ready))


class Done:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        if self.value is Ready:
            raise StopAsyncIteration
        return self.value
        yield


class SubStop(StopAsyncIteration):
    pass


async def countdown(n, swallow=False):
    try:
        while n:
            try:
                received = yield n
                if received is not None:
                    n += received
                await Wait(("inside", n))
            except ValueError as error:
                if not swallow:
                    raise
                LOG.append(("swallowed", error.args))
            n -= 1
    finally:
        await Wait("cleaning up")
        LOG.append(("closed", n))


async def total(source):
    sum = 0
    async for x in source:
        if x == 99:
            break
        if x % 2:
            continue
        sum += x
    else:
        sum += 0.5
    return sum


async def find(source, wanted):
    async for x in source:
        async for y in Ready([x, -x]):
            if y == wanted:
                return x, y
    return "not there"


async def pairs(n):
    return [(x, y) async for x in Numbers(n) if x != 2 async for y in Ready(range(x))]


async def collections_of(n):
    a = {x % 3 async for x in Numbers(n)}
    b = {x: await Wait(x * x) async for x in countdown(n)}
    c = (x async for x in Ready("abc"))
    return sorted(a), b, [x + x async for x in c], [await Wait(x) for x in range(3)]


async def guarded(source):
    got = []
    try:
        async for x in source:
            got.append(x)
    except (LookupError, StopAsyncIteration, RuntimeError, ValueError) as error:
        got.append((type(error).__name__, error.args))
        async for x in Ready([7]):
            got.append(x)
        raise KeyError("after") from error
    finally:
        got.append("finally")
        LOG.append(got)
    return got


async def by_hand(n):
    source = countdown(n, swallow=True)
    out = [await anext(source), await source.asend(None), await source.asend(3)]
    out.append(await source.athrow(ValueError("thrown in")))
    await source.aclose()
    out.append(await anext(source, "exhausted"))
    return out


def drive(coroutine, *sends):
    """Runs to the end; what is awaited meanwhile, and the result or the exception with its lines."""
    seen, sends = [], list(sends)
    try:
        waited = coroutine.send(None)
        while True:
            seen.append(waited)
            waited = coroutine.send(sends.pop() if sends else None)
    except StopIteration as stop:
        return len(seen), stop.value
    except Exception as error:
        trace, lines = error.__traceback__, []
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
            trace = trace.tb_next
        return seen, type(error).__name__, error.args, repr(error.__cause__), lines


def main():
    makers = [
        lambda: total(Numbers(6)),
        lambda: total(Ready(range(9))),
        lambda: total(countdown(5)),
        lambda: total(Ready([2, 99, 4])),
        lambda: find(Numbers(5), -4),
        lambda: find(countdown(4), 9),
        lambda: pairs(4),
        lambda: collections_of(4),
        lambda: guarded(Numbers(3)),
        lambda: guarded(Numbers(3, end=SubStop)),
        lambda: guarded(Numbers(3, fail=2)),
        lambda: guarded(Numbers(3, end=StopIteration)),
        lambda: guarded(countdown(2)),
        lambda: by_hand(4),
    ]
    runs = []
    for _ in range(25):
        del LOG[:]
        runs.append(([drive(make()) for make in makers], LOG[:]))
    out = [runs[0], all(run == runs[0] for run in runs)]
    out.append(drive(total(Numbers(3)), 5, 4))
    for number in range(4):
        # left in the middle, and destroyed there
        started = guarded(Numbers(3))
        for _ in range(number):
            started.send(None)
        started.close()
        out.append(LOG[-2:])
    del started
    out.append(LOG[-3:])
    del LOG[:]
    return out


RESULT = main()
