# pyjit: interpreted-only: all hot code is in coroutines and generators
"""Coroutines, async for, async with and async comprehensions, driven by send.

No event loop is needed: a coroutine is driven by hand, so that every suspension
and every value that crosses it can be logged.
"""

LOG = []


class Suspend:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        received = yield self.value
        return received


class Numbers:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return await Suspend(self.n)


class Manager:
    async def __aenter__(self):
        LOG.append("enter")
        return await Suspend("entering")

    async def __aexit__(self, kind, value, traceback):
        LOG.append(("exit", kind.__name__ if kind else None))
        await Suspend("leaving")
        return kind is KeyError


async def work(n):
    total = 0
    async for x in Numbers(n):
        total += x or 1
    async with Manager() as value:
        if n == 2:
            raise KeyError("swallowed")
        total += value
    squares = [y * y async for y in Numbers(2)]
    return total, squares


async def agen(n):
    for i in range(n):
        received = yield i
        LOG.append(("agen got", received))


async def outer(n):
    first = await work(n)
    rest = [x async for x in agen(2)]
    return first, rest


def drive(coroutine):
    seen = []
    try:
        value = coroutine.send(None)
        while True:
            seen.append(value)
            value = coroutine.send(len(seen))
    except StopIteration as stop:
        return seen, stop.value
    except Exception as error:
        return seen, type(error).__name__, str(error)


RESULT = [drive(outer(n)) for n in (1, 2, 3) * 4][-3:]
never = work(1)
never.close()
RESULT.append(never.cr_frame is None)
del LOG[14:]
