"""`__getitem__`, `__setitem__`, `__delitem__`, `__len__`, `__iter__`, … in Python.

BINARY_SUBSCR_GETITEM calls a Python `__getitem__` inline; it is replaced on the
class while warm, given other arguments, and raises the errors that end loops.
"""

LOG = []


class Grid:
    def __init__(self, n):
        self.n = n
        self.cells = {}

    def __getitem__(self, key):
        if isinstance(key, int):
            if key >= self.n:
                raise IndexError(f"{key} of {self.n}")
            return self.cells.get((key, key), 0)
        return self.cells.get(key, 0)

    def __setitem__(self, key, value):
        self.cells[key] = value

    def __delitem__(self, key):
        del self.cells[key]

    def __len__(self):
        return self.n

    def __contains__(self, key):
        return key in self.cells

    def __reversed__(self):
        return ["reversed"]


def diagonal(grid):
    total = 0
    for i in range(len(grid)):
        total += grid[i]
        grid[i, i] += i
        grid[i, 0] = grid[0, i] = i
    return total


def by_protocol(grid):
    return [cell for cell in grid], list(reversed(grid)), (1, 1) in grid, bool(grid)


def remove(grid, key):
    del grid[key]
    return len(grid.cells)


def get(grid, key):
    return grid[key]


def attempt(function, *args):
    try:
        return function(*args)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(60):
        grid = Grid(5)
        out.append(
            (diagonal(grid), diagonal(grid), by_protocol(grid), remove(grid, (1, 1)), get(grid, 2))
        )
    out = out[-1:]
    out.append(attempt(remove, grid, "absent"))
    out.append(attempt(get, grid, 9))
    out.append(attempt(get, Grid, int))
    Grid.__getitem__ = lambda self, key: ("new", key)
    out.append((get(grid, 1), get(grid, slice(1, 2))))
    Grid.__getitem__ = lambda self: 1
    out.append(attempt(get, grid, 1))
    Grid.__getitem__ = lambda self, key, default=7, *rest: (key, default, rest)
    out.append(attempt(get, grid, 1))
    Grid.__getitem__ = staticmethod(lambda key: ("static", key))
    out.append(attempt(get, grid, 1))
    Grid.__getitem__ = max
    out.append(attempt(get, grid, 1))
    Grid.__class_getitem__ = classmethod(lambda cls, item: (cls.__name__, item.__name__))
    out.append(attempt(get, Grid, int))
    del Grid.__getitem__
    out.append(attempt(get, grid, 1))
    Grid.__len__ = lambda self: -1
    out.append(attempt(diagonal, grid))
    return out


RESULT = main()
