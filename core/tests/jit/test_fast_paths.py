"""What optimised code does by itself, and what it leaves to which helper.

That the results are right is for the programs of the corpus to say, under every profile. That a
fast path is there at all only shows in the code.
"""

import re

import pytest

import pyjit_core


@pytest.fixture(autouse=True)
def _at_once():
    before = {option.name: getattr(pyjit_core.config, option.name) for option in pyjit_core.config}
    pyjit_core.config.compile_share = 0
    pyjit_core.config.compile_only = "f"  # and nothing else counts events
    pyjit_core.enable()
    yield
    pyjit_core.disable()
    for name, value in before.items():
        setattr(pyjit_core.config, name, value)


def helped(opcode, function, *arguments):
    """Return how often helpers did the work of an opcode in fifty calls."""
    pyjit_core.reset_events()
    for _ in range(50):
        function(*arguments)
    rows = [row["outcomes"] for row in pyjit_core.opcode_stats() if opcode in row["opcode"]]
    return sum(outcomes.get("helper", 0) for outcomes in rows)


def made(source, *arguments):
    """Return the function `f` of a source, run often; with several arguments, in turn."""
    namespace = {"__name__": "made"}
    exec(source, namespace)
    f = namespace["f"]
    for _ in range(400):
        for each in arguments:
            f(*each)
    assert pyjit_core.is_compiled(f)
    return f


def calls(function):
    """Return the names of what the code calls."""
    return set(re.findall(r"; (\w+)", pyjit_core.disassemble(function)))


LOOP = "def f(items):\n    n = 0\n    for item in items:\n        n += 1\n    return n\n"


@pytest.mark.parametrize(
    "items",
    [
        {1: 2},
        {1: 2}.items(),
        {1, 2},
        "ab",
        b"ab",
        zip([1], [2], strict=True),
        enumerate([1]),
        map(len, ["a"]),
    ],
    ids=lambda items: type(items).__name__,
)
def test_iterators_made_in_c_are_asked_directly(items):
    names = calls(made(LOOP, (items,)))
    assert "pyjit_end_of_iteration" in names
    assert "pyjit_for_iter" not in names


def test_so_are_iterators_of_several_types():
    names = calls(made(LOOP, ([1],), ((1,),), (range(2),), ({1},)))
    assert "pyjit_end_of_iteration" in names
    assert "pyjit_for_iter" not in names


def test_iterators_made_in_python_are_not():
    own = type("Own", (), {"__iter__": lambda self: self, "__next__": lambda self: [][0]})
    source = LOOP.replace("    for", "    try:\n     for").replace("        n", "      n")
    source = source.replace("    return", "    except IndexError:\n        pass\n    return")
    assert "pyjit_for_iter" in calls(made(source, (own(),)))


@pytest.mark.parametrize("items", [[1, 2], (1, 2), range(2)], ids=repr)
def test_the_end_of_a_loop_takes_no_helper(items):
    pyjit_core.config.count_events = 1
    function = made(LOOP, (items,))
    assert helped("FOR_ITER", function, items) == 0
    assert helped("FOR_ITER", function, {1}) > 0


def test_an_abandoned_generator_takes_no_exception():
    found = made("def f(items):\n    return any(item for item in items)\n", ([0, 1, 2],))
    before = pyjit_core.stats()
    for _ in range(50):
        assert found([0, 1, 2])
    after = pyjit_core.stats()
    assert after["abandoned_generators"] - before["abandoned_generators"] == 50
    assert after["thrown"] == before["thrown"]


COMPARISONS = {
    "equal": ("def f(a, b):\n    return a == b\n", "pyjit_equal_strings"),
    "unequal": ("def f(a, b):\n    return a != b\n", "pyjit_unequal_strings"),
    "jump": ("def f(a, b):\n    return 1 if a == b else 2\n", "pyjit_equal_strings"),
    "character": ("def f(a, b):\n    return 1 if a == 'x' else 2\n", "pyjit_equal_strings"),
}


@pytest.mark.parametrize(("source", "helper"), COMPARISONS.values(), ids=COMPARISONS)
def test_strings_are_compared_in_place(source, helper):
    names = calls(made(source, ("abc", "abd"), ("x", "x")))
    assert helper in names
    assert not names & {"pyjit_compare", "pyjit_compare_bool"}


def test_strings_are_not_ordered_in_place():
    assert "pyjit_compare" in calls(made("def f(a, b):\n    return a < b\n", ("a", "b")))


SUBSCRIPT = "def f(container, key):\n    return container[key]\n"


def test_a_dict_has_its_own_subscript():
    assert "pyjit_subscript_dict" in calls(made(SUBSCRIPT, ({1: 2}, 1)))


def test_a_str_has_its_own_subscript():
    assert "pyjit_subscript_str" in calls(made(SUBSCRIPT, ("abc", 1)))


SLICES = {
    "stepped": ("def f(a, k):\n    return a[k::-1]\n", "pyjit_step_slice"),
    "stored": ("def f(a, k):\n    a[:k] = (1,)\n", "pyjit_store_slice"),
}


@pytest.mark.parametrize(("source", "helper"), SLICES.values(), ids=SLICES)
def test_slices_without_an_object(source, helper):
    names = calls(made(source, ([1, 2, 3], 1)))
    assert helper in names
    assert "PySlice_New" not in names


@pytest.mark.parametrize("n", [2, 6])
def test_lists_and_tuples_are_unpacked_at_one_place(n):
    names = ", ".join("abcdef"[:n])
    source = f"def f(items):\n    {names} = items\n    return a\n"
    assert "pyjit_unpack_sequence" not in calls(made(source, ([1] * n,), ((1,) * n,)))
    assert "pyjit_unpack_sequence" in calls(made(source, ("x" * n,)))


def test_none_is_false_without_a_helper():
    pyjit_core.config.count_events = 1
    function = made("def f(a):\n    return 1 if a else 2\n", (None,))
    assert function(None) == 2
    assert helped("POP_JUMP", function, None) == 0
    assert helped("POP_JUMP", function, "a") == 50


def test_types_without_vectorcall_are_called_as_such():
    pyjit_core.config.count_events = 1
    function = made("def f(t):\n    return t()\n", (zip,), (dict,))
    assert helped("CALL", function, zip) == 0
    assert helped("CALL", function, type("Own", (), {})) == 50


def test_globals_that_change_are_found_by_their_keys():
    source = "n = 0\nk = 5\ndef f():\n    global n\n    n += 1\n    return k\n"
    pyjit_core.config.count_events = 1
    function = made(source, ())
    assert function() == 5
    assert helped("LOAD_GLOBAL", function) == 0
    function.__globals__["new"] = 1
    assert helped("LOAD_GLOBAL", function) > 0


def test_members_of_objects_made_in_c_are_read_like_slots():
    pyjit_core.config.count_events = 1
    function = made("def f(code):\n    return code.co_name\n", (made.__code__,))
    pyjit_core.reset_events()
    assert [function(made.__code__) for _ in range(50)] == ["made"] * 50
    rows = [row for row in pyjit_core.opcode_stats() if row["opcode"] == "LOAD_ATTR"]
    assert sum(row["outcomes"].get("hit", 0) for row in rows) == 0
