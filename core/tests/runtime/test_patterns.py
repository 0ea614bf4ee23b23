"""What patterns find out about their subjects, against the interpreter's `match`."""

from __future__ import annotations

import collections
import itertools
import types


class Logged:
    """A key that logs how it is asked."""

    def __init__(self, name, log, fail=False):
        self.name, self.log, self.fail = name, log, fail

    def __hash__(self):
        self.log.append(("hash", self.name))
        if self.fail:
            raise ValueError(f"no hash of {self.name}")
        return 7

    def __eq__(self, other):
        self.log.append(("eq", self.name, getattr(other, "name", other)))
        return isinstance(other, Logged) and self.name == other.name

    def __repr__(self):
        return f"Logged({self.name})"


class Missing(dict):
    def __missing__(self, key):
        raise AssertionError("not asked")


class OwnGet(dict):
    def get(self, key, default=None):
        if key == "raise":
            raise LookupError(key)
        return (key, default is None)


class InstanceGet(dict):
    def __init__(self, *args):
        super().__init__(*args)
        self.get = lambda key, default: ("instance", key)


@collections.abc.Mapping.register
class NoGet:
    def __len__(self):
        return 9


def mappings():
    content = {"a": 1, "b": [2], 3: "three", None: "none", "self": "yes"}
    kinds = [dict, Missing, OwnGet, InstanceGet, collections.OrderedDict, types.MappingProxyType]
    subjects = [kind(content) for kind in kinds]
    return [*subjects, collections.ChainMap({"a": 0}, content), NoGet(), dict.fromkeys(range(9))]


KEYS = [("a",), ("b", "a"), (3, None), ("x",), ("a", "x"), ("a", "a"), ("raise",), ("a", 3, "a")]
KEYS += [([],), ("a", []), ("x", "x")]


def stock_keys(subject, keys):
    """match_keys as the interpreter does it."""
    names = ", ".join(f"k.k{i}: v{i}" for i in range(len(keys)))
    values = "".join(f"v{i}, " for i in range(len(keys)))
    source = f"def f(s, k):\n match s:\n  case {{{names}}}: return ({values})\n"
    namespace = {}
    exec(source, namespace)
    holder = types.SimpleNamespace(**{f"k{i}": key for i, key in enumerate(keys)})
    return namespace["f"](subject, holder)


def test_keys(h, outcome):
    for subject, keys in itertools.product(mappings(), KEYS):
        assert outcome(h.match_keys, subject, keys) == outcome(stock_keys, subject, keys), (
            subject,
            keys,
        )
    for subject in (*mappings(), 5):
        assert h.match_keys(subject, ()) == ()


def test_keys_are_asked_in_the_same_order(h, outcome):
    def attempt(matcher, names, fail):
        log = []
        subject = {Logged(name, log): name for name in "abc"}
        keys = tuple(Logged(name, log, fail=name == fail) for name in names)
        del log[:]
        return outcome(matcher, subject, keys), log

    for names in ("a", "abc", "cba", "ax", "xa", "aba", "aa"):
        for fail in ("", "a", "b"):
            expected = attempt(stock_keys, names, fail)
            assert attempt(h.match_keys, names, fail) == expected, (names, fail)
            assert expected[1], "the keys are not asked at all"


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y, log=()):
        self.x, self.y, self.log = x, y, log

    def __repr__(self):
        return f"Point({self.x}, {self.y})"

    @property
    def hidden(self):
        raise AttributeError("hidden")

    @property
    def failing(self):
        raise OSError("failing")


class ListArgs(Point):
    __match_args__ = ["x", "y"]  # noqa: RUF012


class NumberArgs(Point):
    __match_args__ = ("x", 5)


class DoubleArgs(Point):
    __match_args__ = ("x", "x")


class HiddenArgs(Point):
    __match_args__ = ("hidden", "y")


class FailingArgs(Point):
    __match_args__ = ("failing", "y")


class SubString(str):
    __slots__ = ()


class StringArgs(Point):
    __match_args__ = (SubString("x"), "y")


class SelfWithArgs(int):
    __match_args__ = ("real", "imag")


class MetaArgs(type):
    def __getattr__(cls, name):
        if name == "__match_args__":
            raise OSError("no match args")
        raise AttributeError(name)


class WithMetaArgs(metaclass=MetaArgs):
    x = 1


class MetaCheck(type):
    def __instancecheck__(cls, instance):
        if instance == "raise":
            raise OSError("in isinstance")
        return "yes" if instance == "anything" else []


class Checked(metaclass=MetaCheck):
    pass


TYPES = [Point, ListArgs, NumberArgs, DoubleArgs, HiddenArgs, FailingArgs, StringArgs]
TYPES += [SelfWithArgs, WithMetaArgs, Checked, int, str, dict, list, bool, object, type, None, 5]
TYPES += [types.SimpleNamespace, int | str, collections.namedtuple("Pair", "x y")]


def subjects():
    points = [kind(1, 2) for kind in TYPES[:7]]
    others = [SelfWithArgs(4), WithMetaArgs(), "anything", "raise", 5, True, {}]
    return [*points, *others, TYPES[-1](1, 2)]


NAMES = [(), ("x",), ("y", "x"), ("x", "x"), ("none",), ("hidden",), ("failing",), ("real",)]


def stock_class(subject, kind, nargs, names):
    """match_class as the interpreter does it."""
    parts = [f"p{i}" for i in range(nargs)] + [f"{name}=k{i}" for i, name in enumerate(names)]
    values = [f"p{i}" for i in range(nargs)] + [f"k{i}" for i in range(len(names))]
    source = (
        f"def f(s, t):\n match s:\n  case t({', '.join(parts)}): "
        f"return ({''.join(value + ', ' for value in values)})\n"
    )
    namespace = {}
    exec(source, namespace)
    return namespace["f"](subject, kind)


def test_classes(h, outcome):
    seen = collections.Counter()
    for subject, kind, nargs, names in itertools.product(subjects(), TYPES, range(4), NAMES):
        if len(set(names)) < len(names):
            continue  # the compiler says so; below they come in twice through __match_args__
        expected = outcome(stock_class, subject, kind, nargs, names)
        found = outcome(h.match_class, subject, kind, nargs, names)
        assert found == expected, (subject, kind, nargs, names)
        seen[expected[1] if expected[0] == "value" else expected[1][0]] += 1
    assert {"tuple", "NoneType", "TypeError", "OSError"} <= {*seen}


def test_lengths(h, outcome):
    class Length:
        def __init__(self, length):
            self.length = length

        def __len__(self):
            return self.length

    values = [[], [1, 2], "abc", {}, {1: 2}, b"", range(10**18), 5, None, Length(2**62)]
    for value in [*values, Length(-1), Length(2**63), Length("x"), Length(True), Length]:
        assert outcome(h.get_len, value) == outcome(len, value), value
