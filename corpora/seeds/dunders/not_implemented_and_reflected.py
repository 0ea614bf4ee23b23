"""Operators between classes: NotImplemented, reflected methods, subclasses, and who is asked when."""

import operator

LOG = []


class Metres:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        LOG.append("Metres.__add__")
        if isinstance(other, Metres):
            return Metres(self.n + other.n)
        return NotImplemented

    def __sub__(self, other):
        return Metres(self.n - other.n)

    def __rsub__(self, other):
        LOG.append("Metres.__rsub__")
        return Metres(other - self.n)

    def __mul__(self, factor):
        return Metres(self.n * factor) if type(factor) is int else NotImplemented

    __rmul__ = __mul__

    def __lt__(self, other):
        LOG.append("Metres.__lt__")
        return self.n < other.n if isinstance(other, Metres) else NotImplemented

    def __eq__(self, other):
        return self.n == other.n if isinstance(other, Metres) else NotImplemented

    def __getitem__(self, key):
        if key == 3:
            raise IndexError(key)
        return (self.n, key)

    def __setitem__(self, key, value):
        self.n = (key, value)

    def __repr__(self):
        return f"Metres({self.n})"


class Feet(Metres):
    def __radd__(self, other):
        LOG.append("Feet.__radd__")
        return ("feet", other)

    def __gt__(self, other):
        LOG.append("Feet.__gt__")
        return "greater"


class Other:
    def __radd__(self, other):
        LOG.append("Other.__radd__")
        return NotImplemented if isinstance(other, Feet) else ("other", repr(other))

    def __gt__(self, other):
        LOG.append("Other.__gt__")
        return ["not a bool"]


class InPlace(Metres):
    def __iadd__(self, other):
        LOG.append("InPlace.__iadd__")
        self.n += 1
        return self


class Turncoat:
    """Becomes something else while it is asked."""

    def __add__(self, other):
        self.__class__ = Plain
        return NotImplemented

    def __radd__(self, other):
        return "reflected"

    def __or__(self, other):
        Turncoat.__or__ = lambda self, other: ("replaced", other)
        return ("first", other)


class Plain:
    pass


class Listed(list):
    def __add__(self, other):
        return NotImplemented

    def __mul__(self, other):
        return NotImplemented


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Failing(Countdown):
    def __next__(self):
        if self.n == 2:
            raise KeyError("failed")
        return super().__next__()


def attempt(operation, left, right):
    try:
        return operation(left, right)
    except (TypeError, AttributeError, IndexError) as error:
        return f"{type(error).__name__}: {error}"


def plus(left, right):
    return left + right


def minus(left, right):
    return left - right


def times(left, right):
    return left * right


def bits(left, right):
    return left | right


def in_place(left, right):
    left += right
    return left


def less(left, right):
    return left < right


def less_jump(left, right):
    if left < right:
        return "less"
    return "not less"


def equal(left, right):
    return left == right, left != right


def item(left, right):
    return left[right]


def set_item(left, right):
    left[right] = "value"
    return left


OPERATIONS = (plus, minus, times, in_place, less, less_jump, equal, item, set_item, bits)


def operands():
    return [Metres(3), Feet(4), Other(), InPlace(5), Plain(), Listed([1]), 7, 2.5, "s", [1], None]


def shown(value):
    return type(value).__name__ if isinstance(value, (Other, Plain)) else repr(value)


def strip(text):
    return text.split(" object at ")[0]


def main():
    results = []
    for operation in OPERATIONS:
        for i in range(len(operands())):
            for j in range(len(operands())):
                left, right = operands()[i], operands()[j]
                results.append(strip(shown(attempt(operation, left, right))))
    for _ in range(40):
        total = Metres(0)
        for i in range(20):
            total = total + Metres(i)
            if total < Metres(i):
                LOG.append("never")
        results.append(total[len(LOG) % 3])
    results += [attempt(plus, Turncoat(), Turncoat()) for _ in range(5)]
    results += [attempt(plus, Turncoat(), Plain()) for _ in range(5)]
    results += [attempt(bits, Turncoat(), i) for i in range(5)]
    for make in (Countdown, Failing):
        for n in range(6):
            out = []
            try:
                for value in make(n):
                    out.append(value)
            except KeyError as error:
                out.append(repr(error))
            results.append(out)
    Metres.__add__ = lambda self, other: "another method"
    results.append(attempt(plus, Metres(1), Metres(2)))
    del Metres.__add__
    results.append(attempt(plus, Metres(1), Metres(2)))
    Metres.__add__ = operator.itemgetter(0)
    results.append(attempt(plus, Metres(1), Metres(2)))
    return results


RESULT = main()
