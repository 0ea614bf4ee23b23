"""Calls within calls within calls, mutual recursion, deep frames, many locals.

The compile-time stack holds half-built argument lists of outer calls while
inner ones run; a recursive call may refill the call cache of its own site.
"""

LOG = []


def add(a, b):
    return a + b


def tower(x):
    return add(add(add(x, 1), add(x, 2)), add(add(x, 3), add(add(x, 4), x)))


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(n, a, b, c, moves):
    if n:
        hanoi(n - 1, a, c, b, moves)
        moves.append((a, c))
        hanoi(n - 1, b, a, c, moves)
    return len(moves)


def permutations(items):
    if not items:
        return [[]]
    out = []
    for i in range(len(items)):
        for rest in permutations(items[:i] + items[i + 1 :]):
            out.append([items[i]] + rest)
    return out


def apply(function, *args):
    return function(*args)


def polymorphic_recursion(x):
    if isinstance(x, list):
        return [polymorphic_recursion(y) for y in x]
    if isinstance(x, dict):
        return {key: polymorphic_recursion(value) for key, value in x.items()}
    return apply(add, x, x)


def main():
    out = []
    for i in range(60):
        out.append(tower(i))
        out.append(even(i))
    out = out[-2:]
    out.append((tower(0.5), tower(2**62)))
    out.append(ackermann(2, 4))
    out.append(hanoi(6, "a", "b", "c", []))
    out.append(permutations([1, 2, 3, 4])[-3:])
    out.append(polymorphic_recursion([1, "x", [2.5, {"k": (1,)}], True]))
    try:
        tower("a")
    except TypeError as error:
        out.append((str(error), error.__traceback__.tb_next.tb_next.tb_lineno))
    return out


RESULT = main()
