"""A list that grows, shrinks or is replaced under a running `for` loop.

The inline list iteration may not cache the length or the items pointer over
the loop body; an exhausted iterator stays exhausted when the list grows again.
"""

LOG = []


def grow(values, limit):
    seen = []
    for value in values:
        seen.append(value)
        if len(values) < limit:
            values.append(value * 10)
    return seen


def shrink(values):
    seen = []
    for value in values:
        seen.append(value)
        if value % 2:
            values.remove(value)
    return seen, values


def clear(values, at):
    seen = []
    for i, value in enumerate(values):
        seen.append(value)
        if i == at:
            values.clear()
            values.extend("xyz")
    return seen


def by_callee(values, callee):
    total = 0
    for value in values:
        total += value
        callee(values)
    return total


def exhausted(values):
    iterator = iter(values)
    first = [value for value in iterator]
    values.append(99)
    return first, list(iterator)


def nested(values):
    pairs = []
    for a in values:
        for b in values:
            pairs.append((a, b))
            if len(values) < 5:
                values.insert(0, a + b)
    return len(pairs), values


def pop_one(values):
    if len(values) > 3:
        values.pop()


def nothing(values):
    return None


def main():
    out = []
    for i in range(70):
        out.append(grow([1, 2], 3 + i % 6))
        out.append(shrink(list(range(i % 9))))
        out.append(clear([1, 2, 3, 4], i % 5))
        out.append(by_callee([1, 2, 3, 4, 5, 6], nothing if i < 60 else pop_one))
        out.append(exhausted([1, 2]))
        out.append(nested([1, 2]))
    return out


RESULT = main()
