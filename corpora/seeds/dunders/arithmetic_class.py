"""A numeric class with Python dunders at every operator, in hot expressions.

Slot calls into Python (`__add__`, `__radd__`, `__iadd__`, `__neg__`, …) with
temporaries dying at once; the log shows the order and the number of calls.
"""

LOG = []


class Vector:
    alive = 0

    def __init__(self, x, y):
        self.x = x
        self.y = y
        Vector.alive += 1

    def __del__(self):
        Vector.alive -= 1

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        if isinstance(k, Vector):
            return self.x * k.x + self.y * k.y
        return Vector(self.x * k, self.y * k)

    def __rmul__(self, k):
        return Vector(k * self.x, k * self.y)

    def __matmul__(self, other):
        return self.x * other.y - self.y * other.x

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __iadd__(self, other):
        LOG.append("iadd")
        self.x += other.x
        self.y += other.y
        return self

    def __eq__(self, other):
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __abs__(self):
        return abs(self.x) + abs(self.y)

    def __bool__(self):
        return self.x != 0 or self.y != 0

    def __repr__(self):
        return f"V({self.x}, {self.y})"


def step(p, v, dt):
    return p + v * dt - -v * (dt * 0.5) + 2 * v


def accumulate(vectors):
    total = Vector(0, 0)
    same = total
    for v in vectors:
        total += v
    return total is same, repr(total), total @ same, total * total


def main():
    out = []
    for i in range(60):
        out.append(repr(step(Vector(i, 0), Vector(1, 2), 2)))
        out.append(accumulate([Vector(1, i), Vector(2, 3)]))
        out.append((Vector(0, i) == Vector(0, 5), bool(Vector(0, 0)), abs(Vector(-1, i))))
        out.append(Vector.alive)
    out = out[-4:]
    out.append(repr(step(Vector(0.5, 1), Vector(True, 2**64), 3)))
    for function in (
        lambda: Vector(1, 2) + 1,
        lambda: 1 + Vector(1, 2),
        lambda: Vector(1, 2) - 5,
        lambda: sum([Vector(1, 2)]),
        lambda: Vector(1, 2) @ None,
        lambda: ~Vector(1, 2),
    ):
        try:
            out.append(repr(function()))
        except (TypeError, AttributeError) as error:
            out.append(str(error))
    out.append(Vector.alive)
    return out, len(LOG)


RESULT = main()
