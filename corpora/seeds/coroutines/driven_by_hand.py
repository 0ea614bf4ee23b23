"""Coroutines, async for, async with and async comprehensions, driven by send.

`drive` is compiled as well, and resumes compiled frames several levels deep. No
event loop is needed, and every crossing is logged.
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


async def failing(n):
    await Suspend(n)
    return 1 // (n - n)


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
        lines = []
        tb = error.__traceback__
        while tb is not None:
            lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
            tb = tb.tb_next
        return seen, type(error).__name__, str(error), lines


def main():
    out = []
    for i in range(15):
        out = [drive(outer(n)) for n in (1, 2, 3)]
        out.append(drive(failing(i)))
    never = work(1)
    never.close()
    out.append(never.cr_frame is None)
    del LOG[14:]
    return out


RESULT = main()
