"""OrderedDict, defaultdict, Counter and subclasses at exact-dict sites.

`__missing__`, overridden `__getitem__` and `get` must be honoured; a dict
subclass may also hide behind `**kwargs` and `{**x}`.
"""

from collections import Counter, OrderedDict, defaultdict

LOG = []


class Upper(dict):
    def __getitem__(self, key):
        LOG.append(("getitem", key))
        return dict.__getitem__(self, key.upper())

    def __contains__(self, key):
        return dict.__contains__(self, key.upper())

    def keys(self):
        LOG.append("keys")
        return [key.lower() for key in dict.keys(self)]


class Missing(dict):
    def __missing__(self, key):
        LOG.append(("missing", key))
        self[key] = len(self)
        return self[key]


def get(table, key):
    return table[key]


def bump(table, key):
    table[key] += 1
    return table[key]


def has(table, key):
    return key in table, table.get(key, "default")


def spread(table):
    return {**table}, keywords(**table)


def keywords(**kwargs):
    return list(kwargs.items())


def attempt(function, *args):
    try:
        return function(*args)
    except (KeyError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    plain = {"a": 1, "b": 2}
    for i in range(120):
        get(plain, "a")
        bump(plain, "b")
        has(plain, "c")
        spread(plain)
    out = []
    tables = (
        Upper(A=1),
        Missing(a=5),
        OrderedDict(b=1, a=2),
        defaultdict(int),
        defaultdict(list),
        Counter("abca"),
        defaultdict(None),
        {},
        {"a": "x"},
    )
    for table in tables:
        for function in (get, bump, has):
            for key in ("a", "zz"):
                out.append(attempt(function, table, key))
        out.append(attempt(spread, table))
        out.append((type(table).__name__, [(key, table[key]) for key in dict.keys(table)]))
    return repr(out)


RESULT = main()
