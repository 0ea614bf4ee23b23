"""Ints that start small and grow over many digits in one loop, and shrink back.

The sites are specialised for one digit; the guard fails once and for ever in
the middle of the loop, then small values return.
"""

LOG = []


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def collatz(n):
    steps = 0
    while n != 1:
        if n & 1:
            n = 3 * n + 1
        else:
            n >>= 1
        steps += 1
    return steps


def digits(n):
    out = []
    while n:
        out.append(n % 1000)
        n //= 1000
    return out


def main():
    out = []
    for n in range(60):
        out.append(fibonacci(n))
        out.append(collatz(n + 1))
    out.append(fibonacci(300))
    out.append([fibonacci(n) for n in (43, 44, 45, 88, 89, 90, 91, 92, 93)])
    out.append(collatz(2**62 - 1))
    out.append(collatz((1 << 90) + 1))
    out.append(digits(fibonacci(200)))
    out.append(digits(12345))
    return out


RESULT = main()
