"""Call-heavy: what a Python-to-Python call costs in each of its forms.

Every case returns a value that both arms must agree on.
"""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def fib_20():
    return fib(20)


def with_defaults(a, b=2, c=3):
    return a + b - c


def defaults():
    total = 0
    for i in range(10_000):
        total += with_defaults(i) + with_defaults(i, 5) + with_defaults(i, 5, 6)
    return total


def keywords():
    total = 0
    for i in range(10_000):
        total += with_defaults(i, c=4) + with_defaults(a=i, b=1) + with_defaults(c=1, b=2, a=i)
    return total


def make_adder(k):
    def add(x):
        return x + k

    return add


def closures():
    add_one, add_two = make_adder(1), make_adder(2)
    total = 0
    for i in range(15_000):
        total = add_one(total) + add_two(i)
    return total


class Counter:
    def __init__(self, step):
        self.step = step
        self.value = 0

    def bump(self, by):
        self.value += by * self.step
        return self

    def get(self):
        return self.value


def methods():
    counter = Counter(3)
    total = 0
    for i in range(10_000):
        counter.bump(i).bump(1)
        total ^= counter.get()
    return total


def bound_methods():
    counter = Counter(2)
    bump, get = counter.bump, counter.get
    total = 0
    for i in range(10_000):
        bump(i)
        total ^= get()
    return total


class Pair:
    def __init__(self, a, b):
        self.a = a
        self.b = b


def constructors():
    total = 0
    for i in range(8_000):
        pair = Pair(i, 1)
        total += pair.a - pair.b
    return total


def spread(*args):
    return args[0] + args[-1]


def star_arguments():
    values = (1, 2, 3)
    total = 0
    for i in range(10_000):
        total += spread(*values) + spread(i, 1)
    return total


def builtins():
    values = [3, 1, 2]
    total = 0
    for i in range(8_000):
        total += len(values) + abs(-i) + max(i, 5) + ord("a") + isinstance(i, int)
    return total


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def recursion():
    return ackermann(2, 60)


BENCHMARKS = {
    "fib": fib_20,
    "defaults": defaults,
    "keywords": keywords,
    "closures": closures,
    "methods": methods,
    "bound_methods": bound_methods,
    "constructors": constructors,
    "star_arguments": star_arguments,
    "builtins": builtins,
    "recursion": recursion,
}
