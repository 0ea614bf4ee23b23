"""Comparison operators may return anything, also objects that are not bools.

`if a < b` then asks the result for its truth; a fused compare-and-jump must
not skip that, and a compare in value position must hand the object through.
"""

LOG = []


class Verdict:
    def __init__(self, text):
        self.text = text

    def __bool__(self):
        LOG.append(("bool", self.text))
        return self.text.endswith("yes")


class Item:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        LOG.append(("lt", self.n))
        return Verdict(f"{self.n} yes")

    def __eq__(self, other):
        LOG.append(("eq", self.n))
        return Verdict(f"{self.n} no")

    def __ge__(self, other):
        return NotImplemented

    __hash__ = None


def less(a, b):
    return a < b


def branch(a, b):
    if a < b:
        return "less"
    if a == b:
        return "equal"
    if a != b:
        return "different"
    return "none"


def at_least(a, b):
    return a >= b


def attempt(function, a, b):
    try:
        result = function(a, b)
    except TypeError as error:
        return str(error)
    return result.text if isinstance(result, Verdict) else result


def main():
    for i in range(120):
        less(i, 60)
        branch(i, 60)
        at_least(i, 60)
    out = []
    values = (1, 2.0, "s", None, Item(1), Item(2), (1, 2), [1])
    for a in values:
        for b in values:
            for function in (less, branch, at_least):
                out.append(attempt(function, a, b))
    return out, len(LOG)


RESULT = main()
