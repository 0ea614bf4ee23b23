"""The binary operator protocol: NotImplemented, reflected methods, their order.

The generic helper behind a failed type guard must try left, then right (or
right first for a subclass), and make the interpreter's TypeError messages.
"""

LOG = []


class Left:
    def __add__(self, other):
        LOG.append("Left.__add__")
        return NotImplemented

    def __sub__(self, other):
        LOG.append("Left.__sub__")
        return "left-sub"


class Right:
    def __radd__(self, other):
        LOG.append("Right.__radd__")
        return "right-radd"

    def __rsub__(self, other):
        LOG.append("Right.__rsub__")
        return "right-rsub"


class Child(Left):
    def __rsub__(self, other):
        LOG.append("Child.__rsub__")
        return "child-rsub"


class InPlace(Left):
    def __iadd__(self, other):
        LOG.append("InPlace.__iadd__")
        return NotImplemented


def add(a, b):
    return a + b


def subtract(a, b):
    return a - b


def accumulate(a, b):
    a += b
    return a


def attempt(function, a, b):
    try:
        result = function(a, b)
    except TypeError as error:
        return error.args[0]
    return result if isinstance(result, (str, int)) else type(result).__name__


def main():
    for i in range(120):
        add(i, 1)
        subtract(i, 1)
        accumulate(i, 1)
    out = []
    makers = (Left, Right, Child, InPlace, int)
    for left in makers:
        for right in makers:
            a, b = left(), right()
            for function in (add, subtract, accumulate):
                out.append(attempt(function, a, b))
    return out


RESULT = main()
