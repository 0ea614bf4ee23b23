"""Loop-heavy: int and float arithmetic, iteration over ranges, lists and tuples."""


def int_while():
    i = total = 0
    while i < 40_000:
        total += i & 7
        i += 1
    return total


def int_range():
    total = 0
    for i in range(40_000):
        total += i * 3 - (i >> 2)
    return total


def float_loop():
    x, total = 0.5, 0.0
    for _ in range(30_000):
        x = x * 1.000001 + 0.25
        total += x / 3.0 - 1.5
    return total


def mandelbrot():
    inside = 0
    for row in range(30):
        for column in range(30):
            cr, ci = column / 15.0 - 1.5, row / 15.0 - 1.0
            zr = zi = 0.0
            for _ in range(25):
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                if zr * zr + zi * zi > 4.0:
                    break
            else:
                inside += 1
    return inside


VALUES = [(i * 7919) % 1009 for i in range(20_000)]


def list_sum_if():
    total = 0
    for value in VALUES:
        if value > 500:
            total += value
        elif value % 2:
            total -= 1
    return total


def list_index():
    values = VALUES
    total = 0
    for i in range(len(values)):
        total += values[i] - values[i - 1]
    return total


def sieve():
    flags = [True] * 20_000
    for i in range(2, 142):
        if flags[i]:
            for j in range(i * i, 20_000, i):
                flags[j] = False
    return sum(flags)


def nested():
    total = 0
    for i in range(150):
        for j in range(150):
            if i == j:
                continue
            total += i ^ j
    return total


def enumerate_zip():
    total = 0
    for i, (a, b) in enumerate(zip(VALUES, VALUES[1:])):
        total += i if a < b else -1
    return total


def sort_bubble():
    values = VALUES[:150]
    for end in range(len(values) - 1, 0, -1):
        for i in range(end):
            if values[i] > values[i + 1]:
                values[i], values[i + 1] = values[i + 1], values[i]
    return values[0], values[-1]


def collatz():
    longest = 0
    for start in range(1, 700):
        n, steps = start, 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        longest = max(longest, steps)
    return longest


BENCHMARKS = {
    "int_while": int_while,
    "int_range": int_range,
    "float_loop": float_loop,
    "mandelbrot": mandelbrot,
    "list_sum_if": list_sum_if,
    "list_index": list_index,
    "sieve": sieve,
    "nested": nested,
    "enumerate_zip": enumerate_zip,
    "sort_bubble": sort_bubble,
    "collatz": collatz,
}
