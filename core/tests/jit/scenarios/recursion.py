"""The recursion limit is met at the same depth, also after it was changed."""
import sys


def depth(n):
    try:
        return depth(n + 1)
    except RecursionError:
        return n


def plain(n):
    return 0 if n == 0 else 1 + plain(n - 1)


class Chain:
    def __init__(self, n):
        self.next = Chain(n - 1) if n else None


def star(n, *more):
    return 0 if n == 0 else 1 + star(*(n - 1,))


def through_c(n):
    return 0 if n == 0 else 1 + max(map(through_c, (n - 1,)))


def main():
    for _ in range(40):
        plain(5), Chain(5), star(5), through_c(5), depth(990)
    print([depth(0) for _ in range(3)])
    sys.setrecursionlimit(300)
    print([depth(0) for _ in range(3)])
    sys.setrecursionlimit(2000)
    print([depth(0) for _ in range(3)], plain(1500), star(1500))
    sys.setrecursionlimit(1000)
    print(plain(100))


main()
