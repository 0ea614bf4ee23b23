# pyjit: interpreted-only: all hot code is in generators
"""Generator objects alone: gi_frame, close in finally, re-entry, StopIteration.

For the day when generators are compiled: yields within try, with, loops and
expressions, with live values on the stack.
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


def reentrant():
    yield next(ME[0])


def stop_inside():
    yield 1
    raise StopIteration("leaks")


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


ME = []


def primes(n):
    seen = []
    for k in range(2, n):
        if all(k % p for p in seen):
            seen.append(k)
            yield k


RESULT = []
for _ in range(20):
    generator = stack_across_yield(5)
    steps = [next(generator), generator.send("sent")]
    try:
        generator.send(100)
    except StopIteration as stop:
        steps.append(stop.value)
    steps.append(generator.gi_frame is None)
RESULT.append(steps)
for _ in range(10):
    generator = in_try()
    steps = [next(generator), generator.send(5), next(generator), generator.send(0), generator.gi_frame.f_lineno]
    generator.close()
RESULT.append(steps)
RESULT.append(list(tree(4)))
RESULT.append(list(primes(40)))
ME.append(reentrant())
for bad in (ME[0], stop_inside(), stubborn()):
    try:
        next(bad)
        bad.close() if bad.gi_code.co_name == "stubborn" else next(bad)
    except (ValueError, RuntimeError) as error:
        RESULT.append((type(error).__name__, str(error)))
del LOG[8:]
