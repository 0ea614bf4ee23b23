"""Iterators that fail while being spread into a call, list, dict or tuple.

Half-built containers and earlier arguments are live temporaries when the
exception comes; finalisers of the parts tell whether they were released.
"""

LOG = []


class Part:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("del", self.name))


class Failing:
    def __iter__(self):
        yield Part("from iter 1")
        yield Part("from iter 2")
        raise LookupError("iterator failed")


class BadMapping:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        if key == "b":
            raise LookupError("no b")
        return Part("from mapping")


def sink(*args, **kwargs):
    return len(args), sorted(kwargs)


def call(x):
    return sink(Part("first"), *x, Part("last"))


def listing(x):
    return len([Part("first"), *x, Part("last")])


def tupling(x):
    return len((Part("first"), *x))


def mapping(x):
    return len({"first": Part("first"), **x, "last": Part("last")})


def keyword_call(x):
    return sink(Part("first"), key=Part("kw"), **x)


def attempt(function, x):
    LOG.append(function.__name__)
    try:
        return function(x)
    except (LookupError, TypeError) as error:
        LOG.append("caught")
        return type(error).__name__, str(error)


def main():
    out = []
    for _ in range(60):
        call((1, 2))
        listing((1, 2))
        tupling([1])
        mapping({"m": 1})
        keyword_call({"m": 1})
    LOG.clear()
    for function in (call, listing, tupling):
        out.append(attempt(function, Failing()))
        out.append(attempt(function, 5))
    for function in (mapping, keyword_call):
        out.append(attempt(function, BadMapping()))
        out.append(attempt(function, 5))
        out.append(attempt(function, {1: 2}))
        out.append(attempt(function, {"key": 2}))
    return out


RESULT = main()
