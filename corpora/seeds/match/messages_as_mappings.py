"""A dispatcher of messages: mapping patterns, nested ones, `**rest`, and other mappings than dict.

Keys are looked up by `get` without creating anything, the rest is a new dict
without them, and a mapping may be of any class or lie about what it contains.
"""

import collections
import types

LOG = []


class Shouting(dict):
    def get(self, key, default=None):
        LOG.append(("get", key))
        return super().get(key, default)

    def __missing__(self, key):
        LOG.append(("missing", key))
        return "made up"


class Lying(dict):
    def get(self, key, default=None):
        return "anything"

    def keys(self):
        return ["kind", "lie"]

    def __getitem__(self, key):
        return f"item {key}"


class Refusing(dict):
    def get(self, key, default=None):
        raise PermissionError(key)


class Names:
    KIND = "kind"
    SAME = "kind"
    unhashable = []


def dispatch(message):
    match message:
        case {"kind": "add", "item": {"name": str(name), "price": int() | float() as price}}:
            return "add", name, price
        case {"kind": "add", "item": {"name": name, **details}}:
            return "free", name, details
        case {"kind": "batch", "of": [first, *more]}:
            return "batch", dispatch(first), [dispatch(message) for message in more]
        case {"kind": "batch", "of": []}:
            return "batch", None, []
        case {"kind": kind, "to": (x, y), **rest} if x != y:
            return kind, x - y, rest
        case {"kind": kind, **rest}:
            return "other", kind, rest
        case {1: one, None: none, b"x": bytes_, -2.5: number}:
            return one, none, bytes_, number
        case {}:
            return "no kind", len(message)
        case _:
            return "no message"


def by_value(message):
    match message:
        case {Names.KIND: kind, Names.SAME: same}:
            return kind, same
        case {Names.unhashable: value}:
            return value
    return "nothing"


def kinds_of(messages):
    kinds = {}
    for message in messages:
        match message:
            case {"kind": str(kind)}:
                kinds[kind] = kinds.get(kind, 0) + 1
            case {**others}:
                kinds[len(others)] = kinds
    return list(kinds)


MESSAGES = [
    {"kind": "add", "item": {"name": "pen", "price": 2}},
    {"kind": "add", "item": {"name": "pen", "price": 2.5, "colour": "red"}},
    {"kind": "add", "item": {"name": "pen", "price": "free", "colour": "red"}},
    {"kind": "add", "item": ["pen"]},
    {
        "kind": "batch",
        "of": [{"kind": "move", "to": (1, 2), "by": "me"}, {"kind": "move", "to": (1, 1)}],
    },
    {"kind": "batch", "of": ()},
    {"to": (1, 2)},
    {},
    ["kind"],
    collections.OrderedDict(z=1, kind="move", to=[5, 2], a=2),
    collections.ChainMap({"to": (3, 4)}, {"kind": "chained", "to": (0, 0)}),
    collections.defaultdict(list, other=[]),
    types.MappingProxyType({"kind": "proxied"}),
    collections.Counter(kind=3),
]


def attempt(function, *args):
    try:
        return function(*args)
    except (PermissionError, ValueError, TypeError, AttributeError) as error:
        trace, lines = error.__traceback__, []
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
            trace = trace.tb_next
        return type(error).__name__, str(error), lines


def main():
    runs = [[dispatch(message) for message in MESSAGES] for _ in range(12)]
    out = [runs[0], all(run == runs[0] for run in runs), kinds_of(MESSAGES)]
    for kind in (Shouting, Lying, Refusing):
        for message in ({"kind": "move", "to": (1, 2), "by": "me"}, {"kind": "add"}, {}):
            out.append(attempt(dispatch, kind(message)))
    out.append(len(MESSAGES[11]))
    out.append(
        [
            dispatch({1.0: "one", None: "none", b"x": 3, -2.5: 4}),
            dispatch({True: 1, None: 2, b"x": 3}),
        ]
    )
    out.append([attempt(by_value, {"kind": 1, "other": 2}) for _ in range(5)])
    out.append(attempt(by_value, {"other": 2}))
    Names.SAME = "other"
    out.append(attempt(by_value, {"kind": 1, "other": 2}))
    return out


RESULT = main()
