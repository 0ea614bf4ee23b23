"""Text written by `print` from compiled code, through `__str__` and `__repr__`.

Output and LOG must interleave as the interpreter has them; an exception in the
middle of a print leaves what was written before it.
"""

LOG = []


class Shown:
    def __init__(self, n):
        self.n = n

    def __str__(self):
        LOG.append(("str", self.n))
        if self.n == 3:
            raise ValueError("cannot show 3")
        return f"Shown({self.n})"

    def __repr__(self):
        return f"<{self.n}>"


def line(i):
    print("line", i, i * 0.5, i % 2 == 0)


def table(rows):
    for row in rows:
        print(*row, sep="|", end=";\n")


def objects(values):
    try:
        print("objects:", *values, [values[0]])
    except ValueError as error:
        print("failed:", error)


def main():
    for i in range(30):
        line(i)
        objects([Shown(1), Shown(i % 4)])
    table([(1, "a", None), (2.5, "b", (1,)), (True, "\xe9\u20ac", [])])
    print()
    print(end="")
    print("no newline", end="")
    print("\ttab\\ 'quotes' \"double\"")
    replaced = print
    globals()["print"] = lambda *args, **kwargs: LOG.append(("fake print", len(args)))
    line(99)
    del globals()["print"]
    line(100)
    return replaced is print, len(LOG)


RESULT = main()
