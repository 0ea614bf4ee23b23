"""Dict lookups that run `__hash__` and `__eq__` in Python, which change things.

During BINARY_SUBSCR, STORE_SUBSCR and CONTAINS_OP the key's `__eq__` mutates
the dict, raises, or drops the last other reference to the value looked up.
"""

LOG = []


class Key:
    action = None

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        LOG.append(("hash", self.name))
        return 7

    def __eq__(self, other):
        LOG.append(("eq", self.name, getattr(other, "name", other)))
        action = Key.action
        if action is not None:
            Key.action = None
            action()
        return isinstance(other, Key) and self.name == other.name


def get(table, key):
    return table[key]


def put(table, key, value):
    table[key] = value


def has(table, key):
    return key in table


def remove(table, key):
    del table[key]


def attempt(function, *args):
    try:
        return function(*args)
    except (KeyError, RuntimeError) as error:
        if isinstance(error, KeyError):
            return "KeyError", getattr(error.args[0], "name", error.args[0])
        return type(error).__name__, error.args


def boom():
    raise RuntimeError("in eq")


def main():
    plain = {i: str(i) for i in range(10)}
    for i in range(120):
        get(plain, i % 10)
        put(plain, i % 10, i)
        has(plain, i)
        put(plain, "t", 1)
        remove(plain, "t")
    out = []
    for action in (None, "clear", "add", "boom", "replace"):
        for function in (get, has, remove, put):
            table = {Key("a"): 1, Key("b"): [2]}
            Key.action = {
                None: None,
                "clear": table.clear,
                "boom": boom,
                "add": lambda: table.update((i, i) for i in range(20)),
                "replace": lambda: table.update({1: 1, 2: 2}),
            }[action]
            extra = (9,) if function is put else ()
            out.append(attempt(function, table, Key("b"), *extra))
            Key.action = None
            out.append((len(table), [getattr(key, "name", key) for key in table][:4]))
    return out, len(LOG)


RESULT = main()
