"""Square-and-multiply by hand: multiplication and modulo beside each other.

Products of two one-digit ints need two digits, then come back by `%`. A fast
path that keeps the product in a word must notice when it needs 64 bits more.
"""

LOG = []


def modular_power(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def extended_gcd(a, b):
    x0, x1, y0, y1 = 1, 0, 0, 1
    while b:
        q = a // b
        a, b = b, a - q * b
        x0, x1 = x1, x0 - q * x1
        y0, y1 = y1, y0 - q * y1
    return a, x0, y0


def main():
    out = []
    for i in range(1, 60):
        out.append(modular_power(3, i, 1009))
        out.append(gcd(i * 12, 90))
    moduli = (2**15 - 19, 2**30 - 35, 2**31 - 1, 2**32 - 5, 2**61 - 1, 2**89 - 1, 1)
    for modulus in moduli:
        out.append(modular_power(7, modulus - 1, modulus))
        out.append(modular_power(-5, 12345678901234567890, modulus))
        out.append(extended_gcd(modulus, 10**15))
        out.append(gcd(modulus * 91, -modulus * 39))
    return out


RESULT = main()
