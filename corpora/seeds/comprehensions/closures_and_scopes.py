"""Comprehensions are functions of their own in 3.11: cells, names, leaks.

The outermost iterable is evaluated outside, everything else inside; the loop
variable does not leak, and lambdas made inside share one cell.
"""

LOG = []


def squares(n):
    return [i * i for i in range(n)]


def captured(n, k):
    return [i * k for i in range(n) if i % k]


def lambdas(n):
    functions = [lambda: i for i in range(n)]
    return [function() for function in functions]


def frozen(n):
    functions = [lambda i=i: i for i in range(n)]
    return [function() for function in functions]


def shadowed(i):
    values = [i for i in range(i)]
    return i, values


def nested(n):
    return [[i * j for j in range(i)] for i in range(n)], [
        (i, j) for i in range(n) for j in range(i, n)
    ]


def walrus(values):
    kept = [last := value for value in values if value > 2]
    return kept, last


def mappings(n):
    return (
        {i: str(i) for i in range(n)},
        sorted({i % 3 for i in range(n)}),
        {i: {j for j in (i,)} for i in (1, 2)},
    )


class Namespace:
    size = 3
    values = [i for i in range(size)]


def order(n):
    return {LOG.append(("key", i)) or i: LOG.append(("value", i)) or -i for i in range(n)}


def main():
    out = []
    for i in range(60):
        out.append(squares(i % 7))
        out.append(captured(i % 9, 2 + i % 3))
        out.append(lambdas(3))
        out.append(frozen(3))
        out.append(shadowed(i % 5))
        out.append(nested(i % 4))
        out.append(walrus([1, 2, 3, 4]))
        out.append(mappings(i % 5))
    out = out[-16:]
    out.append(order(3))
    out.append(Namespace.values)
    try:
        walrus([1])
    except UnboundLocalError as error:
        out.append(str(error))
    try:
        captured(3, 0)
    except ZeroDivisionError as error:
        out.append(str(error))
    return out


RESULT = main()
