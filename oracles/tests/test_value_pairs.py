"""What the oracles tell apart and what they do not, by programs that really run.

``DIFFERENT`` is a list of programs no two of which may be taken for the same: neighbours are near
each other on purpose. Each line of ``EQUAL`` is a group of programs that nobody may tell apart.
"""

import itertools

import pytest

from pyjit_oracles import judge_all

CLASSES = """
class A:
    def __init__(self, x=0): self.x = x
class B:
    def __init__(self, x=0): self.x = x
class S:
    __slots__ = ("x", "y")
class I(int): pass
class F(float): pass
class L(list): pass
class D(dict): pass
class T(tuple): pass
class Str(str): pass
class E(ValueError): pass
def f(): pass
def g(): pass
def gen(n):
    yield n
    yield n + 1
def slots(**fields):
    made = S()
    for name, value in fields.items(): setattr(made, name, value)
    return made
def having(value, **fields):
    for name, field in fields.items(): setattr(value, name, field)
    return value
def advanced(generator, steps):
    for _ in range(steps): next(generator, None)
    return generator
def closed(generator):
    generator.close()
    return generator
def twice(value): return [value, value]
def cyclic(kind):
    made = kind()
    made.append(made)
    return made
def raised(error, cause=None, context=None):
    try:
        try:
            if context is not None: raise context
        finally:
            raise error from cause
    except BaseException as caught:
        return caught.with_traceback(None)
import array, collections, decimal, functools, re, weakref
from collections import OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
"""

# fmt: off
VALUES = [
    # numbers
    "0", "1", "-1", "2", "False", "True", "None", "...", "NotImplemented",
    "0.0", "-0.0", "1.0", "float('nan')", "float('inf')", "-float('inf')",
    "1e16", "1e16 + 2", "0.1 + 0.2", "0.3", "5e-324", "2**53", "2**53 + 1", "float(2**53)",
    "2**63 - 1", "2**63", "-2**63", "10**40", "10**40 + 1", "0j", "-0j", "1j", "complex(0.0, -0.0)",
    "complex(float('nan'), 0)", "I(0)", "I(1)", "F(0.0)", "F(-0.0)", "F(1.0)",
    "Decimal('0')", "Decimal('-0')", "Decimal('0.0')", "Decimal('1')", "Fraction(1, 2)",
    "Fraction(1, 3)", "having(I(1), x=1)", "having(I(1), x=2)",
    # text
    "''", "'0'", "'a'", "'A'", "'a '", "'\\x00'", "'\\xe9'", "'e\\u0301'", "'\\ud800'",
    "'\\ud801'", "b''", "b'0'", "b'a'", "bytearray()", "bytearray(b'a')", "Str('a')", "Str('')",
    "'int:1'", "'None'", "'\\\\ud800'", "'a\\n'", "'0x7f0011223344'", "'0x7f0011223355'",
    # sequences
    "[]", "()", "[0]", "(0,)", "[False]", "[0.0]", "[None]", "[[]]", "[()]", "([],)", "[[], []]",
    "twice([])", "[0, 1]", "[1, 0]", "(0, 1)", "[0, 1, 0]", "L()", "L([0])", "T()", "T([0])",
    "deque()", "deque([0])", "deque([0], 3)", "deque([0], 4)", "array.array('i')",
    "array.array('i', [0])", "array.array('l', [0])", "array.array('d', [0.0])",
    "array.array('d', [-0.0])", "range(0)", "range(1)", "range(1, 2)", "range(0, 5, 2)",
    "range(0, 6, 2)", "slice(1)", "slice(1, None)", "slice(None)", "slice(0, 1, None)",
    "slice(0, 1, 1)", "cyclic(list)", "[cyclic(list)]", "cyclic(L)", "having(L(), x=1)",
    # mappings and sets
    "{}", "{0: 0}", "{0: 1}", "{1: 0}", "{False: 0}", "{0.0: 0}", "{'a': 0}", "{b'a': 0}",
    "{'a': 0, 'b': 1}", "{'b': 1, 'a': 0}", "{'a': 1, 'b': 0}", "OrderedDict()",
    "OrderedDict(a=0, b=1)", "OrderedDict(b=1, a=0)", "defaultdict()", "defaultdict(int)",
    "defaultdict(list)", "defaultdict(int, a=0)", "D()", "D(a=0)", "collections.Counter()",
    "collections.Counter('a')", "set()", "frozenset()", "{0}", "{1}", "{0, 1}", "{0.5}", "{'0'}",
    "frozenset([0])", "{(), 0}", "{}.keys()", "{'a': 0}.keys()", "{'a': 0}.values()",
    "{'a': 0}.items()", "{'a': 1}.items()", "{'b': 0}.keys()",
    # instances and classes
    "object()", "A()", "A(1)", "A(1.0)", "A(True)", "B()", "having(A(), y=0)", "having(A(), y=1)",
    "twice(A())", "[A(), A()]", "[A(), B()]", "slots()", "slots(x=0)", "slots(x=1)", "slots(y=0)",
    "slots(x=0, y=0)", "A", "B", "S", "int", "bool", "type", "object", "L", "type('A2', (), {})",
    # functions and what is bound
    "f", "g", "lambda: 0", "A().__init__", "A(1).__init__", "B().__init__", "A.__init__", "len",
    "print", "[].append", "[0].append", "[].pop", "().count", "str.upper", "str.lower", "'a'.upper",
    "object.__init__", "A().__str__", "B().__str__", "property(f)", "property(g)",
    "property(f, g)", "staticmethod(f)", "classmethod(f)", "classmethod(g)", "f.__code__",
    "g.__code__", "functools", "re", "functools.partial(f)", "functools.partial(g)",
    "functools.partial(f, 1)", "super(A, A())", "super(B, B())", "re.compile('a')",
    "re.compile('b')", "re.compile('a', re.I)", "weakref.ref(f)", "weakref.ref(g)",
    "weakref.ref(A())",
    # generators by how far they are
    "gen(1)", "advanced(gen(1), 1)", "advanced(gen(1), 2)", "advanced(gen(1), 3)",
    "(i for i in [])",
    # exceptions as values
    "ValueError()", "ValueError('a')", "ValueError('b')", "ValueError('a', 'b')", "ValueError(0)",
    "TypeError('a')", "E('a')", "having(E('a'), code=1)", "having(E('a'), code=2)", "KeyError('a')",
    "StopIteration(1)", "StopIteration(2)", "raised(ValueError(1))",
    "raised(ValueError(1), cause=KeyError(1))", "raised(ValueError(1), cause=KeyError(2))",
    "raised(ValueError(1), context=KeyError(1))", "ExceptionGroup('g', [KeyError(1)])",
    "ExceptionGroup('g', [KeyError(2)])", "ExceptionGroup('h', [KeyError(1)])",
    "ExceptionGroup('g', [KeyError(1), KeyError(1)])",
    # where the difference is deep inside, or in who shares what
    "[[[[[0]]]]]", "[[[[[1]]]]]", "{'a': [{'b': (0, [1])}]}", "{'a': [{'b': (0, [2])}]}",
    "[*range(200)]", "[*range(199), 0]", "(lambda a: [a, [a]])([])", "(lambda a: [a, [[]]])([])",
    "(lambda a, b: [a, b, a])([], [])", "(lambda a, b: [a, b, b])([], [])",
    "(lambda a, b: [a, a, b])([], [])", "(lambda a: {'x': a, 'y': a})(A())",
    "{'x': A(), 'y': A()}", "(lambda a: having(a, me=a))(A())", "having(A(), me=A())",
]
PROGRAMS = [
    # what is printed and logged, and how a program ends
    "print()", "print('a')", "print('a', end='')", "print('a\\nb')", "print('b\\na')",
    "print('a ')", "import sys; print('a', file=sys.stderr); print('c')", "LOG = []", "LOG = ['a']",
    "LOG = ['a', 'b']", "LOG = ['b', 'a']", "LOG = [('a', 1)]", "LOG = [('a', 2)]",
    "LOG = [('a', True)]", "raise ValueError", "raise ValueError('a')", "raise ValueError('b')",
    "raise TypeError('a')", "raise E('a')", "raise E('a') from None",
    "raise E('a') from KeyError(1)",
    "raise E('a') from KeyError(2)", "1 / 0", "1.0 / 0", "1 // 0", "[][0]", "()[0]", "''[0]",
    "{}['a']", "{}['b']", "x", "y", "None.x", "None.y", "A().y", "f(1)", "f(a=1)", "g(1)",
    "int('a')", "int('b')", "a, b = 1", "a, b = [1]", "a, b = 1, 2, 3", "raise StopIteration(1)",
    "raise StopIteration(2)", "import nothing", "import nowhere", "assert 0", "assert 0, 1",
    "assert 0, '1'", "raise SystemExit(1)", "raise SystemExit(2)", "raise KeyboardInterrupt",
    "(1 / 0)", "0 or 1 / 0", "gen(1).throw(KeyError(1))", "gen(1).throw(KeyError(2))",
    "raise ExceptionGroup('g', [KeyError(1)])", "raise ExceptionGroup('g', [KeyError(2)])",
    "del x", "global_name", "1 + ''", "'' + 1", "1 < ''", "'' < 1", "f.x", "f()()", "[].x",
]
DIFFERENT = [*(f"RESULT = {value}" for value in VALUES), *PROGRAMS]

EQUAL = [
    # the same value made in another way
    ("1", "True + 0", "int('1')", "3 // 2", "len([0])", "I(1) + 0", "int(1.9)", "~-2", "+True"),
    ("float('nan')", "-float('nan')", "float('inf') - float('inf')", "float('inf') * 0"),
    ("0.5", "1 / 2", "float('0.5')", "2 ** -1", "F(0.5) + 0"),
    ("-0.0", "0.0 * -1", "-(0.0)", "float('-0')"),
    ("10**40", "int('1' + '0' * 40)", "100**20", "10**20 * 10**20"),
    ("2**63", "1 << 63", "9223372036854775808", "(2**63 - 1) + 1"),
    ("1j", "complex(0, 1)", "1j + 0", "complex('1j')"),
    ("True", "not 0", "1 == 1.0", "bool([0])", "isinstance(1, int)", "any([0, 1])"),
    ("None", "f()", "[].clear()", "print(end='')", "{}.get(0)"),
    ("'ab'", "'a' + 'b'", "''.join('ab')", "f\"{'a'}b\"", "'%s' % 'ab'", "'AB'.lower()"),
    ("b'ab'", "'ab'.encode()", "bytes([97, 98])", "b'a' + b'b'"),
    ("[0, 1]", "list(range(2))", "[*(0, 1)]", "[i for i in range(2)]", "sorted([1, 0])"),
    ("(0, 1)", "tuple([0, 1])", "(0,) + (1,)", "divmod(1, 2)", "(*range(2),)"),
    ("{0, 1, 8}", "{8, 1, 0}", "set([8, 0, 1, 1])", "{0, 8} | {1}", "{i for i in (1, 8, 0)}"),
    ("frozenset('ab')", "frozenset('ba')", "frozenset({'b', 'a'})"),
    ("{'a': 0, 'b': 1}", "dict(a=0, b=1)", "dict([('a', 0), ('b', 1)])", "{'a': 0} | {'b': 1}"),
    ("range(0, 5, 2)", "range(*(0, 5, 2))", "range(9)[:5:2]"),
    ("slice(1, 2)", "slice(*(1, 2))", "slice(1, 2, None)"),
    ("A(1)", "having(A(), x=1)", "having(A.__new__(A), x=1)", "A(x=1)"),
    ("slots(x=1)", "slots(**{'x': 1})", "having(S(), x=1)"),
    ("twice([])", "(lambda a: [a, a])([])", "[[]] * 2"),
    ("[[], []]", "[[] for _ in range(2)]", "list(map(list, ['', '']))"),
    ("object()", "object.__new__(object)", "type('', (), {}).__base__()"),
    ("[].append", "list().append", "[].__getattribute__('append')"),
    ("A().__init__", "A.__init__.__get__(A(), A)", "getattr(A(), '__init__')"),
    ("gen(1)", "gen(n=1)", "(lambda: gen(1))()"),
    ("advanced(gen(1), 3)", "advanced(gen(1), 4)", "closed(advanced(gen(1), 1))"),
    ("ValueError('a')", "ValueError(*['a'])", "ValueError.__new__(ValueError, 'a')"),
    ("repr(object())", "str(object())", "format(object())"),
    ("[repr(A()), 1]", "[str(A()), 1]", "[object.__repr__(A()), 1]"),
    ("{1: 'a', 2: 'b'}.keys()", "dict.fromkeys([1, 2]).keys()"),
    ("deque([0, 1])", "deque([0, 1], None)", "deque(range(2))", "deque([1]).__class__([0, 1])"),
    ("array.array('i', [1])", "array.array('i', (1,))", "array.array('i', range(1, 2))"),
    ("Decimal('1.0')", "Decimal('0.5') * 2", "Decimal('1.0').copy_abs()"),
    ("OrderedDict(a=0)", "OrderedDict([('a', 0)])", "OrderedDict({'a': 0})"),
    ("defaultdict(int, a=0)", "(lambda d: (d['a'], d)[1])(defaultdict(int))"),
]
"""Expressions of one group give observations that are equal."""
# fmt: on


@pytest.fixture(scope="module")
def observed(run):
    """Run a program once, with the classes and functions in front of it."""
    seen = {}

    def observe(text):
        if text not in seen:
            seen[text] = run(f"{CLASSES}\n{text}\n")
        return seen[text]

    return observe


def test_there_is_enough_to_tell_apart():
    assert len(set(DIFFERENT)) == len(DIFFERENT)
    assert len(DIFFERENT) > 250  # so many pairs of neighbours, and all others
    assert sum(len(list(itertools.combinations(group, 2))) for group in EQUAL) >= 100


def test_no_two_different_observations_are_taken_for_the_same(program, observed):
    same = [
        (one, other)
        for one, other in itertools.combinations(DIFFERENT, 2)
        if not judge_all(program, [observed(one), observed(other)])
    ]
    assert same == []


@pytest.mark.parametrize("group", EQUAL, ids=lambda group: group[0])
def test_equal_observations_are_not_told_apart(program, observed, group):
    seen = [observed(f"RESULT = {text}") for text in group]
    for one, other in itertools.product(seen, repeat=2):
        assert judge_all(program, [one, other]) == []
