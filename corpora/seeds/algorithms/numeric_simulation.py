"""Bodies under gravity, matrices and a spline: float code as people write it.

Attributes hold floats that are read, combined and stored back; only operations
that are exact on every machine are used (no libm beyond sqrt).
"""

from math import sqrt

LOG = []


class Body:
    def __init__(self, x, y, vx, vy, mass):
        self.x, self.y, self.vx, self.vy, self.mass = x, y, vx, vy, mass


def advance(bodies, dt):
    for i, a in enumerate(bodies):
        for b in bodies[i + 1 :]:
            dx, dy = a.x - b.x, a.y - b.y
            d2 = dx * dx + dy * dy
            magnitude = dt / (d2 * sqrt(d2))
            a.vx -= dx * b.mass * magnitude
            a.vy -= dy * b.mass * magnitude
            b.vx += dx * a.mass * magnitude
            b.vy += dy * a.mass * magnitude
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy


def energy(bodies):
    e = 0.0
    for i, a in enumerate(bodies):
        e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy)
        for b in bodies[i + 1 :]:
            e -= a.mass * b.mass / sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2)
    return e


def multiply(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def solve(matrix, vector):
    n = len(vector)
    m = [row[:] + [value] for row, value in zip(matrix, vector)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(m[r][i]))
        m[i], m[pivot] = m[pivot], m[i]
        for r in range(i + 1, n):
            factor = m[r][i] / m[i][i]
            for c in range(i, n + 1):
                m[r][c] -= factor * m[i][c]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (m[i][n] - sum(m[i][c] * x[c] for c in range(i + 1, n))) / m[i][i]
    return x


def bezier(points, t):
    while len(points) > 1:
        points = [
            ((1 - t) * ax + t * bx, (1 - t) * ay + t * by)
            for (ax, ay), (bx, by) in zip(points, points[1:])
        ]
    return points[0]


def main():
    bodies = [
        Body(0.0, 0.0, 0.0, 0.0, 10.0),
        Body(5.0, 0.0, 0.0, 1.4, 0.5),
        Body(0.0, -7.5, 1.1, 0.0, 0.25),
    ]
    before = energy(bodies)
    for _ in range(60):
        advance(bodies, 0.01)
    out = [before, energy(bodies), bodies[1].x, bodies[2].y]
    # One coordinate becomes an int, then a bool: the float sites must cope.
    bodies[1].x, bodies[2].vy, bodies[0].mass = 5, True, 10
    for _ in range(5):
        advance(bodies, 0.01)
    out += [bodies[1].x, bodies[2].vy, bodies[0].vx]
    out.append(multiply([[1, 2.5], [3, -4]], [[0.5, 1], [2**65, True]]))
    out.append(solve([[2.0, 1.0, -1.0], [-3.0, -1.0, 2.0], [-2.0, 1.0, 2.0]], [8.0, -11.0, -3.0]))
    out.append([bezier([(0, 0), (1, 2), (3, 3), (4, 0)], k / 8) for k in range(9)])
    try:
        solve([[0.0, 1.0], [0.0, 2.0]], [1.0, 2.0])
    except ZeroDivisionError as error:
        out.append(str(error))
    bodies[0].x, bodies[0].y = bodies[1].x, bodies[1].y
    try:
        advance(bodies, 0.01)
    except ZeroDivisionError as error:
        out.append(str(error))
    return out


RESULT = main()
