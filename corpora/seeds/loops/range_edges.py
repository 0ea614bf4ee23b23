"""FOR_ITER over range: steps, empty ranges, bounds beyond C long, reused names.

The range iterator is often kept in registers; the loop variable is a new object
each time, stays bound after the loop, and assigning it changes nothing.
"""

LOG = []


def total(*args):
    n = 0
    for i in range(*args):
        n += i
    return n


def literal(n):
    total = 0
    for i in range(0, n, 3):
        total += i
    for i in range(n, 0, -2):
        total -= i
    return total, i


def last(n):
    i = "unset"
    for i in range(n):
        pass
    return i


def assigned(n):
    seen = []
    for i in range(n):
        i = i * 10
        seen.append(i)
        i += 1
    return seen, i


def unbound(n):
    for i in range(n):
        pass
    try:
        return i
    except UnboundLocalError as error:
        return str(error)


def nested(n):
    pairs = []
    for i in range(n):
        for i in range(i):
            pairs.append(i)
        pairs.append(-i)
    return pairs


def shared(n):
    r = range(n)
    it = iter(r)
    first = [x for x in it if x < 2]
    return first, list(it), list(r), len(r)


def by_variable(start, stop, step):
    return list(range(start, stop, step))


def main():
    out = []
    for n in range(1, 60):
        out.append((total(n), literal(n), last(n), unbound(n)))
        if n < 8:
            out.append((assigned(n), nested(n), shared(n)))
    out.append((last(0), unbound(0), total(0)))
    big = 2**63
    for args in (
        (big - 2, big + 2),
        (-big - 1, -big + 2),
        (big, big - 4, -2),
        (0, 10**30, 10**29),
        (5, 5),
        (5, 4),
        (0, -5, -1),
        (True, 4, True),
        (2**31 - 2, 2**31 + 2),
        (-(2**31) - 2, -(2**31) + 1),
    ):
        out.append((total(*args), by_variable(*args, 1) if len(args) == 2 else by_variable(*args)))
    for args in ((1, 2, 0), (1.0,), ("a",), ()):
        try:
            total(*args)
        except (TypeError, ValueError) as error:
            out.append(str(error))
    return out


RESULT = main()
