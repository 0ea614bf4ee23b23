"""The listing of compiled code: which source line, which bytecode, and what for."""

import dis
import re
from pathlib import Path

import pytest

import pyjit_core

SOURCE = """\
def loop(numbers):
    total = 0
    for x in sorted(numbers):
        total += x
    return total
"""


def fresh(source, name="f"):
    """A function with a code object that nothing has seen yet."""
    namespace = {}
    exec(compile(source, "<fresh>", "exec"), namespace)
    return namespace[name]


def heated(name, source, filename, calls):
    """Return that function, in an optimised version."""
    namespace = {}
    exec(compile(source, filename, "exec"), namespace)
    pyjit_core.compile(namespace[name])
    pyjit_core.enable()
    for _ in range(pyjit_core.config.recompile_after + 1):
        calls(namespace)
    pyjit_core.disable()
    return namespace[name]


@pytest.fixture
def hot_code(tmp_path):
    """A function in an optimised version, and the file that it is from."""
    source = tmp_path / "hot.py"
    source.write_text(SOURCE)
    return heated("loop", SOURCE, str(source), lambda names: names["loop"]([3, 1, 2])), source


@pytest.mark.parametrize("arch", ["x86_64", "aarch64"])
def test_source_bytecode_and_machine_code_are_side_by_side(arch, hot_code):
    function, source = hot_code
    listing = pyjit_core.disassemble(function, arch)
    assert listing.startswith(f"loop  {source}:1  {arch}, optimised version\n")
    usual, _, aside = listing.partition("\nout of line\n")
    # every source line in order, each once, with its instructions under it
    lines = [line for line in source.read_text().splitlines() if "def" not in line]
    numbered = [f"{n}: {line.strip()}" for n, line in enumerate(lines, 2)]
    assert [line for line in usual.splitlines() if line in numbered] == numbered
    instructions = [each for each in dis.get_instructions(function) if each.opname != "CACHE"]
    offsets = [int(found) for found in re.findall(r"^ *(\d+) [A-Z_]+", usual, re.MULTILINE)]
    assert offsets == [each.offset for each in instructions]
    under = usual.partition("total += x")[2].partition("\n5: ")[0]
    assert re.search(r"^ *\d+ BINARY_OP \+= +(mov|ldr) ", under, re.MULTILINE)
    assert re.search(r"\d+ LOAD_GLOBAL NULL \+ sorted", usual)
    # what is out of line says of which instruction, why, and whom it calls
    assert re.search(r"^ *\d+ BINARY_OP \+= +exit L\d+:$", aside, re.MULTILINE)
    assert re.search(r"(call|blr|bl) .*; pyjit_load_global$", aside, re.MULTILINE)
    assert re.search(r"(call|blr|bl) .*; PyObject_GetIter$", usual, re.MULTILINE)
    assert re.search(r"^\(exits\)(.*\n)+.*; pyjit_unwind$", aside, re.MULTILINE)


@pytest.mark.parametrize("arch", ["x86_64", "aarch64"])
def test_no_source_is_needed(arch):
    listing = pyjit_core.disassemble(fresh("def f(a):\n    return a\n"), arch)
    assert listing.startswith(f"f  <fresh>:1  {arch}, generic version, not compiled yet\n")
    assert "\n2:\n" in listing
    assert re.search(r"^ *2 LOAD_FAST a", listing, re.MULTILINE)


@pytest.mark.parametrize("wrap", [classmethod, staticmethod, lambda f: f.__code__])
def test_all_that_has_a_code_object_can_be_listed(wrap):
    f = fresh("def f(a):\n    return a\n")
    assert pyjit_core.disassemble(wrap(f)) == pyjit_core.disassemble(f)


ORDERS = """\
class Order:
    def __init__(self, price):
        self.price = price
def total(orders, rate):
    result = 0.0
    for order in orders:
        result += order.price * rate
    return result
"""


def test_the_documented_listing_is_what_a_listing_looks_like(tmp_path, monkeypatch):
    page = (Path(__file__).parents[3] / "docs" / "reading-the-output.md").read_text()
    shown = page.partition("<!-- listing -->\n```\n")[2].partition("\n```")[0].splitlines()
    (tmp_path / "orders.py").write_text(ORDERS)
    monkeypatch.chdir(tmp_path)
    total = heated(
        "total", ORDERS, "orders.py", lambda names: names["total"]([names["Order"](1.5)] * 2, 1.2)
    )
    listing = iter(pyjit_core.disassemble(total, "x86_64").splitlines())
    left = [re.sub(r" L\d+:$| {8,}.*", "", line) for line in shown if not line.startswith(" " * 38)]
    assert len(left) > 15
    for line in left:
        if line not in {"", "..."}:
            assert any(line in {each, re.sub(r" L\d+:$| {8,}.*", "", each)} for each in listing), (
                line
            )
