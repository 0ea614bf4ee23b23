"""Operators of Python classes: slot calls into compiled methods, and objects made for each."""


class Vec:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return self.x < other.x

    def __hash__(self):
        return hash(self.x)


class Grid:
    def __init__(self, n):
        self.n = n
        self.cells = [0] * (n * n)

    def __getitem__(self, key):
        return self.cells[key]

    def __setitem__(self, key, value):
        self.cells[key] = value

    def __len__(self):
        return self.n

    def __contains__(self, value):
        return value < self.n

    def __call__(self, x):
        return x + self.n


class Count:
    def __init__(self, n):
        self.i = 0
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.i == self.n:
            raise StopIteration
        self.i += 1
        return self.i


def arithmetic():
    total, step = Vec(0.0, 0.0), Vec(0.5, 0.25)
    for i in range(4_000):
        total = total + step * i
    return total.x, total.y


def comparison():
    a, b, n = Vec(1, 2), Vec(1, 3), 0
    for _ in range(8_000):
        if a == b:
            n += 1
        if a < b:
            n += 2
    return n


def subscript():
    grid, total = Grid(20), 0
    for i in range(8_000):
        grid[i % 400] = i
        total += grid[(i * 7) % 400]
    return total


def protocol():
    grid, total = Grid(20), 0
    for i in range(8_000):
        total += len(grid) + grid(i)
        if i in grid:
            total += 1
    return total


def iterator():
    total = 0
    for _ in range(40):
        for x in Count(100):
            total += x
    return total


def sort():
    values = [Vec((i * 7919) % 503, i) for i in range(600)]
    return sorted(values)[300].x


BENCHMARKS = {
    "arithmetic": arithmetic,
    "comparison": comparison,
    "subscript": subscript,
    "protocol": protocol,
    "iterator": iterator,
    "sort": sort,
}
