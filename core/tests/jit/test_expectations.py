"""What config.snapshot_file says of inline caches: what they rely on, and is not so.

Each case is warmed up, changes what its caches rely on, and is run up to each of its instructions.
"""

import builtins
import contextlib
import json
import types

import pytest

import pyjit_core

NAMESPACE = """
class A:
    k = 7
    def __init__(self, x=1):
        self.a = x
    def m(self):
        return 3
class B(A):
    pass
class S:
    __slots__ = ("a",)
    def __init__(self):
        self.a = 1
class Nature:
    pass
class C:
    x = Nature()
def with_dict(*names):
    made = A()
    vars(made).clear()
    for name in names:
        setattr(made, name, 5)
    return made
def g(x=1, y=2):
    return x
def h(x=1, y=2):
    return y
module = ModuleType("module")
module.x = 1
G = 1
"""
LOAD, STORE, METHOD = "return x.a", "x.a = 2", "return x.m()"
WARM = 200

# What f does with its argument, what it is warmed up with, what is done then, what f gets, which
# instruction is met by that, and what of its cache is not so: for code, and for the helper.
CASES = [
    (LOAD, "A()", "", "A()", "LOAD_ATTR", "", ""),
    (LOAD, "A()", "", "B()", "LOAD_ATTR", "type", ""),
    (LOAD, "A()", "", "with_dict('a')", "LOAD_ATTR", "values", ""),
    (LOAD, "A()", "del late.a", "late", "LOAD_ATTR", "unset", ""),
    (LOAD, "S()", "late = S(); del late.a", "late", "LOAD_ATTR", "unset", ""),
    (LOAD, "with_dict('a', 'b')", "", "with_dict('a', 'b')", "LOAD_ATTR", "", ""),
    (LOAD, "with_dict('a', 'b')", "", "with_dict('b', 'a')", "LOAD_ATTR", "hint", "hint"),
    (LOAD, "with_dict('a', 'b')", "", "A()", "LOAD_ATTR", "dict", "dict"),
    (STORE, "A()", "", "A()", "STORE_ATTR", "", ""),
    (STORE, "A()", "", "B()", "STORE_ATTR", "type", ""),
    (STORE, "A()", "", "with_dict('a')", "STORE_ATTR", "values", ""),
    (STORE, "S()", "late = S(); del late.a", "late", "STORE_ATTR", "", ""),
    ("return x.k", "A()", "", "A()", "LOAD_ATTR", "", ""),
    ("return x.k", "A()", "late.k = 1", "A()", "LOAD_ATTR", "keys", "keys"),
    ("return x.k", "A()", "", "with_dict('k')", "LOAD_ATTR", "dict", "dict"),
    (METHOD, "A()", "late.m = g", "A()", "LOAD_METHOD", "keys", "keys"),
    (METHOD, "A()", "A.m = g", "A()", "LOAD_METHOD", "type", ""),
    ("return x.x", "module", "", "module", "LOAD_ATTR", "", ""),
    ("return x.x", "module", "module.y = 1", "module", "LOAD_ATTR", "module", "module"),
    ("return x.x", "C", "", "C", "LOAD_ATTR", "", ""),
    ("return x.x", "C", "C.x = 2", "C", "LOAD_ATTR", "class", "class"),
    ("return x.x", "C", "Nature.y = 1", "C", "LOAD_ATTR", "nature", "nature"),
    ("return G", "0", "", "0", "LOAD_GLOBAL", "", ""),
    ("return G", "0", "G = 2", "0", "LOAD_GLOBAL", "version", ""),
    ("return G", "0", "H = 2", "0", "LOAD_GLOBAL", "keys", "keys"),
    ("return len", "0", "", "0", "LOAD_GLOBAL", "", ""),
    ("return len", "0", "builtins.pyjit_more = 1", "0", "LOAD_GLOBAL", "builtins", "builtins"),
    ("return x(1)", "g", "", "g", "CALL", "", ""),
    ("return x(1)", "g", "", "h", "CALL", "callee", ""),
    ("return x(1)", "g", "g.__defaults__ = (1,)", "g", "CALL", "defaults", ""),
    ("return x(1, 2)", "g", "g.__defaults__ = (1,)", "g", "CALL", "", ""),
    ("return x(1, y=2)", "g", "", "h", "CALL", "callee", ""),
    ("return x(1)", "late.m.__func__", "", "late.m", "CALL", "callee", ""),
    ("return x()", "late.m", "", "A().m", "CALL", "", ""),
    ("return x('1')", "ord", "", "ord", "CALL", "", ""),
    ("return x('1')", "ord", "", "hash", "CALL", "callee", ""),
    ("return x(1)", "A", "", "A", "CALL", "", ""),
    ("return x(1)", "A", "A.k = 8", "A", "CALL", "class", "class"),
    ("return x(1)", "A", "", "B", "CALL", "class", "class"),
    ("return [].append(x)", "0", "", "0", "CALL", "", ""),
    ("return type(x)", "0", "type = h", "0", "CALL", "callee", ""),
]


@pytest.fixture(autouse=True)
def file(tmp_path, at_once):
    file = tmp_path / "snapshots"
    pyjit_core.config.compile_only = "f"
    pyjit_core.config.step_limit = 1 << 30
    pyjit_core.config.snapshot_file = str(file)
    yield file
    vars(builtins).pop("pyjit_more", None)


def first_lines(file, f, argument):
    """Return the first line for each instruction, by its opcode."""
    found = {}
    for limit in range(1, 30):
        pyjit_core.config.step_limit = limit
        pyjit_core.reset_executed()
        with contextlib.suppress(AttributeError, TypeError):
            f(argument)
        stopped = pyjit_core.stopped_at()
        if stopped is None:
            break
        (*_, version, kind) = stopped
        opcode = kind.removeprefix("KW_NAMES ").partition(".")[0]
        found[opcode, version] = json.loads(file.read_bytes().splitlines()[0])
    return found


@pytest.mark.parametrize(
    ("body", "warm", "change", "then", "opcode", "unmet", "by_helper"),
    CASES,
    ids=[" | ".join(case[:4]) for case in CASES],
)
def test_what_a_cache_relies_on_and_is_not_so(
    file, body, warm, change, then, opcode, unmet, by_helper
):
    namespace = {"__name__": "made", "ModuleType": types.ModuleType, "builtins": builtins}
    exec(NAMESPACE + f"\nlate = A()\ndef f(x):\n    {body}\n", namespace)
    f = namespace["f"]
    warmed = eval(warm, namespace)
    for _ in range(WARM):
        f(warmed)
    exec(change, namespace)
    line = first_lines(file, f, eval(then, namespace))[opcode, "optimised"]
    assert (line["unmet"], line["unmet_by_helper"]) == (unmet, by_helper)


def test_what_has_no_cache_relies_on_nothing(file):
    namespace = {}
    exec("def f(x):\n    return -x\n", namespace)
    for _ in range(WARM):
        namespace["f"](1)
    line = first_lines(file, namespace["f"], 1)["UNARY_NEGATIVE", "optimised"]
    assert not {"unmet", "unmet_by_helper"} & line.keys()
