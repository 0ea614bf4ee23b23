"""Building, extending, unpacking and formatting, against the interpreter's."""

from __future__ import annotations

import collections
import itertools
import sys

import pytest


class Unhashable:
    __hash__ = None

    def __repr__(self):
        return "Unhashable()"


class BadHash:
    def __hash__(self):
        raise ValueError("no hash")

    def __repr__(self):
        return "BadHash()"


class Mapping:
    """Enough of a mapping for ** and {**…}."""

    def __init__(self, keys, fail=None):
        self._keys, self._fail = keys, fail

    def keys(self):
        return self._keys

    def __getitem__(self, key):
        if key == self._fail:
            raise KeyError("own", "error")
        return f"value {key}"

    def __repr__(self):
        return f"Mapping({self._keys})"


class NoKeys:
    def keys(self):
        raise AttributeError("inside keys")

    def __repr__(self):
        return "NoKeys()"


class OldSequence:
    def __getitem__(self, index):
        if index == 3:
            raise IndexError
        return index

    def __repr__(self):
        return "OldSequence()"


class BadIter:
    def __iter__(self):
        raise TypeError("in iter")

    def __repr__(self):
        return "BadIter()"


class NotIterator:
    def __iter__(self):
        return 5

    def __repr__(self):
        return "NotIterator()"


class FailsLater:
    def __iter__(self):
        yield 1
        raise OSError("later")

    def __repr__(self):
        return "FailsLater()"


OPERANDS = [
    (),
    (1001,),
    (1001, 1001),
    ("one of these", "another", "one of these"),
    tuple(range(1000, 1030)),
    (1001, Unhashable(), 1002),
    (1001, BadHash()),
]
"""Objects that nobody else has: small ints and letters are other threads' as well, and how often
they are referred to changes at any time."""


@pytest.mark.parametrize("items", OPERANDS, ids=repr)
def test_building_sequences_and_sets(h, outcome, items):
    names = [f"x{i}" for i in range(len(items))]
    inner = ", ".join(names)
    for helper, display in (
        (h.build_tuple, f"({inner}{',' if names else ''})"),
        (h.build_list, f"[{inner}]"),
        (h.build_set, f"{{{inner}}}" if names else "set()"),
    ):
        stock = eval(f"lambda {inner}: {display}")
        before = [sys.getrefcount(item) for item in items]
        expected = outcome(stock, *items)
        assert outcome(helper, items) == expected
        assert [sys.getrefcount(item) for item in items] == before


PAIRS = [
    *((), ("a", 1), ("a", 1, "a", 2), (1, 2, 3, 4), (Unhashable(), 1), ("k", "v", BadHash(), 1)),
    *(tuple(range(40)), tuple(map(str, range(40))), ("a", 1, 2, 3) * 5),
]


@pytest.mark.parametrize("items", PAIRS, ids=lambda items: f"{len(items)} {items[:4]!r}")
def test_building_dicts(h, outcome, items):
    names = [f"x{i}" for i in range(len(items))]
    pairs = ", ".join(f"{k}: {v}" for k, v in zip(names[::2], names[1::2], strict=True))
    stock = eval(f"lambda {', '.join(names)}: {{{pairs}}}")
    before = [sys.getrefcount(item) for item in items]
    assert outcome(h.build_map, items) == outcome(stock, *items)
    assert outcome(h.build_const_key_map, items[::2], items[1::2]) == outcome(stock, *items)
    assert [sys.getrefcount(item) for item in items] == before
    keys = items[::2]
    if len(set(map(str, keys))) == len(keys) and outcome(stock, *items)[0] == "value":
        # the memory a program sees is the same, too
        assert sys.getsizeof(h.build_map(items)) == sys.getsizeof(stock(*items))


def test_const_key_map_checks_its_keys(h):
    with pytest.raises(SystemError, match="bad BUILD_CONST_KEY_MAP keys argument"):
        h.build_const_key_map(("a",), (1, 2))


class Dying:
    """Says when it dies; equal to others of its group."""

    def __init__(self, log, name, group):
        self.log, self.name, self.group = log, name, group

    def __hash__(self):
        return hash(self.group)

    def __eq__(self, other):
        return self.group == other.group

    def __del__(self):
        self.log.append(self.name)


def stock_dict(make):
    return {make(0): make(1), make(2): make(3), make(4): make(5)}


def stock_set(make):
    return {make(0), make(1), make(2), make(3), make(4), make(5)}


def stock_unhashable(make):
    return {make(0), make(1), [], make(3)}


def stock_pairs_unhashable(make):
    return {make(0): make(1), (make(2), []): make(3), make(4): make(5)}


@pytest.mark.parametrize(
    ("build", "stock", "replaced"),
    [
        ("build_map", stock_dict, {}),
        ("build_set", stock_set, {}),
        ("build_set", stock_unhashable, {2: lambda make: []}),
        ("build_map", stock_pairs_unhashable, {2: lambda make: (make(2), [])}),
    ],
)
def test_operands_die_in_the_interpreters_order(h, outcome, build, stock, replaced):
    n = 4 if stock is stock_unhashable else 6
    logs = ([], [])

    def maker(log):
        return lambda i: Dying(log, i, i % 4)

    def helper():
        make = maker(logs[0])
        # a list of operands is emptied: the helper has the only references
        operands = [replaced[i](make) if i in replaced else make(i) for i in range(n)]
        return type(getattr(h, build)(operands))

    def expected():
        return type(stock(maker(logs[1])))

    assert outcome(helper) == outcome(expected)
    assert logs[0] == logs[1]


def test_build_string(h):
    assert h.build_string(()) == ""
    assert h.build_string(("a", "ä", "\U0001f600", "")) == "aä\U0001f600"


def test_comprehension_helpers(h, outcome):
    items, unique, mapping = [], set(), {}
    for i in range(100):
        assert h.list_append(items, i) == h.set_add(unique, i) == h.map_add(mapping, i, -i) == 0
    assert items == list(range(100))
    assert unique == set(range(100))
    assert mapping == {i: -i for i in range(100)}
    assert outcome(h.set_add, unique, []) == outcome(lambda: {x for x in [[]]})  # noqa: C416
    assert outcome(h.map_add, mapping, [], 1) == outcome(lambda: dict.fromkeys([[]], 1))


ITERABLES = [
    *([1, 2], (1, 2), "ab", {1}, {1: 2}, range(3), b"ab", 5, None, 1.5, int, Unhashable()),
    *(OldSequence(), BadIter(), NotIterator(), FailsLater(), [[1]], [], (), {}),
]


@pytest.mark.parametrize("iterable", ITERABLES, ids=repr)
def test_extending(h, outcome, iterable):
    def extend():
        result = [0]
        h.list_extend(result, iterable)
        return result

    def update():
        result = {0}
        h.set_update(result, iterable)
        return result

    assert outcome(extend) == outcome(lambda: [0, *iterable])
    assert outcome(update) == outcome(lambda: {0, *iterable})


MAPPINGS = [
    *(
        {"b": 1},
        {"a": 2},
        {},
        {1: 2},
        {"b": 1, 1: 2},
        Mapping(["b", "c"]),
        Mapping(["a"]),
        [("b", 1)],
    ),
    *(Mapping([1]), Mapping(["b", "c"], fail="c"), Mapping(5), NoKeys(), 5, None, [], "ab", [1]),
    *(collections.OrderedDict(b=1), collections.ChainMap({"b": 1})),
]


def takes_keywords(**kwargs):
    return kwargs


class Callable:
    def __call__(self, **kwargs):
        return kwargs


@pytest.mark.parametrize("mapping", MAPPINGS, ids=repr)
def test_updating_and_merging(h, outcome, mapping):
    def update():
        result = {"a": 1}
        h.dict_update(result, mapping)
        return result

    assert outcome(update) == outcome(lambda: {"a": 1, **mapping})
    for function in (takes_keywords, dict, Callable(), str.format, [].append):

        def merge():
            result = {"a": 1}
            h.dict_merge(result, mapping, function)  # noqa: B023
            return "merged"

        def stock():
            return function(a=1, **mapping)  # noqa: B023

        expected = outcome(stock)
        duplicate = expected[0] == "raised" and "multiple values" in expected[1][1]
        if duplicate or outcome(lambda: {"a": 1, **mapping})[0] == "raised":
            assert outcome(merge) == expected
        else:  # what happens then is the call's business
            assert outcome(merge) == ("value", "str", "'merged'")


class Formats:
    def __init__(self, result):
        self.result = result

    def __format__(self, spec):
        return self.result

    def __str__(self):
        return "as str"

    def __repr__(self):
        return "as répr"


class StrOfOurs(str):
    def __format__(self, spec):
        return f"formatted {spec!r}"

    def __str__(self):
        return self


CONVERSIONS = {0: "", 1: "!s", 2: "!r", 3: "!a"}


@pytest.mark.parametrize("conversion", CONVERSIONS)
def test_format_value(h, outcome, conversion):
    values = [1, 1.5, "ä", None, StrOfOurs("x"), Formats("done"), Formats(5), [1], object, b"a"]
    for value, spec in itertools.product(values, (None, "", ">8", "q", ".2f")):
        if spec is None:
            stock = eval(f"lambda value, spec: f'{{value{CONVERSIONS[conversion]}}}'")
        else:
            stock = eval(f"lambda value, spec: f'{{value{CONVERSIONS[conversion]}:{{spec}}}}'")
        oparg = conversion | (0 if spec is None else 4)
        assert outcome(h.format_value, value, spec, oparg) == outcome(stock, value, spec)


def test_format_value_passes_strings_through(h):
    text = "some text"
    assert h.format_value(text, None, 0) is text


@pytest.mark.parametrize(
    "sequence",
    [*ITERABLES, [1, 2, 3], (1, 2, 3), iter([1, 2, 3])],
    # Without addresses: the processes of a parallel run must agree on the names of the tests.
    ids=lambda sequence: repr(sequence).partition(" object at ")[0],
)
def test_unpacking(h, outcome, sequence):
    if isinstance(sequence, type(iter([]))):
        sequences = lambda: iter([1, 2, 3])  # noqa: E731
    else:
        sequences = lambda: sequence  # noqa: E731
    site = h.Site()
    for n in (1, 2, 3, 4):
        targets = ", ".join(f"x{i}" for i in range(n))
        namespace = {}
        exec(f"def stock(s):\n    {targets}, = s\n    return {targets},\n", namespace)
        expected = outcome(lambda: namespace["stock"](sequences()))  # noqa: B023
        assert outcome(lambda: h.unpack_sequence(site, sequences(), n)) == expected  # noqa: B023
    for before, after in itertools.product((0, 1, 2), (0, 1, 2)):
        first = [f"x{i}" for i in range(before)]
        last = [f"y{i}" for i in range(after)]
        targets = ", ".join([*first, "*rest", *last])
        values = ", ".join([*first, "rest", *last])
        namespace = {}
        exec(f"def stock(s):\n    {targets}, = s\n    return {values},\n", namespace)
        expected = outcome(lambda: namespace["stock"](sequences()))  # noqa: B023
        assert outcome(lambda: h.unpack_ex(sequences(), before, after)) == expected  # noqa: B023


def test_unpacking_records_the_sequence(h):
    site = h.Site()
    h.unpack_sequence(site, (1, 2), 2)
    assert site.seen_left == h.SEEN_TUPLE
    h.unpack_sequence(site, [1, 2], 2)
    assert site.seen_left == h.SEEN_TUPLE | h.SEEN_LIST


def test_failed_unpacking_keeps_nothing(h):
    items = [object(), object(), object()]
    before = [sys.getrefcount(item) for item in items]
    for n in (2, 4):
        with pytest.raises(ValueError, match="values to unpack"):
            h.unpack_sequence(None, iter(items), n)
    with pytest.raises(ValueError, match="at least 4, got 3"):
        h.unpack_ex(items, 2, 2)
    with pytest.raises(ValueError, match="at least 5, got 3"):
        h.unpack_ex(items, 4, 1)
    assert [sys.getrefcount(item) for item in items] == before
