"""Subscripts and iteration, against the interpreter's."""

from __future__ import annotations

import collections
import itertools

import pytest


class WithIndex:
    def __index__(self):
        return 1

    def __repr__(self):
        return "WithIndex()"


class Missing(dict):
    def __missing__(self, key):
        return ("missing", key)


class OnList(list):
    def __getitem__(self, key):
        return ("OnList", key)


class Raises:
    def __getitem__(self, key):
        raise LookupError(key)

    def __setitem__(self, key, value):
        raise LookupError(key, value)

    def __delitem__(self, key):
        raise LookupError(key)

    def __repr__(self):
        return "Raises()"


def containers():
    return [
        [1, 2, 3],
        [],
        (1, 2, 3),
        (),
        {0: "zero", "a": 1, -1: "minus", (): 2},
        "abc",
        "",
        "aä\U0001f600",
        b"abc",
        bytearray(b"abc"),
        range(5),
        Missing(a=1),
        OnList([1, 2]),
        Raises(),
        collections.OrderedDict(a=1),
        collections.defaultdict(list),
        collections.deque([1, 2]),
        memoryview(bytearray(b"abc")),
        int,
        type,
        list,
        None,
        5,
    ]


KEYS = [
    *(
        0,
        1,
        2,
        3,
        -1,
        -3,
        -4,
        2**30,
        -(2**30),
        2**64,
        -(2**64),
        True,
        1.0,
        "a",
        None,
        (),
        WithIndex(),
    ),
    *(slice(None), slice(1, None), slice(None, None, -1), slice(1, 2, 0), [], (0, ())),
]


def stock_get(container, key):
    return container[key]


def stock_set(container, key):
    container[key] = "new"


def stock_delete(container, key):
    del container[key]


def same_effect(outcome, index, key, helper, stock):
    mine, other = containers()[index], containers()[index]
    assert outcome(helper, mine, key) == outcome(stock, other, key), (mine, key)
    assert repr(mine).split(" at 0x")[0] == repr(other).split(" at 0x")[0], key


@pytest.mark.parametrize("index", range(len(containers())))
def test_subscripts_of_everything(h, outcome, index):
    site, store_site = h.Site(), h.Site()
    for key in KEYS:
        same_effect(outcome, index, key, lambda c, k: h.binary_subscr(site, c, k), stock_get)

        def store(container, key):
            assert h.store_subscr(store_site, container, key, "new") == 0

        def delete(container, key):
            assert h.delete_subscr(container, key) == 0

        same_effect(outcome, index, key, store, stock_set)
        same_effect(outcome, index, key, delete, stock_delete)


def test_subscript_sites_record_types(h):
    site = h.Site()
    h.binary_subscr(site, [1], 0)
    h.binary_subscr(site, (1,), 0)
    assert (site.seen_left, site.seen_right) == (h.SEEN_LIST | h.SEEN_TUPLE, h.SEEN_INT)
    h.store_subscr(site, {}, "k", 1)
    h.binary_subscr(site, "abc", slice(1))
    assert site.seen_left == h.SEEN_LIST | h.SEEN_TUPLE | h.SEEN_DICT | h.SEEN_STR
    assert site.seen_right == h.SEEN_INT | h.SEEN_STR | h.SEEN_BUILTIN


def test_stored_item_is_replaced_before_the_old_one_dies(h):
    seen = []

    class Dying:
        def __del__(self):
            seen.append(list(items))

    items = [Dying(), 2]
    h.store_subscr(None, items, 0, "new")
    assert seen == [["new", 2]]


def iterables():
    def generator():
        yield 1
        return "value"

    class Failing:
        def __iter__(self):
            return self

        def __next__(self):
            raise ValueError("in next")

    class Stopping:
        def __iter__(self):
            return self

        def __next__(self):
            raise StopIteration("with a value")

    return [
        [1, 2],
        (1, 2),
        range(3),
        range(10**30, 10**30 + 2),
        "ab",
        {1: 2}.items(),
        {1: 2},
        {3},
        b"ab",
        generator(),
        zip("ab", [1, 2], strict=True),
        map(int, "1x"),
        itertools.islice(itertools.count(), 2),
        Failing(),
        Stopping(),
        enumerate("a"),
    ]


def drain(h, site, iterator):
    items = []
    while item := h.for_iter(site, iterator):
        items.append(item[0])
    return items


def stock_drain(iterable):
    return [item for item in iterable]  # noqa: C416


@pytest.mark.parametrize("index", range(len(iterables())))
def test_for_iter(h, outcome, index):
    mine, other = iterables()[index], iterables()[index]
    assert outcome(lambda: drain(h, None, iter(mine))) == outcome(stock_drain, other)


def test_for_iter_records_iterators(h):
    for iterable, seen in (
        ([1], h.SEEN_LIST_ITER),
        ((1,), h.SEEN_TUPLE_ITER),
        (range(1), h.SEEN_RANGE_ITER),
    ):
        site = h.Site()
        drain(h, site, iter(iterable))
        assert site.seen_left == seen
        drain(h, site, iter("a"))
        assert site.seen_left == seen | h.SEEN_BUILTIN


def test_iterating_a_dict_that_changes(h, outcome):
    def helper():
        data = {1: 1}
        iterator = iter(data)
        h.for_iter(None, iterator)
        data[2] = 2
        return h.for_iter(None, iterator)

    def stock():
        data = {1: 1}
        for _ in data:
            data[2] = 2

    assert outcome(helper) == outcome(stock)
