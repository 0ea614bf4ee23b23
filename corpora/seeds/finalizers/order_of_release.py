"""Locals are released in slot order at return; arguments after; results survive.

Frame clearing, container clearing and the result's own references: the order of
finalisers is what the interpreter's is.
"""

LOG = []


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(self.name)


def locals_in_order(a):
    z = D("z")
    y = D("y")
    x = D("x")
    return "done"


def result_is_local():
    kept = D("kept")
    other = D("other")
    return kept


def swapped(a, b):
    a, b = b, a
    return None


def cells():
    c = D("cell")
    p = D("plain")

    def inner():
        return c

    return inner


def containers():
    values = [D("l0"), D("l1"), [D("nested")]]
    table = {"a": D("d0"), "b": D("d1")}
    pair = (D("t0"), D("t1"))
    del values
    LOG.append("list gone")
    table.clear()
    LOG.append("dict cleared")
    pair = None
    LOG.append("tuple gone")


def by_exception():
    before = D("before")
    try:
        inside = D("inside")
        raise ValueError(D("argument"))
    except ValueError:
        LOG.append("handler")
    LOG.append("after")


def loop_variable(n):
    for d in [D(f"i{i}") for i in range(n)]:
        LOG.append("body")
    LOG.append("loop over")


def arguments():
    return take(D("p0"), D("p1"), k=D("kw"))


def take(a, b, *, k):
    a = None
    LOG.append("a cleared")
    return None


def main():
    for _ in range(30):
        locals_in_order(D("argument a"))
        LOG.append("-")
        result = result_is_local()
        LOG.append("have result")
        result = None
        swapped(D("sa"), D("sb"))
        LOG.append("-")
        function = cells()
        LOG.append("have closure")
        function = None
        containers()
        by_exception()
        loop_variable(2)
        arguments()
    n = len(LOG)
    part = LOG[: n // 30]
    same = all(LOG[k : k + n // 30] == part for k in range(0, n, n // 30))
    LOG[:] = part
    return n, same


RESULT = main()
