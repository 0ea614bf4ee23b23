"""Types that alternate at a site, in every rhythm: A B A B, A A B, A…A B…B.

A one-entry cache thrashes, an unconditional "deopt after n failures" may go
wrong on the exact n; the results must not depend on history.
"""

LOG = []


class A:
    def __init__(self, v):
        self.v = v

    def f(self, x):
        return self.v + x

    def __add__(self, other):
        return self.v + 1

    def __getitem__(self, i):
        return self.v * i


class B(A):
    def f(self, x):
        return self.v - x


class C:
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v

    def f(self, x):
        return self.v * x

    def __add__(self, other):
        return self.v + 2

    def __getitem__(self, i):
        return self.v


def everything(obj, x):
    return obj.v + obj.f(x) + (obj + x) + obj[x]


def total(objects):
    n = 0
    for i, obj in enumerate(objects):
        n += everything(obj, i)
    return n


def pattern(kinds, rhythm, n):
    return [kinds[rhythm[i % len(rhythm)]](i) for i in range(n)]


def arithmetic(values):
    n = 0
    for x in values:
        n = n + x * 2 - 1
    return n


def main():
    out = []
    rhythms = (
        (0,),
        (0, 1),
        (0, 0, 1),
        (0, 1, 2),
        (2, 1, 1, 0),
        (0,) * 9 + (1,),
        (0,) * 17 + (1, 2),
        (1, 2),
    )
    for rhythm in rhythms:
        out.append(total(pattern((A, B, C), rhythm, 40)))
        out.append(arithmetic([(i, i + 0.5, True)[rhythm[i % len(rhythm)]] for i in range(40)]))
        out.append(arithmetic([(i, 2**62 + i, i / 4)[rhythm[i % len(rhythm)]] for i in range(40)]))
    for rhythm in rhythms[::-1]:
        out.append(total(pattern((C, A, B), rhythm, 40)))
    return out


RESULT = main()
