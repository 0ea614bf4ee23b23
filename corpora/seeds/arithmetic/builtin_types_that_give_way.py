"""Every operator, compiled for left operands of types made in C, which then are something else.

Code that has seen sets, complex numbers, bytes or lists at an operator goes straight
to the number protocol. Later come numbers, strings, classes made in Python (with reflected and
in-place methods, and subclasses of the builtin type), and operands without the operation.
"""

LOG = []


class Reflected:
    def __radd__(self, other):
        LOG.append(("radd", type(other).__name__))
        return "radd"

    def __ror__(self, other):
        LOG.append(("ror", type(other).__name__))
        return "ror"

    def __rmul__(self, other):
        return "rmul"


class Own:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        LOG.append(("add", self.value))
        return NotImplemented if isinstance(other, Reflected) else Own(self.value + 1)

    def __iadd__(self, other):
        LOG.append(("iadd", self.value))
        self.value += 10
        return self

    def __or__(self, other):
        raise ValueError("no or")

    def __repr__(self):
        return f"Own({self.value})"


class Flags(set):
    def __or__(self, other):
        LOG.append("Flags.or")
        return set.__or__(self, other)

    def __ror__(self, other):
        LOG.append("Flags.ror")
        return "Flags.ror"

    def __ior__(self, other):
        LOG.append("Flags.ior")
        return "Flags.ior"


def add(a, b):
    return a + b


def add_in_place(a, b):
    a += b
    return a


def either(a, b):
    return a | b


def either_in_place(a, b):
    a |= b
    return a


def times(a, b):
    return a * b


def minus(a, b):
    return a - b


def power(a, b):
    return a**b


def percent(a, b):
    return a % b


OPERATORS = (add, add_in_place, either, either_in_place, times, minus, power, percent)


def operands():
    return [
        {1, 2},
        frozenset({2, 3}),
        1 + 2j,
        b"%d",
        [1],
        (2,),
        {"k": 1},
        10**30,
        None,
        {3: 4}.keys(),
    ]


def intruders(operator):
    number = 4 if operator in (times, power) else 10**12
    return [1, 2.5, "%s", number, Own(1), Reflected(), Flags({5}), int, b"%s"]


def show(value):
    if isinstance(value, (set, frozenset)):
        return type(value).__name__, sorted(map(repr, value))
    return type(value).__name__, repr(value)


def attempt(operator, a, b):
    try:
        result = operator(a, b)
    except Exception as error:
        return type(error).__name__, str(error)
    return show(result), result is a


def fresh(operator):
    """The operator with a code object of its own, so that each meets one type first."""
    return type(operator)(operator.__code__.replace(), globals())


def warm(function, left, right):
    for _ in range(60):
        try:
            function(left, right)
        except TypeError:
            return "TypeError"
    return show(left)


def main():
    out = []
    for operator in (add, add_in_place, either, either_in_place, times, minus, power, percent):
        for k, left in enumerate(operands()):
            function = fresh(operator)
            right = 3 if operator in (times, power) else operands()[k]
            out.append((operator.__name__, warm(function, operands()[k], right)))
            for n in range(len(intruders(operator))):
                other = intruders(operator)[n]
                out.append(attempt(function, left, other))
                if not isinstance(other, Reflected):
                    out.append(attempt(function, other, 3))
                    out.append(attempt(function, other, right))
    return out


RESULT = main()
