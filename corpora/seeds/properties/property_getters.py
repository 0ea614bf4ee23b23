"""Python properties read and set in hot loops, then replaced.

The getter is called inline from LOAD_ATTR_PROPERTY; it may raise (also
AttributeError, which then asks `__getattr__`), recurse, or be swapped on the
class while it runs.
"""

LOG = []


class Circle:
    def __init__(self, r):
        self._r = r

    @property
    def r(self):
        return self._r

    @r.setter
    def r(self, value):
        if value < 0:
            raise ValueError(f"negative radius {value}")
        self._r = value

    @r.deleter
    def r(self):
        LOG.append("deleted")
        self._r = 0

    @property
    def area(self):
        return 3 * self.r * self.r

    @property
    def swapping(self):
        Circle.swapping = "constant"
        return "first"


class Lazy:
    @property
    def value(self):
        raise AttributeError("hidden")

    def __getattr__(self, name):
        LOG.append(("getattr", name))
        return 99


def total(circles):
    n = 0
    for circle in circles:
        n += circle.area
    return n


def grow(circle, by):
    circle.r += by
    return circle.r


def swapping(circle):
    return circle.swapping, circle.swapping


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, ValueError, TypeError) as error:
        depth = 0
        tb = error.__traceback__
        while tb is not None:
            depth += 1
            tb = tb.tb_next
        return type(error).__name__, str(error), depth


def value(x):
    return x.value


def main():
    out = []
    circles = [Circle(i) for i in range(5)]
    for i in range(80):
        out.append(total(circles))
        out.append(grow(circles[i % 5], 1))
    out = out[-2:]
    out.append(attempt(grow, circles[0], -100))
    out.append(attempt(grow, circles[0], "x"))
    out.append(swapping(circles[0]))
    circles.append(Circle(None))
    out.append(attempt(total, circles))
    circles.pop()
    Circle.area = property(lambda self: 1)
    out.append(total(circles))
    Circle.area = 2
    out.append(total(circles))
    circles[0].area = 100
    out.append(total(circles))
    Circle.r = Circle.r.getter(lambda self: 7)
    out.append(attempt(grow, circles[1], 1))
    Circle.r = property(None)
    out.append(attempt(grow, circles[1], 1))
    out.append([attempt(value, Lazy()) for _ in range(60)][-1])
    return out


RESULT = main()
