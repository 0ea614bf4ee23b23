"""`and`, `or`, `not` and conditional expressions in value and in jump position.

JUMP_IF_X_OR_POP leaves a value on one edge and pops it on the other: the two
edges must agree about the compile-time stack at the place where they meet.
"""

LOG = []


def value_and(a, b, c):
    return a and b and c


def value_or(a, b, c):
    return a or b or c


def mixed(a, b, c):
    return a and b or c


def deep(a, b, c):
    return (a or b) and (b or c) and not (a and b and c)


def in_call(a, b, c):
    return max(a and 1 or 2, b and 3 or 4, c and 5 or 6)


def ternary(a, b, c):
    return (1 if a else 2 if b else 3 if c else 4) + (10 if not a else 20 if a and not b else 30)


def branches(a, b, c):
    if a and (b or c) and not (b and c):
        return "one"
    elif not a or b:
        return "two"
    return "three"


def in_list(a, b, c):
    return [a or 0, b and 1, (c or a) and b, not a, not not b]


FUNCTIONS = (value_and, value_or, mixed, deep, in_call, ternary, branches, in_list)


def main():
    for i in range(120):
        for function in FUNCTIONS:
            function(i & 1, i & 2, i & 4)
    values = (0, 1, "", "x", None, [], [0], 0.0, True, False)
    out = []
    for a in values:
        for b in values:
            for function in FUNCTIONS:
                out.append(function(a, b, b if a else a))
    return out


RESULT = main()
