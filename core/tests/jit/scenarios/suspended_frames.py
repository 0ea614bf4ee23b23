"""Generators and coroutines suspended and resumed in compiled code, and looked at meanwhile."""
import gc
import inspect
import sys
import types
import weakref

LOG = []


def counter(n, step):
    i = 0
    total = step * 0
    while i < n:
        total += step * i
        got = yield total
        if got is not None:
            LOG.append(("got", got))
            step = got
        i += 1
    return total


def delegating(n):
    result = yield from counter(n, 1)
    LOG.append(("returned", result))
    try:
        yield from iter([10, 20])
    except KeyError as error:
        yield ("caught", error.args)
    finally:
        LOG.append("finally")
    yield from ()


def deep(n):
    if n:
        yield from deep(n - 1)
        yield n
    else:
        yield [inspect.currentframe().f_lineno]


def types_change(values):
    for value in values:
        yield value + value


def names_of(error):
    out, tb = [], error.__traceback__
    while tb:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    return out


def throws(make, advance, error):
    made = make()
    for _ in range(advance):
        next(made)
    try:
        return "yielded", made.throw(error), list(made)
    except BaseException as raised:
        return type(raised).__name__, raised.args, names_of(raised), made.gi_frame is None


def raises_stop():
    yield 1
    raise StopIteration("inside")


def reenters():
    try:
        yield next(current[0])
    except ValueError as error:
        yield str(error)


current = [None]


def looks_at_itself():
    me = current[0]
    yield me.gi_running, me.gi_suspended, me.gi_yieldfrom is None, me.gi_frame.f_lineno
    local = "kept"
    yield sorted(me.gi_frame.f_locals), local


def states():
    made = delegating(2)
    out = [inspect.getgeneratorstate(made), made.gi_yieldfrom]
    next(made)
    out += [inspect.getgeneratorstate(made), made.gi_yieldfrom.__name__]
    out += [made.gi_frame.f_lineno, sorted(made.gi_frame.f_locals.items())[0]]
    out += [list(made), inspect.getgeneratorstate(made), made.gi_frame]
    return out


class Node:
    pass


def dies_suspended():
    node = Node()
    node.me = (lambda kept: (yield kept))(node)
    next(node.me)
    return weakref.ref(node)


def unfinished():
    try:
        yield 1
    finally:
        LOG.append("closed by its destructor")


def keeps_frame():
    kept = ["local"]
    yield sys._getframe()
    kept.append("more")


def outlives():
    made = keeps_frame()
    frame = next(made)
    list(made)
    return frame.f_locals, frame.f_back


def sent_too_early():
    try:
        return counter(3, 1).send(5)
    except TypeError as error:
        return str(error)


@types.coroutine
def switch(value):
    return (yield value)


async def leaf(n):
    got = await switch(n)
    if got == "raise":
        raise LookupError(n)
    return got


async def branch(n):
    try:
        return [await leaf(i) for i in range(n)]
    except LookupError as error:
        return names_of(error)


class Managed:
    async def __aenter__(self):
        return await switch("enter")

    async def __aexit__(self, kind, error, tb):
        LOG.append((kind.__name__ if kind else None, await switch("exit")))
        return True


async def ticks(n):
    try:
        for i in range(n):
            yield await switch(i)
    finally:
        LOG.append("ticks ended")


async def everything():
    out = [await branch(3)]
    async with Managed() as entered:
        out.append(entered)
        async for tick in ticks(3):
            out.append(tick)
        raise KeyError("swallowed")
    out.append([tick async for tick in ticks(2) if tick])
    return out


def drive(coroutine, answers):
    sent, asked = None, []
    try:
        while True:
            asked.append(coroutine.send(sent))
            sent = answers(len(asked))
    except StopIteration as stop:
        return stop.value, asked


def awaited_twice():
    coroutine = leaf(1)
    drive(coroutine, str)
    try:
        coroutine.send(None)
    except RuntimeError as error:
        return str(error)


def origin():
    sys.set_coroutine_origin_tracking_depth(2)
    try:
        coroutine = leaf(1)
        return [entry[1:] for entry in coroutine.cr_origin]
    finally:
        coroutine.close()
        sys.set_coroutine_origin_tracking_depth(0)


def traced():
    events = []

    def tracer(frame, event, arg):
        if frame.f_code.co_name == "counter":
            events.append((event, frame.f_lineno))
        return tracer

    made = counter(4, 1)
    out = [next(made), next(made)]
    sys.settrace(tracer)
    out.append(next(made))
    sys.settrace(None)
    return out + list(made), events


def too_deep():
    sys.setrecursionlimit(150)
    try:
        return sum(x for x in deep(400) if type(x) is int)
    except RecursionError:
        return "RecursionError"
    finally:
        sys.setrecursionlimit(1000)


def main():
    for round_ in range(30):
        result = [list(counter(5, s)) for s in (1, 2.5, 1 << 70)]
        made = counter(4, 1)
        result += [next(made), made.send(3.5), list(made), list(delegating(3))]
        result += [sum(x for x in deep(20) if type(x) is int)]
        result += [list(types_change([1, 2.5, "s", [1], (2,), 1 << 40]))]
        for make in (lambda: counter(3, 1), lambda: delegating(1), lambda: deep(4)):
            for advance in range(4):
                result.append(throws(make, advance, KeyError("thrown")))
                result.append(throws(make, advance, GeneratorExit()))
        result.append(throws(raises_stop, 1, KeyError()) if round_ % 2 else list(delegating(0)))
        try:
            list(raises_stop())
        except RuntimeError as error:
            result.append((str(error), repr(error.__cause__), names_of(error)))
        current[0] = reenters()
        result.append(list(current[0]))
        current[0] = looks_at_itself()
        result += [list(current[0]), states(), outlives(), sent_too_early()]
        dead = dies_suspended()
        gc.collect()
        result.append(dead() is None)
        next(unfinished())
        result.append(drive(everything(), str))
        result.append(drive(branch(3), lambda n: "raise" if n == 2 else n))
        result += [awaited_twice(), origin(), traced(), too_deep()]
    print(*result, LOG[-12:], len(LOG), sep="\n")


main()
