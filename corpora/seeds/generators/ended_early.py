"""Generators that never finish: closed, thrown into, forgotten in cycles, left by break, stubborn.

Whatever ends a frame other than its return has to release its operands, exactly once.
"""

import gc


class Obj:
    alive = 0

    def __init__(self, n=0):
        Obj.alive += 1
        self.n = n

    def __del__(self):
        Obj.alive -= 1


class Boom(Exception):
    pass


def gen(n, o):
    held = [o, Obj(n)]
    for i in range(n):
        x = (Obj(i), (yield (i, held)))
    return held


def wrapped(n, o):
    try:
        r = yield from gen(n, o)
        yield r
    finally:
        Obj(3)


def swallow(n, o):
    for i in range(n):
        try:
            yield from gen(3, o)
        except Boom as e:
            yield e
        except GeneratorExit:
            return


def stubborn(o):
    while True:
        try:
            yield o
        except GeneratorExit:
            yield "no"
            return


def raising(n, o):
    for i in range(n):
        yield (o, Obj(), i)
    raise Boom(o, Obj())


def stops(o):
    yield o
    raise StopIteration(o)


def drive(k):
    o = Obj(k)
    out = []
    g = gen(5, o)
    next(g)
    next(g)  # never finished
    g = wrapped(5, o)
    next(g)
    g.close()
    g = wrapped(5, o)
    next(g)
    try:
        g.throw(Boom(Obj()))
    except Boom:
        out.append(1)
    g = swallow(3, o)
    next(g)
    out.append(type(g.throw(Boom(Obj()))).__name__)
    next(g)
    g.close()
    g = stubborn(o)
    next(g)
    try:
        g.close()
    except RuntimeError as e:
        out.append(str(e))
    try:
        for x, y, z in raising(4, o):
            pass
    except Boom as e:
        out.append(len(e.args))
    try:
        list(stops(o))
    except RuntimeError as e:
        out.append(str(e))
    try:
        [*raising(2, o)]
    except Boom:
        pass
    try:
        a, b = raising(5, o)
    except ValueError as e:
        out.append(str(e))
    try:
        a, *b, c, d, e, f, h = raising(2, o)
    except Boom as e:
        pass
    cyc = []
    g = gen(4, cyc)
    cyc.append(g)
    next(g)  # cycle
    g = gen(3, o)
    next(g)
    try:
        g.send(1)
        g.send(Obj())
        g.send(3)
    except StopIteration as e:
        out.append(len(e.value))
    try:
        gen(3, o).send(1)
    except TypeError as e:
        out.append(str(e))
    for x in gen(3, o):
        for y in gen(3, x):
            break
    for x in raising(3, o):
        if x[2] == 1:
            break
    else:
        pass
    return out


def main():
    runs = [drive(k % 3) for k in range(40)]
    gc.collect()
    return runs[-3:], all(run == runs[i % 3] for i, run in enumerate(runs)), Obj.alive


RESULT = main()
