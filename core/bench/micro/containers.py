"""Lists and tuples: building, appending, slicing, unpacking, matrices, comprehensions."""


def append_pop():
    stack, total = [], 0
    for i in range(12_000):
        stack.append(i)
        if i % 3 == 2:
            total += stack.pop() + stack.pop()
    return total, len(stack)


def unpack():
    a, b, c = 1, 2, 3
    for _ in range(15_000):
        a, b, c = c, a, b
        (a, b), c = (b, a), c
    return a, b, c


def tuples():
    total = 0
    for i in range(10_000):
        pair = (i, i + 1)
        first, second = pair
        total += second - first + pair[0]
    return total


def matrix():
    n = 24
    a = [[i + j for j in range(n)] for i in range(n)]
    b = [[i - j for j in range(n)] for i in range(n)]
    out = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            total = 0
            for k in range(n):
                total += a[i][k] * b[k][j]
            out[i][j] = total
    return out[3][5]


def slices():
    values, total = list(range(50)), 0
    for i in range(5_000):
        total += len(values[i % 50 :]) + len(values[:10]) + values[-1]
    return total


def list_comprehension():
    total = 0
    for _ in range(100):
        total += len([x * 2 for x in range(100) if x % 3])
    return total


def dict_comprehension():
    total = 0
    for _ in range(60):
        total += len({x: x * x for x in range(100)})
    return total


def generator_expression():
    total = 0
    for _ in range(60):
        total += sum(x * x for x in range(100))
    return total


BENCHMARKS = {
    "append_pop": append_pop,
    "unpack": unpack,
    "tuples": tuples,
    "matrix": matrix,
    "slices": slices,
    "list_comprehension": list_comprehension,
    "dict_comprehension": dict_comprehension,
    "generator_expression": generator_expression,
}
