"""The listing of compiled code: which source line, which bytecode, and what for."""

import dis
import re

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


@pytest.fixture
def hot_code(tmp_path):
    """A function in an optimised version, and the file that it is from."""
    source = tmp_path / "hot.py"
    source.write_text(SOURCE)
    namespace = {}
    exec(compile(SOURCE, str(source), "exec"), namespace)
    loop = namespace["loop"]
    pyjit_core.compile(loop)
    pyjit_core.enable()
    for _ in range(pyjit_core.config.recompile_after + 1):
        assert loop([3, 1, 2]) == 6
    pyjit_core.disable()
    return loop, source


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
    assert "\n2:\n" in listing
    assert re.search(r"^ *2 LOAD_FAST a", listing, re.MULTILINE)


@pytest.mark.parametrize("wrap", [classmethod, staticmethod, lambda f: f.__code__])
def test_all_that_has_a_code_object_can_be_listed(wrap):
    f = fresh("def f(a):\n    return a\n")
    assert pyjit_core.disassemble(wrap(f)) == pyjit_core.disassemble(f)
