# pyjit: planned-exception: ZeroDivisionError
"""The program ends with an exception out of a hot loop: type, args, lines, columns.

The traceback goes through three compiled frames; LOG must show everything that
happened before, and finalisers of the unwound frames.
"""

LOG = []


class Held:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("released", self.name))


def divide(values, i):
    return [
        values[i],
        values[i] / (values[i] - 77),
    ]


def sweep(values):
    total = 0
    held = Held("sweep")
    for i in range(len(values)):
        first, second = divide(values, i)
        total += second
        LOG.append(first)
    return total


def main():
    held = Held("main")
    for _ in range(3):
        sweep(list(range(60)))
    del LOG[:170]
    return sweep(list(range(70, 90)))


RESULT = main()
