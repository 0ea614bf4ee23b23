"""Every operator and statement that ends in a method which raises, declines or returns nonsense.

The error path of each has operands to release that the path which succeeds hands on.
"""

import gc


class Obj:
    alive = 0

    def __init__(self, n=0):
        Obj.alive += 1
        self.n = n

    def __del__(self):
        Obj.alive -= 1


class Boom(Exception):
    pass


class Bad:
    def __getitem__(self, i):
        if i > 2:
            raise Boom(i, self, Obj())
        return Obj(i)

    def __setitem__(self, i, v):
        raise Boom(v)

    def __delitem__(self, i):
        raise Boom(Obj(i))

    def __len__(self):
        raise Boom(Obj())

    def __bool__(self):
        raise Boom(Obj())

    def __contains__(self, x):
        raise Boom(x, Obj())

    def __add__(self, o):
        return NotImplemented

    def __radd__(self, o):
        raise Boom(o)

    def __lt__(self, o):
        return NotImplemented

    def __eq__(self, o):
        return NotImplemented if o is None else Obj()

    __hash__ = None

    def __iadd__(self, o):
        return NotImplemented

    def __sub__(self, o):
        raise Boom(o)

    def __neg__(self):
        raise Boom(Obj())

    def __call__(self, *a, **k):
        raise Boom(a, k)

    def __getattr__(self, n):
        raise AttributeError(n)

    def __enter__(self):
        return Obj()

    def __exit__(self, *a):
        return a[0] is Boom and False

    def __iter__(self):
        return self

    def __next__(self):
        raise Boom(Obj())


class BadNew:
    def __init__(self, a, b=Obj):
        raise Boom(Obj(), a)


class RetInit:
    def __init__(self):
        return Obj()


class Prop:
    @property
    def p(self):
        raise Boom(Obj())

    @property
    def q(self):
        return self.zzz


OPS = [
    lambda b, o: b[5],
    lambda b, o: b[1],
    lambda b, o: b.__setitem__(1, o),
    lambda b, o: len(b),
    lambda b, o: not b,
    lambda b, o: o in b,
    lambda b, o: b + o,
    lambda b, o: o + b,
    lambda b, o: b < o,
    lambda b, o: b == None,
    lambda b, o: b == o,
    lambda b, o: b - o,
    lambda b, o: -b,
    lambda b, o: b(o, k=o),
    lambda b, o: b.zork,
    lambda b, o: [*b],
    lambda b, o: BadNew(o),
    lambda b, o: BadNew(o, b=o),
    lambda b, o: BadNew(),
    lambda b, o: RetInit(),
    lambda b, o: Prop().p,
    lambda b, o: Prop().q,
    lambda b, o: b(*[o, o], **{"x": o}),
    lambda b, o: f"{b.zork}",
    lambda b, o: b[o:o],
    lambda b, o: {o: o, b: o},
    lambda b, o: {b},
    lambda b, o: b + 1.5,
    lambda b, o: b < b,
    lambda b, o: (lambda x, y=o: x)(),
    lambda b, o: (lambda *, k: k)(o),
    lambda b, o: BadNew(o, o, o),
    lambda b, o: BadNew(o, a=o),
]


def op_set(b, o):
    b[1] = (o, Obj())


def op_del(b, o):
    del b[1]


def op_iadd(b, o):
    b += Obj()


def op_with(b, o):
    with b as x:
        raise Boom(x, o)


def op_for(b, o):
    for x in b:
        pass


def op_unpack(b, o):
    x, y, *z = b


def op_if(b, o):
    if b:
        return o


def op_while(b, o):
    while b:
        return o


def op_and(b, o):
    return b and o


def op_or(b, o):
    return o < b or o


def op_star(b, o):
    return max(*b, **{"key": o})


def op_match(b, o):
    match b:
        case [x, y, *z]:
            return 1
        case {"a": x}:
            return 2
        case Bad(zork=1):
            return 3
        case Obj(n=x):
            return 4
    match {"a": o, "b": Obj()}:
        case {"a": x, "b": Obj(n=5)}:
            return 5
        case {"a": x, **rest}:
            return len(rest)


def op_eg(b, o):
    try:
        raise ExceptionGroup("x", [Boom(o, Obj()), ValueError(o), TypeError(Obj())])
    except* Boom as e:
        pass
    except* ValueError as e:
        raise KeyError(o)


def op_from(b, o):
    try:
        b[9]
    except Boom as e:
        raise ValueError(o) from e


OPS += [
    op_set,
    op_del,
    op_iadd,
    op_with,
    op_for,
    op_unpack,
    op_if,
    op_while,
    op_and,
    op_or,
    op_star,
    op_match,
    op_eg,
    op_from,
]


def defaults(f):
    def g(a, b=Obj(1), *, c=Obj(2)):
        return a, b, c

    r = []
    for i in range(12):
        if i == 6:
            g.__defaults__ = (Obj(9),)
        if i == 8:
            g.__kwdefaults__ = {"c": Obj(4)}
        if i == 9:
            g.__defaults__ = None
        if i == 10:
            g.__kwdefaults__ = None
        try:
            r.append(g(i)[0])
        except TypeError as e:
            r.append(str(e))
    return r


def attempt(f):
    try:
        return type(f(Bad(), Obj())).__name__
    except Exception as e:
        return type(e).__name__, str(e) if type(e) is TypeError else len(e.args)


def main():
    runs = [[attempt(f) for f in OPS] + [defaults(0)] for _ in range(8)]
    gc.collect()
    return runs[0], all(run == runs[0] for run in runs)


RESULT = main()
