"""Generators call compiled code and are driven by it; callees look at compiled frames."""
import gc
import inspect
import sys
import traceback
import warnings
import weakref


def leaf(x):
    if x == "boom":
        raise ValueError(x)
    return x * 2


def generator(n):
    try:
        for i in range(n):
            got = yield leaf(i)
            if got is not None:
                yield leaf(got)
    except KeyError as error:
        yield leaf(str(error))
    finally:
        LOG.append(leaf("finally"))


LOG = []


def drive(n, what):
    made = generator(n)
    out = [next(made), next(made)]
    if what == "send":
        out.append(made.send("sent"))
    elif what == "throw":
        out.append(made.throw(KeyError("k")))
    elif what == "close":
        made.close()
    elif what == "boom":
        try:
            made.send("boom")
        except ValueError as error:
            names = []
            tb = error.__traceback__
            while tb:
                names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
                tb = tb.tb_next
            out.append(names)
    elif what == "list":
        out.extend(made)
    return out


def look(depth):
    frame = sys._getframe(1)
    out = []
    for _ in range(depth):
        out.append((frame.f_code.co_name, frame.f_lineno, sorted(frame.f_locals.items())))
        frame = frame.f_back
    return out


def inner(a):
    b = a + 1
    seen = look(2)
    c = b
    return seen, c


def outer(a):
    d = [a]
    seen, c = inner(a)
    d.append(c)
    return seen, d


def keeps_frame(value):
    local = [value]
    frame = sys._getframe()
    return frame


def uses_kept(value):
    frame = keeps_frame(value)
    before = sorted(key for key in frame.f_locals)
    kept = frame.f_locals["local"], frame.f_back.f_code.co_name if frame.f_back else None
    frame.clear()
    return before, kept, frame.f_lineno, sorted(frame.f_locals)


class Node:
    pass


def cycle():
    node = Node()
    node.self = node
    node.frame = sys._getframe()
    return weakref.ref(node)


def exception_cycle():
    node = Node()
    try:
        leaf("boom")
    except ValueError as error:
        kept = error
    return weakref.ref(node), kept is not None


def stack_names():
    return [entry.function for entry in inspect.stack(0)][:3]


def calls_stack():
    x = 1
    names = stack_names()
    return names, x


def warns():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        warn_here()
    return [(w.lineno, str(w.message)) for w in seen]


def warn_here():
    warnings.warn("careful", stacklevel=2)


def formats():
    try:
        return leaf("boom")
    except ValueError:
        return traceback.format_exc().splitlines()[1:]


def main():
    gc.disable()
    for i in range(40):
        result = [
            drive(4, what) for what in ("send", "throw", "close", "boom", "list")
        ]
        result += [outer(i), uses_kept(i), calls_stack(), warns(), formats()]
        dead = cycle(), exception_cycle()[0]
        alive = [reference() is None for reference in dead]
        gc.collect()
        result.append((alive, [reference() is None for reference in dead]))
    print(*result, LOG[-5:], len(LOG), sep="\n")


main()
