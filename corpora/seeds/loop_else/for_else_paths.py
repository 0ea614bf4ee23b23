"""`else` of for and while: reached by exhaustion, not by break, return or raise.

The else block is the target of FOR_ITER's jump; break must pop the iterator
first, also from inside try, with and nested loops.
"""

LOG = []


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        LOG.append(("exit", exc[0] is not None))
        return False


def find(values, x):
    for i, value in enumerate(values):
        if value == x:
            break
    else:
        return -1
    return i


def prime(n):
    k = 2
    while k * k <= n:
        if n % k == 0:
            kind = "composite"
            break
        k += 1
    else:
        kind = "prime"
    return n, kind


def in_try(values):
    out = []
    for value in values:
        try:
            if value < 0:
                break
            if value == 0:
                continue
            out.append(10 // value)
        except TypeError:
            out.append("type")
            break
        finally:
            out.append("f")
    else:
        out.append("else")
    return out


def in_with(values):
    for value in values:
        with Manager():
            if value == 1:
                continue
            if value == 2:
                break
            if value == 3:
                return "returned"
    else:
        return "else"
    return "broken"


def nested(n):
    out = []
    for i in range(n):
        for j in range(n):
            if j == i:
                break
            if j > 2:
                continue
            out.append((i, j))
        else:
            out.append("inner else")
        if i == 3:
            break
    else:
        out.append("outer else")
    return out


def main():
    out = []
    for i in range(60):
        out.append((find([1, 2, 3], i % 5), prime(i + 2), nested(i % 6)))
        out.append((in_try([1, 0, 2]), in_with([1, i % 5])))
    del LOG[15:]
    out = out[-12:]
    for values in ([], [1, -1, 2], [0, 0], ["x", 1], [None], [5, "x"]):
        try:
            out.append(in_try(values))
        except TypeError as error:
            out.append(str(error))
    for values in ([], [1], [2], [3], [1, 2], [4, 3], None):
        try:
            out.append(in_with(values))
        except TypeError as error:
            out.append(str(error))
    return out


RESULT = main()
