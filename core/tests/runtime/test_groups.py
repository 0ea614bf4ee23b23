"""`except*` against the interpreter's: what a clause gets, and what is raised behind the last."""

from __future__ import annotations

import collections
import itertools
import sys

import pytest


class Derived(ExceptionGroup):
    def derive(self, excs):
        return Derived(f"{self.message} derived", excs)


class DerivesNothing(ExceptionGroup):
    def derive(self, excs):
        return 5


class DerivesErrors(ExceptionGroup):
    def derive(self, excs):
        raise LookupError("derive")


class SplitsInTwo(ExceptionGroup):
    def split(self, kind):
        return ExceptionGroup("one", [KeyError(kind)]), ExceptionGroup("two", [OSError()])


class SplitFails(ExceptionGroup):
    def split(self, kind):
        raise LookupError("split")


class Meta(type):
    def __subclasscheck__(cls, other):
        raise LookupError("subclass check")


class WithMeta(Exception, metaclass=Meta):
    pass


GROUPS = [ExceptionGroup, Derived, DerivesNothing, DerivesErrors, SplitsInTwo, SplitFails]


def exceptions():
    value, kind = ValueError("v"), TypeError("t")
    yield value
    yield KeyboardInterrupt("k")
    yield BaseExceptionGroup("base", [value, SystemExit(2)])
    for group in GROUPS:
        yield group("one", [value])
        yield group("two", [value, kind])
        yield group("deep", [kind, ExceptionGroup("in", [value, group("deeper", [kind, value])])])


TYPES = [ValueError, (TypeError, ValueError), Exception, BaseException, OSError, (), WithMeta]
TYPES += [ExceptionGroup, (ValueError, BaseExceptionGroup), 5, (ValueError, 5), None, Derived]
TYPES += [int, ValueError("instance"), (ValueError, (TypeError,))]


def summary(error):
    """An exception with everything that belongs to it, groups with what is in them."""
    if not isinstance(error, BaseException):
        return error
    parts = [summary(inner) for inner in getattr(error, "exceptions", ())]
    depth, trace = 0, error.__traceback__
    while trace is not None:
        depth, trace = depth + 1, trace.tb_next
    notes = getattr(error, "__notes__", None)
    chain = repr(error.__cause__), repr(error.__context__), error.__suppress_context__
    return type(error).__name__, error.args[0], depth, notes, chain, parts


def handling(exception, action):
    """The result of an action in a handler, and what that handles then."""
    try:
        raise exception
    except BaseException:  # noqa: BLE001 - whatever it is
        try:
            return [summary(part) for part in action()], summary(sys.exception())
        except BaseException as error:  # noqa: BLE001
            error.__context__ = error.__traceback__ = None
            return summary(error)


def test_what_a_clause_gets(h, assembled):
    stock = assembled("LOAD_FAST 0", "LOAD_FAST 1", "CHECK_EG_MATCH 0", "BUILD_TUPLE 2")
    results = collections.Counter()
    for i, kind in itertools.product(range(len(list(exceptions()))), TYPES):
        mine, other = list(exceptions())[i], list(exceptions())[i]
        found = handling(mine, lambda: h.check_eg_match(mine, kind))  # noqa: B023
        expected = handling(other, lambda: stock(other, kind))  # noqa: B023
        assert found == expected, (mine, kind)
        results[expected[0] if isinstance(expected[0], str) else len(expected)] += 1
    assert {2, "TypeError", "LookupError"} <= {*results}
    assert h.check_eg_match(None, ValueError) == (None, None)


@pytest.mark.parametrize(
    ("answer", "words"),
    [(5, "must return a tuple, not int"), ((5,), "must return a 2-tuple, got tuple of size 1")],
)
def test_split_that_answers_nonsense_is_an_error(h, answer, words):
    class Wrong(ExceptionGroup):
        def split(self, kind):
            return answer

    with pytest.raises(TypeError, match=words):
        h.check_eg_match(Wrong("g", [ValueError()]), TypeError)


def test_clauses_keep_nothing(h):
    for exception, kind in itertools.product(exceptions(), TYPES):
        before = sys.getrefcount(exception)
        for _ in range(3):
            handling(exception, lambda: h.check_eg_match(exception, kind))  # noqa: B023
        exception.__traceback__ = None
        assert sys.getrefcount(exception) == before, (exception, kind)


def group(kind, notes, leaves):
    one, two, three, four = leaves
    error = kind("g", [one, ExceptionGroup("in", [two, kind("deep", [three])]), four])
    if notes is not None:
        error.__notes__ = notes
    return error


def raised_lists(original, leaves):
    """What clauses may have left behind: parts raised again, others' exceptions, None."""
    new, outer = KeyError("new"), ExceptionGroup("new", [KeyError("inside")])
    parts = []
    for leaf in leaves:
        part = ExceptionGroup("part", [leaf])
        part.__traceback__, part.__context__ = original.__traceback__, original.__context__
        part.__cause__ = original.__cause__
        parts.append(part)
    yield []
    yield [None]
    yield [None, None, new]
    for n in range(1, 5):
        yield parts[:n]
        yield [*parts[-n:], new, None]
        yield [new, parts[n - 1], outer]
        yield [ExceptionGroup("other", leaves[:n])]


def outcome_of(action):
    try:
        return summary(action())
    except Exception as error:  # noqa: BLE001 - whatever it is, the other side must do it too
        return "raised", summary(error.with_traceback(None))


@pytest.mark.parametrize("notes", [None, ["a", "b"], ("tuple",), 5])
def test_what_is_raised_behind_the_last_clause(h, assembled, notes):
    stock = assembled("LOAD_FAST 0", "LOAD_FAST 1", "PREP_RERAISE_STAR 0")
    results = set()
    for kind in GROUPS[:4]:
        leaves = [ValueError(1), TypeError(2), ValueError(3), KeyError(4)]
        original = group(kind, notes, leaves)
        try:
            raise original from OSError("cause")
        except ExceptionGroup:
            lists = list(raised_lists(original, leaves))
        for raised in lists:
            expected = outcome_of(lambda: stock(original, raised))  # noqa: B023
            assert outcome_of(lambda: h.prep_reraise_star(original, raised)) == expected  # noqa: B023
            results.add(expected[0] if expected else None)
    assert {None, "ExceptionGroup"} <= results
    if notes is None:  # otherwise nothing counts as raised again
        assert {"Derived", "raised"} <= results


def test_an_exception_that_came_alone_is_raised_as_it_is(h):
    alone, raised = ValueError("alone"), KeyError("raised")
    assert h.prep_reraise_star(alone, [raised]) is raised
    assert h.prep_reraise_star(alone, [None]) is None
    assert h.prep_reraise_star(alone, []) is None


def test_nesting_without_end_is_an_error(h, assembled):
    stock = assembled("LOAD_FAST 0", "LOAD_FAST 1", "PREP_RERAISE_STAR 0")
    deep = ValueError("innermost")
    for _ in range(sys.getrecursionlimit()):
        deep = ExceptionGroup("deep", [deep])
    shallow = ExceptionGroup("shallow", [ValueError()])
    for original, raised in ((shallow, [deep]), (deep, [shallow])):
        texts = []
        for function in (stock, h.prep_reraise_star):
            with pytest.raises(RecursionError) as caught:
                function(original, raised)
            texts.append(str(caught.value))
        assert texts[0] == texts[1]
        assert texts[0].endswith((" in exceptiongroup_split_recursive", "_leaf_ids"))
