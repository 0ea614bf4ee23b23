"""Coroutines that are closed, or thrown into, at each of their suspensions, and that raise there.

Asynchronous generators and context managers between the two ends have to let go of what they hold.
"""

import gc
import sys


class Obj:
    alive = 0

    def __init__(self, n=0):
        Obj.alive += 1
        self.n = n

    def __del__(self):
        Obj.alive -= 1


class Boom(Exception):
    pass


async def coro(o, k):
    class CM:
        async def __aenter__(self):
            return Obj()

        async def __aexit__(self, *a):
            await Aw(o, k)
            return k % 2

    async with CM() as x:
        async for y in agen(o, k):
            await Aw(y, k)
            if k == 3:
                raise Boom(o, Obj())
    return [z async for z in agen(o, 0)]


class Aw:
    def __init__(self, o, k):
        self.o = o
        self.k = k

    def __await__(self):
        yield self.o
        if self.k == 4:
            raise Boom(self.o)
        return Obj()


async def agen(o, k):
    try:
        for i in range(4):
            yield (o, Obj(i))
            await Aw(o, k)
    finally:
        Obj()


def run(c, limit):
    try:
        for i in range(limit):
            c.send(None)
    except StopIteration as e:
        return len(e.value or ())
    except Boom as e:
        return "boom"
    if limit % 3 == 0:
        try:
            c.throw(Boom(Obj()))
        except (Boom, StopIteration):
            pass
    try:
        c.close()
    except RuntimeError as e:
        return str(e)
    return "cut"


def main():
    sys.set_asyncgen_hooks(None, None)
    runs = [[run(coro(Obj(), k), n) for k in range(6) for n in range(9)] for _ in range(5)]
    gc.collect()
    return runs[0], all(run == runs[0] for run in runs), Obj.alive


RESULT = main()
