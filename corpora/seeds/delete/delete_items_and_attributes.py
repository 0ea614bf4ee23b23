"""Deleting items and attributes: exact and subclassed, absent, with hooks.

The deleted value's finaliser may look at the container it has just left.
"""

LOG = []


class Watcher:
    def __init__(self, container):
        self.container = container

    def __del__(self):
        LOG.append(("seen", len(self.container)))


class Hooked:
    def __delitem__(self, key):
        LOG.append(("delitem", key))
        if key == 9:
            raise KeyError(key)

    def __delattr__(self, name):
        LOG.append(("delattr", name))


class Plain:
    pass


class Slotted:
    __slots__ = ("x",)


def remove_item(container, key):
    del container[key]
    return len(container) if hasattr(container, "__len__") else None


def remove_attribute(x):
    del x.x
    return hasattr(x, "x")


def all_items(n):
    values = list(range(n))
    while values:
        del values[len(values) // 2]
    return values


def watched():
    values = [1, 2]
    values.append(Watcher(values))
    del values[2]
    table = {"a": 1}
    table["w"] = Watcher(table)
    del table["w"]
    return len(values), len(table)


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(60):
        remove_item([1, 2, 3], i % 3)
        remove_item({i: 1}, i)
        plain = Plain()
        plain.x = i
        remove_attribute(plain)
        all_items(i % 6)
        watched()
    del LOG[4:]
    for container in ([1], (1,), {}, {0: 1}, "s", Hooked(), None, bytearray(b"x"), 5):
        for key in (0, 9, slice(0, 1), "k"):
            if isinstance(container, dict) and isinstance(key, slice):
                continue
            out.append(attempt(remove_item, container, key))
    slotted = Slotted()
    slotted.x = 1
    for x in (slotted, slotted, Hooked(), Plain(), 5, None, Slotted.x.__class__):
        out.append(attempt(remove_attribute, x))
    return out


RESULT = main()
