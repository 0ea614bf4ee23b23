"""Generator objects alone: gi_frame, close in finally, re-entry, StopIteration.

Yields within try, with, loops and expressions, with live values on the stack;
the functions that drive them are compiled, the generators may not be.
"""

LOG = []


def stack_across_yield(a):
    return [a, (yield a), a + (yield a + 1)]


def in_try():
    while True:
        try:
            x = yield "ready"
            yield 10 // x
        except ZeroDivisionError:
            yield "zero"
        except GeneratorExit:
            LOG.append("exit")
            raise
        finally:
            LOG.append("finally")


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


def reentrant(me):
    yield next(me[0])


def stop_inside(me):
    yield 1
    raise StopIteration("leaks")


def stubborn(me):
    try:
        yield 1
    except GeneratorExit:
        yield 2


def primes(n):
    seen = []
    for k in range(2, n):
        if all(k % p for p in seen):
            seen.append(k)
            yield k


def drive_stack():
    generator = stack_across_yield(5)
    steps = [next(generator), generator.send("sent")]
    try:
        generator.send(100)
    except StopIteration as stop:
        steps.append(stop.value)
    return steps, generator.gi_frame is None


def drive_try():
    generator = in_try()
    steps = [next(generator), generator.send(5), next(generator), generator.send(0)]
    steps.append((generator.gi_frame.f_lineno, generator.gi_running))
    generator.close()
    return steps


def misbehave(make):
    me = []
    generator = make(me)
    me.append(generator)
    try:
        next(generator)
        if make is stubborn:
            generator.close()
        next(generator)
    except (ValueError, RuntimeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for _ in range(25):
        out = [drive_stack(), drive_try(), list(tree(3)), list(primes(20))]
        out.extend(misbehave(make) for make in (reentrant, stop_inside, stubborn))
    del LOG[8:]
    return out


RESULT = main()
