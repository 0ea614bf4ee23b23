"""Loops over enumerate, zip, reversed, dict views, files of C iterators.

`enumerate` and `zip` reuse their result tuple when it is unique: unpacking it
at once is fine, keeping it must see a tuple that is never reused.
"""

import itertools

LOG = []


def unpacked(values):
    total = 0
    for i, x in enumerate(values, 1):
        total += i * x
    return total


def kept(values):
    pairs = []
    for pair in enumerate(values):
        pairs.append(pair)
    return pairs


def half_kept(values):
    out = []
    last = None
    for pair in zip(values, values[1:]):
        if pair[0] > 2:
            last = pair
        out.append(pair[1])
    return out, last


def strict(a, b):
    out = []
    for x, y in zip(a, b, strict=True):
        out.append(x * y)
    return out


def backwards(values):
    return [x for x in reversed(values)], [i for i in reversed(range(len(values)))]


def tools(values):
    return (
        [a + b for a, b in itertools.product(values, "xy")],
        list(itertools.chain(values, [0])),
        [x for x in itertools.islice(itertools.count(5), 3)],
        [p for p in itertools.pairwise(values)],
        [a for a, _ in zip(itertools.cycle("ab"), range(5))],
    )


def three(values):
    n = 0
    for i, (a, (b, c)) in enumerate(zip(values, zip(values, values))):
        n += a * b - c + i
    return n


def main():
    out = []
    for i in range(60):
        values = [i, 2, 3, 4]
        out.append(
            (
                unpacked(values),
                kept(values),
                half_kept(values),
                strict(values, values),
                backwards(values),
                three(values),
                tools(["p", "q"]),
            )
        )
    out = out[-1:]
    out.append(unpacked([0.5, True, 2**70]))
    for a, b in (((1, 2), (1,)), ((1,), (1, 2)), ([], [])):
        try:
            out.append(strict(a, b))
        except ValueError as error:
            out.append(str(error))
    for bad in (5, [(1, 2)], "ab", None):
        try:
            out.append(three(bad))
        except TypeError as error:
            out.append(str(error))
    return out


RESULT = main()
