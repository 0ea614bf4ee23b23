"""Dunder methods that decline, fail, and are replaced while they run; attributes likewise.

Direct calls of such methods must not outlive what they were made for, nor lose an operand to it.
"""

import types


class Tok:
    def __init__(self, n=0):
        self.n = n


class V:
    def __init__(self, n):
        self.n = n
        self.t = Tok(n)

    def __add__(self, o):
        if type(o) is not V:
            return NotImplemented
        if self.n % 7 == 6:
            raise ValueError(Tok(self.n))
        return V(self.n + o.n)

    def __radd__(self, o):
        return V(o) if isinstance(o, int) else NotImplemented

    def __sub__(self, o):
        return NotImplemented

    def __mul__(self, o, extra=Tok(5)):
        return (self, o, extra)

    def __lt__(self, o):
        if self.n % 5 == 4:
            raise KeyError(Tok())
        return self.n < o.n if isinstance(o, V) else NotImplemented

    def __eq__(self, o):
        return NotImplemented

    def __hash__(self):
        return 1

    def __getitem__(self, k):
        if k == 9:
            raise IndexError(Tok(k))
        return (k, Tok(k))

    def __setitem__(self, k, v):
        if k == 9:
            raise IndexError(v)
        self.last = v

    def __contains__(self, k):
        return Tok(k)

    def __len__(self):
        return self.n % 4

    def __bool__(self):
        return self.n % 3 == 0

    def __call__(self, *a):
        return (self, a)

    @property
    def prop(self):
        if self.n == 8:
            raise AttributeError("prop", Tok())
        return Tok(self.n)

    @property
    def other(self):
        return self.missing

    def __getattr__(self, name):
        if name == "missing":
            raise AttributeError(name, name=name, obj=self)
        return Tok(1)


class W(V):
    def __radd__(self, o):
        raise TypeError(Tok())

    def __sub__(self, o):
        return V(1)


class It:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n == 3:
            raise OSError(Tok())
        if self.n <= 0:
            raise StopIteration(Tok())
        return Tok(self.n)


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def lt(a, b):
    return a < b


def eq(a, b):
    return a == b


def get(a, b):
    return a[b]


def put(a, b):
    a[b] = Tok(b)


def isin(a, b):
    return b in a


def size(a, b):
    return len(a)


def truth(a, b):
    return 1 if a else 2


def call(a, b):
    return a(b, b)


def prop(a, b):
    return a.prop


def other(a, b):
    return a.other


def iadd(a, b):
    a += b
    return a


def loop(a, b):
    for x in It(b if type(b) is int else 3):
        y = x
    return y


def condition(a, b):
    while a < b:
        return 1


FUNCS = [
    add,
    sub,
    mul,
    lt,
    eq,
    get,
    put,
    isin,
    size,
    truth,
    call,
    prop,
    other,
    iadd,
    loop,
    condition,
]


def attempt(f, a, b):
    try:
        return type(f(a, b)).__name__
    except Exception as e:
        return type(e).__name__, len(e.args)


def all_of(out):
    for f in FUNCS:
        for i in range(14):
            out.append(attempt(f, V(i), V(i + 1)))
        for i in range(14):
            out.append(attempt(f, V(i), i))
        for i in range(6):
            out.append(attempt(f, V(i), W(i)))
        for i in range(6):
            out.append(attempt(f, W(i), V(i)))
        for i in range(6):
            out.append(attempt(f, i, V(i)))
        for i in range(6):
            out.append(attempt(f, V(i), None))


def changing(out):
    class C:
        def __getitem__(self, k):
            if k == 5:
                del C.__getitem__
            if k == 6:
                C.__getitem__ = lambda self, k: (k, self)
            return Tok(k)

        def __add__(self, o):
            if o == 4:
                C.__add__ = lambda a, b: NotImplemented
            if o == 8:
                C.__add__ = other_add
            return Tok(o)

        def __lt__(self, o):
            C.__lt__.__code__ = other_lt.__code__ if o == 5 else C.__lt__.__code__
            return Tok(o)

    def other_add(a, b, c=Tok()):
        return (a, b, c)

    def other_lt(a, b):
        return False

    get_item = C.__getitem__
    for i in range(12):
        if i == 7:
            C.__getitem__ = get_item
        c = C()
        for op in (get, add, lt):
            out.append(attempt(op, c, i))
        if i == 10:
            other_add.__defaults__ = None
        if i == 11:
            C.__add__ = add


def attributes(out):
    m = types.ModuleType("m")
    m.value = Tok(1)

    class K:
        shared = Tok(2)

        def method(self):
            return self

        @classmethod
        def make(cls):
            return cls()

        @staticmethod
        def free(x):
            return x

    class L(K):
        __slots__ = ("s",)

    def read(o):
        return o.value

    def klass(o):
        return o.shared

    def store(o, v):
        o.fresh = v
        o.value = v

    for i in range(20):
        out.append(attempt(lambda a, b: read(a), m, 0))
        out.append(attempt(lambda a, b: klass(a), K, 0))
        out.append(attempt(lambda a, b: klass(a()), K, 0))
        out.append(attempt(lambda a, b: a.method(b), K, K()))
        out.append(attempt(lambda a, b: a.make().free(b), K, Tok()))
        out.append(attempt(lambda a, b: L().s, K, Tok()))
        x = K()
        store(x, Tok(i))
        store(x, Tok(i))
        read(x)
        y = L()
        store(y, Tok())
        y.s = y
        del x.fresh
        out.append(attempt(lambda a, b: a.fresh, x, 0))
        if i == 6:
            m.value = Tok(3)
        if i == 8:
            K.shared = property(lambda s: Tok(4))
        if i == 10:
            del m.value
        if i == 12:
            m.__getattr__ = lambda n: Tok(n)
        if i == 14:
            m.__class__ = type("M", (types.ModuleType,), {"value": property(lambda s: Tok(7))})
        if i == 16:
            K.shared = Tok(9)
        if i == 18:
            K.method = None


def main():
    out = []
    all_of(out)
    for _ in range(3):
        changing(out)
        attributes(out)
    return out


RESULT = main()
