"""Canonical trees: different values give different trees, equal ones the same."""

import itertools

import pytest

from pyjit_fuzz.worker.canon import Canonicaliser

PRELUDE = """
import collections, decimal, fractions, weakref, functools, enum, array, dataclasses

class Point:
    def __init__(self, x=0, y=0):
        self.x = x
        self.y = y

class Slotted:
    __slots__ = ("a", "b")
    def __init__(self, a):
        self.a = a

class MyInt(int): pass
class MyList(list): pass
class MyDict(dict): pass
class MyStr(str): pass
class MyFloat(float): pass
class MyTuple(tuple): pass
class Error(Exception): pass
Pair = collections.namedtuple("Pair", "one two")
class Colour(enum.Enum):
    RED = 1
    BLUE = 2

def function(): pass
def other(): pass
def chained(cause):
    try:
        try:
            raise ValueError("inner")
        except ValueError as error:
            raise Error("outer") from (error if cause else None)
    except Error as error:
        return error
def shared(n):
    item = []
    return [item, item] if n else [item, []]
def cycle(n):
    a = []
    b = [a]
    a.append(b if n else a)
    return [a, b]
def deep(n, depth=500):
    value = [n]
    for _ in range(depth):
        value = [value]
    return value
def with_attribute(value, **attributes):
    for name, each in attributes.items():
        setattr(value, name, each)
    return value
def generator(step):
    def numbers():
        yield 1
        yield 2
        yield 3
    g = numbers()
    for _ in range(step):
        next(g)
    return g, 0
"""

DIFFERENT = [
    ("1", "True"),
    ("0", "False"),
    ("1", "1.0"),
    ("0.0", "-0.0"),
    ("1.0", "1 + 0j"),
    ("complex(0.0, 0.0)", "complex(-0.0, 0.0)"),
    ("float('inf')", "float('-inf')"),
    ("float('nan')", "0.0"),
    ("0.1 + 0.2", "0.3"),
    ("2**70", "2**70 + 1"),
    ("10**6000", "10**6000 + 1"),
    ("None", "'None'"),
    ("1", "'1'"),
    ("'int:1'", "1"),
    ("'a'", "b'a'"),
    ("b'a'", "bytearray(b'a')"),
    (r"'\ud800'", r"'\ud801'"),
    (r"'\ud800'", r"'\\ud800'"),
    ("'é'", r"'e\u0301'"),
    ("'x' * 5000 + 'a'", "'x' * 5000 + 'b'"),
    ("'ref:0'", "None"),
    ("[]", "()"),
    ("[1]", "[1, 1]"),
    ("[1, 2]", "[2, 1]"),
    ("[[]]", "[[[]]]"),
    ("()", "None"),
    ("{}", "set()"),
    ("set()", "frozenset()"),
    ("{1}", "{1.0}"),
    ("{1: 2}", "{1: 2.0}"),
    ("{1: 2}", "{True: 2}"),
    ("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}"),
    ("range(3)", "range(0, 4)"),
    ("range(3)", "[0, 1, 2]"),
    ("slice(1, 2)", "slice(1, 2, None) and slice(1, 3)"),
    ("Ellipsis", "NotImplemented"),
    ("int", "bool"),
    ("len", "abs"),
    ("[].append", "[1].append"),
    ("function", "other"),
    ("Point", "Slotted"),
    ("Point()", "Point"),
    ("Point(1)", "Point(True)"),
    ("Point(1)", "Point(2)"),
    ("Point().__init__", "Point(1).__init__"),
    ("with_attribute(Point(), z=1)", "Point()"),
    ("Slotted(1)", "Slotted(2)"),
    ("Slotted(1)", "with_attribute(Slotted(1), b=None)"),
    ("MyInt(1)", "1"),
    ("MyInt(1)", "MyInt(2)"),
    ("with_attribute(MyInt(1), unit='m')", "MyInt(1)"),
    ("MyFloat(0.0)", "MyFloat(-0.0)"),
    ("MyStr('a')", "'a'"),
    ("MyList([1])", "[1]"),
    ("MyList([1])", "MyList([2])"),
    ("MyDict(a=1)", "MyDict(a=2)"),
    ("MyTuple((1,))", "(1,)"),
    ("Pair(1, 2)", "(1, 2)"),
    ("Pair(1, 2)", "Pair(1, 3)"),
    ("Colour.RED", "Colour.BLUE"),
    ("Colour.RED", "1"),
    ("collections.OrderedDict(a=1)", "{'a': 1}"),
    ("collections.defaultdict(int)", "collections.defaultdict(list)"),
    ("collections.Counter('aab')", "collections.Counter('abb')"),
    ("collections.deque([1], 3)", "collections.deque([1], 4)"),
    ("collections.deque([1])", "collections.deque([2])"),
    ("decimal.Decimal('1.0')", "decimal.Decimal('1.00')"),
    ("fractions.Fraction(1, 2)", "fractions.Fraction(1, 3)"),
    ("array.array('i', [1])", "array.array('l', [1])"),
    ("functools.partial(len, [])", "functools.partial(len, [1])"),
    ("iter([])", "iter(())"),
    ("{}.keys()", "{}.values()"),
    ("{1: 2}.keys()", "{2: 2}.keys()"),
    ("ValueError(1)", "TypeError(1)"),
    ("ValueError(1)", "ValueError(1.0)"),
    ("with_attribute(ValueError(1), code=1)", "ValueError(1)"),
    ("chained(True)", "chained(False)"),
    ("shared(0)", "shared(1)"),
    ("cycle(0)", "cycle(1)"),
    ("deep(1)", "deep(2)"),
    ("deep(1)", "deep(1, 501)"),
    ("[0] * 50000 + [1]", "[0] * 50000 + [2]"),
    ("[[i] for i in range(30000)]", "[[i] for i in range(29999)] + [[0]]"),
    ("generator(1)[0]", "generator(2)[0]"),
    ("weakref.ref(Point)", "weakref.ref(Point())"),
    ("{frozenset({1}), frozenset({2})}", "{frozenset({1}), frozenset({3})}"),
    ("{(1, 2), (3, 4)}", "{(1, 2), (3, 5)}"),
    ("property(len)", "property(abs)"),
    ("staticmethod(len)", "classmethod(len)"),
    ("math_module()", "decimal"),
]

SAME = [
    "float('nan')",
    "[Point(), Point(1)]",
    "object()",
    "{'a', 'b', 'c', 1, 2.5, None, (1, 'x')}",
    "{Point(1), Point(2), Point(3)}",
    "{frozenset({'a', 'b'}), frozenset({'c'})}",
    "(lambda: 0)",
    "Point(1).__init__",
    "shared(1)",
    "cycle(1)",
    "deep(1, 5000)",
    "chained(True)",
    "[[i] for i in range(30000)]",
    "(lambda p: ({p, Point(7)}, p))(Point(7))",
    "{Point(i % 3) for i in range(9)}",
    "generator(2)[0]",
    "weakref.ref(Point())",
]


def tree(expression):
    namespace = {"__name__": "__main__"}
    exec(PRELUDE + "def math_module():\n    import math\n    return math\n", namespace)
    return Canonicaliser().tree(eval(expression, namespace))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_values_are_told_apart(one, other):
    assert tree(one) != tree(other)


@pytest.mark.parametrize("expression", [*SAME, *(side for pair in DIFFERENT for side in pair)])
def test_equal_values_are_not_told_apart(expression):
    # Two evaluations: other objects, other addresses, and so other orders of sets.
    assert tree(expression) == tree(expression)


def test_the_order_in_which_a_set_was_filled_does_not_show():
    # 0 and 8 share a slot, so the order of iteration is that of insertion.
    assert list({0, 8}) != list({8, 0})
    assert Canonicaliser().tree({0, 8}) == Canonicaliser().tree({8, 0})


def test_members_of_a_set_that_are_seen_elsewhere_keep_their_alias():
    class Item:
        pass

    trees = []
    for _ in range(5):
        first, second = Item(), Item()
        trees.append(Canonicaliser().tree([{first, second}, first]))
    assert trees.count(trees[0]) == 5


def test_equal_children_are_expanded_once_however_often_they_appear():
    value = ()
    for _ in range(200):
        value = (value, value)
    assert Canonicaliser().tree(value) == Canonicaliser().tree(value)


def test_no_hook_of_the_program_is_called():
    called = []

    def spy(name):
        def hook(self, *arguments):
            called.append(name)
            raise RuntimeError(name)

        return hook

    # fmt: off
    hooks = (
        "__repr__", "__str__", "__eq__", "__hash__", "__len__", "__iter__", "__getitem__",
        "__getattribute__", "__getattr__", "__reduce__", "__reduce_ex__", "__index__", "__int__",
        "__float__", "__bool__", "__class__", "__dir__", "__format__", "__contains__", "__next__",
        "__sizeof__", "__instancecheck__", "__subclasscheck__",
    )
    # fmt: on
    trap = {name: spy(name) for name in hooks}
    trap["__class__"] = property(spy("__class__"))
    meta = type("Meta", (type,), {k: v for k, v in trap.items() if k != "__class__"})

    for base in (object, int, float, str, bytes, list, tuple, dict, set, Exception):
        plain = type("Trap", (base,), {**trap, "__dict__": property(spy("__dict__"))})
        slotted = type("Slotted", (plain,), {})
        for cls in (plain, slotted, meta("Made", (base,), dict(trap))):
            try:
                value = base.__new__(cls)
            except RuntimeError:
                pytest.fail(f"cannot make an instance of a {base.__name__}")
            called.clear()
            Canonicaliser().tree([value, value])
            Canonicaliser().tree([cls])
            assert called == [], (base, called)


def test_what_lies_beyond_a_limit_is_marked():
    shown = str(Canonicaliser().tree([0] * 50_000))
    assert "limit:size:" in shown
    assert "limit:depth:" in str(Canonicaliser().tree(tree_of_depth(200)))
    assert len(shown) < 1_000_000


def test_a_rest_that_is_too_costly_says_that_nobody_looked():
    huge = [[i] for i in range(300_000)]
    assert Canonicaliser().tree(huge)[3][-1].endswith(":unknown")


def tree_of_depth(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def test_all_pairs_of_small_values_differ():
    values = ["0", "1", "False", "True", "0.0", "1.0", "''", "'0'", "None", "[]", "()", "{}"]
    trees = [tree(value) for value in values]
    assert all(one != other for one, other in itertools.combinations(trees, 2))
