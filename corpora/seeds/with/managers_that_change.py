"""Context managers whose class or state changes while they are open.

The bound `__exit__` is on the stack from the start: replacing it on the class in
the body has no effect on this block but on the next one.
"""

import contextlib

LOG = []


class Lock:
    depth = 0

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, *exc):
        self.depth -= 1
        LOG.append("old exit")
        return False


def replaced_inside(lock):
    with lock:
        Lock.__exit__ = lambda self, *exc: LOG.append("new exit")
    with lock:
        pass
    Lock.__exit__ = ORIGINAL
    return lock.depth


def reassigned(lock):
    with lock as lock:
        lock = None
    return lock


def nested_same(lock):
    with lock, lock:
        with lock:
            return lock.depth


def into_targets(lock, table, holder):
    with lock as table["key"], lock as holder.attribute, lock as (holder.a, *holder.rest):
        return "never"


class Iterable(Lock):
    def __enter__(self):
        return iter((1, 2, 3))


class Holder:
    pass


@contextlib.contextmanager
def generated(name):
    LOG.append(("begin", name))
    try:
        yield name * 2
    except KeyError as error:
        LOG.append(("swallowed", error.args))
    finally:
        LOG.append(("end", name))


def use_generated(fail):
    with generated("g") as value:
        if fail:
            raise fail(value)
        return value
    return "swallowed"


def stacked(n):
    with contextlib.ExitStack() as stack:
        for i in range(n):
            stack.callback(LOG.append, i)
        return stack.enter_context(generated("s"))


ORIGINAL = Lock.__exit__


def main():
    out = []
    for i in range(40):
        lock = Lock()
        out.append(
            (
                replaced_inside(lock),
                reassigned(lock),
                nested_same(Lock()),
                use_generated(None),
                stacked(2),
            )
        )
    out = out[-1:]
    del LOG[20:]
    out.append(use_generated(KeyError))
    try:
        use_generated(ValueError)
    except ValueError as error:
        out.append(error.args)
    try:
        into_targets(Lock(), {}, Holder())
    except TypeError as error:
        out.append(str(error))
    out.append(into_targets(Iterable(), {}, Holder()))
    return out


RESULT = main()
