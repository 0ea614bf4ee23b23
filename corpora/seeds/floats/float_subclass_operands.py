"""Float subclasses at float-specialised sites: overridden operators must run.

Also: a subclass that overrides nothing gives exact floats, and the box of a
subclass instance must never be reused for a result.
"""

LOG = []


class Plain(float):
    pass


class Metered(float):
    def __mul__(self, other):
        LOG.append(("mul", float(self), float(other)))
        return Metered(float(self) * float(other))

    __rmul__ = __mul__

    def __add__(self, other):
        LOG.append(("add", float(self), float(other)))
        return Metered(float(self) + float(other))

    def __eq__(self, other):
        LOG.append(("eq", float(self), float(other)))
        return float.__eq__(self, other)

    __hash__ = float.__hash__


def fused(a, b, c):
    return a * b + c


def equal(a, b):
    if a == b:
        return 1
    return 0


def describe(value):
    return type(value).__name__, float(value)


def main():
    for i in range(150):
        fused(i * 0.5, 2.0, 1.0)
        equal(i * 0.5, 10.0)
    out = []
    kinds = (float, Plain, Metered)
    for x in kinds:
        for y in kinds:
            for z in kinds:
                a, b, c = x(1.5), y(2.5), z(0.5)
                out.append(describe(fused(a, b, c)))
                out.append((describe(a), describe(b), describe(c)))
            out.append(equal(x(1.0), y(1.0)))
    return out, len(LOG)


RESULT = main()
