"""Inline values become a real dict under a warm LOAD_ATTR / STORE_ATTR site.

Touching `__dict__`, replacing it, deleting attributes and `vars()` move values
from the inline array into a dict; the cached index is then meaningless.
"""

LOG = []


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def read(p):
    return p.x, p.y


def write(p, value):
    p.x = value
    p.y = value + 1
    return p.x + p.y


def bump(p):
    p.x += 1
    return p.x


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(150):
        p = Point(i, 2)
        read(p)
        write(p, i)
        bump(p)
    p = Point(1, 2)
    p.__dict__["x"] = 10
    out.append((read(p), write(p, 3), bump(p), p.__dict__))
    p.__dict__ = {"y": 1, "x": 2}
    out.append((read(p), write(p, 4), bump(p), list(p.__dict__)))
    p.__dict__ = {"y": 7}
    out.append((attempt(read, p), attempt(bump, p), attempt(write, p, 1), list(p.__dict__.items())))
    q = Point(5, 6)
    del q.x
    out.append((attempt(read, q), attempt(bump, q)))
    q.x = 9
    out.append((read(q), list(vars(q))))
    r = Point(1, 2)
    names = vars(r)
    r.z = 3
    names["x"] = 50
    out.append((read(r), bump(r), names))
    r.__dict__.clear()
    out.append(attempt(read, r))
    out.append((write(r, 8), list(names.items()), read(r)))
    s = Point(1, 2)
    taken = s.__dict__
    del s
    out.append(taken)
    out.append(attempt(lambda p: setattr(p, "__dict__", 5), Point(1, 2)))
    out.append((read(Point(1, 2)), bump(Point(3, 4))))
    return out


RESULT = main()
