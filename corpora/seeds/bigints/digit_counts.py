"""Values that need 0, 1, 2 and 3 digits meet at one site, in both orders.

CPython's int has a sign in ob_size; a JIT that reads one digit without looking
at the size, or forgets that 0 has no digit, shows here.
"""

LOG = []

VALUES = [0, 1, -1, 2**30 - 1, 2**30, -(2**30), 2**60 - 1, 2**60, -(2**60), 2**90, -(2**90)]


def operate(a, b):
    return a + b, a - b, a * b, a & b, a | b, a ^ b


def relations(a, b):
    return a < b, a <= b, a == b, a != b, a >= b, a > b


def truth(a):
    return 1 if a else 0


def pick(a, b):
    if a > b:
        return a
    return b


def bits(a):
    n = 0
    while a:
        a &= a - 1
        n += 1
    return n


def main():
    for i in range(100):
        operate(i, 3)
        relations(i, 50)
        truth(i)
        pick(i, 50)
        bits(i)
    out = []
    for a in VALUES:
        out.append((truth(a), hash(a)))
        if a >= 0:
            out.append(bits(a))
        for b in VALUES:
            out.append((operate(a, b), relations(a, b), pick(a, b)))
    return out


RESULT = main()
