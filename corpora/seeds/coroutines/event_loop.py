"""An event loop of a page: tasks, futures, sleeping, gathering, cancelling, timing out.

Chains of awaits are suspended and resumed many times and in turns, exceptions
are thrown into the innermost frame, and tasks end while others wait for them.
"""

import heapq
import sys

LOG = []


class Cancelled(BaseException):
    pass


class Future:
    def __init__(self, loop):
        self.loop, self.done, self.value, self.error, self.waiting = loop, False, None, None, []

    def __await__(self):
        if not self.done:
            yield self
        if self.error is not None:
            raise self.error
        return self.value

    def finish(self, value=None, error=None):
        if not self.done:
            self.done, self.value, self.error = True, value, error
            self.loop.ready += [(task, None) for task in self.waiting]
            self.waiting = []


class Task(Future):
    def __init__(self, loop, coroutine, name):
        super().__init__(loop)
        self.coroutine, self.name, self.steps, self.waits_for = coroutine, name, 0, None
        loop.ready.append((self, None))

    def step(self, error):
        if self.done:
            return
        self.steps += 1
        try:
            if error is None:
                future = self.coroutine.send(None)
            else:
                future = self.coroutine.throw(error)
        except StopIteration as stop:
            self.finish(stop.value)
        except (Exception, Cancelled) as raised:
            self.finish(error=raised)
        else:
            self.waits_for = future
            if future.done:
                self.loop.ready.append((self, None))
            else:
                future.waiting.append(self)

    def cancel(self):
        if not self.done:
            if self.waits_for is not None and self in self.waits_for.waiting:
                self.waits_for.waiting.remove(self)
            self.loop.ready.append((self, Cancelled(self.name)))


class Loop:
    def __init__(self):
        self.ready, self.timers, self.now, self.counter = [], [], 0, 0

    def task(self, coroutine, name=None):
        return Task(self, coroutine, name or coroutine.__name__)

    def sleep(self, delay, value=None):
        future = Future(self)
        self.counter += 1
        heapq.heappush(self.timers, (self.now + delay, self.counter, future, value))
        return future

    def run(self, coroutine):
        main = self.task(coroutine)
        while not main.done:
            while self.ready:
                task, error = self.ready.pop(0)
                task.step(error)
            if main.done:
                break
            if not self.timers:
                raise RuntimeError("deadlock")
            self.now, _, future, value = heapq.heappop(self.timers)
            future.finish(value)
        if main.error is not None:
            raise main.error
        return main.value, self.now, main.steps


async def gather(loop, *coroutines):
    tasks = [loop.task(coroutine) for coroutine in coroutines]
    results = []
    for task in tasks:
        try:
            results.append(await task)
        except Exception as error:
            results.append((type(error).__name__, str(error)))
    return results


async def within(loop, delay, coroutine):
    task = loop.task(coroutine)
    watch = loop.task(cancel_after(loop, delay, task), "watch")
    try:
        return await task
    except Cancelled as error:
        return "late", error.args
    finally:
        watch.cancel()


async def cancel_after(loop, delay, task):
    await loop.sleep(delay)
    task.cancel()


async def count(loop, n, delay, fail_at=None):
    total = 0
    for i in range(n):
        if i == fail_at:
            raise ValueError(f"at {i}")
        total += await loop.sleep(delay, i)
    return total


async def deep(loop, levels):
    """A chain of awaits, each of which adds its part on the way back."""
    if levels == 0:
        return await loop.sleep(1, 1.5)
    try:
        return levels + await deep(loop, levels - 1)
    finally:
        if levels % 4 == 0:
            LOG.append(("unwound", levels, loop.now))


async def stubborn(loop):
    try:
        await loop.sleep(50)
    except Cancelled as error:
        LOG.append(("refused", error.args, sys.exception() is error))
        await loop.sleep(1)
    return "finished anyway"


async def ping(loop, box, n):
    for i in range(n):
        box.append(("ping", i, loop.now))
        await loop.sleep(2)
    return box


async def main(loop, depth):
    first = await gather(
        loop, count(loop, 5, 1), count(loop, 3, 2, fail_at=2), deep(loop, depth), count(loop, 0, 9)
    )
    box = []
    second = await gather(loop, ping(loop, box, 3), ping(loop, box, 2))
    late = await within(loop, 5, count(loop, 10, 1))
    early = await within(loop, 5, count(loop, 2, 1))
    refused = await within(loop, 3, stubborn(loop))
    return first, second[0], late, early, refused


async def fails(loop):
    await gather(loop, count(loop, 2, 1))
    await count(loop, 3, 1, fail_at=1)


async def waits_for_nothing(loop):
    await Future(loop)


def attempt(coroutine, *args):
    loop = Loop()
    made = coroutine(loop, *args)
    try:
        return loop.run(made)
    except Exception as error:
        trace, lines = error.__traceback__, []
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
            trace = trace.tb_next
        return type(error).__name__, str(error), lines
    finally:
        made.close()


def play():
    runs = [attempt(main, 9) for _ in range(12)]
    out = [runs[0], all(run == runs[0] for run in runs)]
    out += [attempt(main, 0), attempt(main, 40)]
    for _ in range(5):
        failed = attempt(fails), attempt(waits_for_nothing)
    out.append(failed)
    del LOG[20:]
    return out


RESULT = play()
