"""`__iter__` and `__next__` in Python under FOR_ITER, with odd behaviours.

StopIteration with a value, StopIteration raised deeper, an iterator that goes
on after its end, one that is replaced during the loop, and ones that raise.
"""

LOG = []


class Count:
    def __init__(self, n):
        self.i = 0
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= self.n:
            self.n += 2
            raise StopIteration("value")
        self.i += 1
        return self.i

    def __del__(self):
        LOG.append(("del", self.i))


class Broken(Count):
    def __next__(self):
        if self.i == 2:
            raise KeyError("broken")
        return super().__next__()


class NotIterator:
    def __iter__(self):
        return 5


class SelfChanging(Count):
    def __next__(self):
        if self.i == 2:
            SelfChanging.__next__ = lambda self: (_ for _ in ()).throw(StopIteration)
        return Count.__next__(self)


class Shrinking(Count):
    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


def total(iterable):
    n = 0
    for x in iterable:
        n += x
    return n


def early(iterable):
    for x in iterable:
        if x > 1:
            return x
    else:
        return "ended"


def twice(iterator):
    return total(iterator), total(iterator), total(iterator)


def pairs(iterable):
    return [(a, b) for a in iterable for b in iterable]


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, KeyError, RuntimeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(60):
        out.append((total(Count(i % 5)), early(Count(3)), total([1, 2, i]), twice(Count(2))))
    out = out[-1:]
    del LOG[10:]
    out.append(attempt(total, Broken(5)))
    out.append(attempt(early, Broken(5)))
    out.append(attempt(total, NotIterator()))
    out.append(attempt(total, 5))
    out.append(attempt(total, SelfChanging(5)))
    out.append(pairs(Shrinking(4)))
    out.append(attempt(total, "ab"))
    out.append((total(range(5)), total((1.5, 2)), total({1: 2}), total(x for x in (1, 2))))
    return out


RESULT = main()
