"""Call sites that see bound C methods, classes of C, type(), str() and functions in turn.

A JIT relies on the convention of a C callable, or on its type, rather than on its identity; each
callable that comes after has to be looked at again, with the errors of its own.
"""

from collections import deque
from types import MethodType

LOG = []


class Loud:
    """Its text raises, or is of a subclass."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        LOG.append(("str", self.text))
        if self.text is None:
            raise ValueError("no text")
        return self.text


class Text(str):
    pass


def call_one(f, x):
    return f(x)


def call_none(f):
    return f()


def call_two(f, x, y):
    return f(x, y)


def call_key(f, x):
    return f(x, key=abs)


def kind_of(x):
    return type(x)


def text_of(x):
    return str(x)


def pair_of(x):
    return tuple(x), list(x), frozenset(x), bool(x)


def outcome(f, *args):
    try:
        return f(*args)
    except Exception as error:
        traceback = error.__traceback__
        lines = []
        while traceback is not None:
            lines.append(traceback.tb_lineno)
            traceback = traceback.tb_next
        return type(error).__name__, str(error), lines


def main():
    items, unique, queue = [], set(), deque()
    for i in range(150):
        call_one(items.append, i % 5)
        call_two(items.insert, 0, i % 3)
        call_none([i].pop)
        call_key(sorted, [i, -i, 3])
        kind_of(i)
        text_of(i)
        pair_of((i, i))
    out = [len(items), items[:4]]
    for f in (unique.add, queue.append, items.remove, {1: "one"}.get, "a,b".split, len, int, Loud,
              Text, lambda x: x, type, MethodType(max, [1, 5]), MethodType(Loud, "t"), 5, [].sort):
        for x in (1, ",", [3, 4]):
            out.append(("one", type(outcome(call_one, f, x)).__name__))
            shown = outcome(call_one, f, x)
            out.append(shown if isinstance(shown, (int, str, tuple, list)) else None)
    for f in ([1, 2].pop, {}.popitem, items.copy, dict, Loud, "x y".split, bytes, lambda: 7):
        shown = outcome(call_none, f)
        out.append(shown if isinstance(shown, (int, str, tuple, list, dict, bytes)) else None)
    for f in (items.insert, {}.setdefault, max, divmod, "a-b".replace, pow, Loud, isinstance):
        for x, y in ((1, 2), ("-", "+"), (0, int)):
            shown = outcome(call_two, f, x, y)
            out.append(shown if isinstance(shown, (int, str, tuple, list)) else None)
    for f in (max, min, [3, -4].sort, len, dict):
        out.append(outcome(call_key, f, [5, -6]))
    for x in (1.5, Loud("loud"), Loud(None), Text("text"), b"bytes", None):
        out.append((kind_of(x).__name__, outcome(text_of, x), type(outcome(text_of, x)).__name__))
        out.append(outcome(pair_of, x))
    return out, sorted(unique, key=repr), list(queue)


RESULT = main()
