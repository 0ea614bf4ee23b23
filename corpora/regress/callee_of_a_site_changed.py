"""A direct call used the new callee's code with the old callee's plan of parameters.

The call site was specialised again for another callee while older code of the caller was running:
that code then took the new callee for the one that it was compiled for.
"""

LOG = []


def one(a):
    return ("one", a)


def with_default(a, b="b"):
    return ("with default", a, b)


def three(a, b="b3", c="c3"):
    local = [a, b, c]
    return ("three", local)


def many(a, b=1, c=2, d=3, e=4):
    x = a, b
    y = c, d
    return ("many", x, y, e)


def no_plan(*a, k=5):
    return ("no plan", a, k)


FUNCTIONS = [one, with_default, three, many, no_plan]


def call(function, n):
    out = None
    for i in range(n):
        out = function(i)
    return out


def nested(functions, depth):
    # The outer activation is still in old code when the inner one makes the site change.
    function = functions[depth % len(functions)]
    if depth:
        inner = nested(functions, depth - 1)
    else:
        inner = None
    return (function(depth), inner)


class Holder:
    def method(self, a):
        return ("method", a)


def by_method(holder, n):
    return [holder.method(i) for i in range(n)][-1]


def main():
    out = []
    for _ in range(30):
        for function in FUNCTIONS:
            last = call(function, 6)
    out.append(last)
    for function in FUNCTIONS * 3:
        out.append(call(function, 30))
    for depth in (3, 9, 27):
        for _ in range(20):
            last = nested(FUNCTIONS, depth)
        out.append(last)
    holder = Holder()
    for _ in range(60):
        last = by_method(holder, 3)
    Holder.method = lambda self, a, b=7: ("replaced", a, b)
    out.append((last, by_method(holder, 3)))
    Holder.method = staticmethod(with_default)
    out.append(by_method(holder, 3))
    one.__code__ = (lambda a: ("new code", a)).__code__
    out.append(call(one, 30))
    with_default.__defaults__ = ("x",)
    out.append(call(with_default, 30))
    return out


RESULT = main()
