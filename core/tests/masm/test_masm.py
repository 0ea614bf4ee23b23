"""The MacroAssembler and code memory: what code does, and what it looks like.

The groups run compiled code on the machine itself or under the emulator. The
golden files hold the disassembly of both back ends, made from their bytes by
capstone, so that a change of encoding is seen in review; ``--update-golden``
writes them anew.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import capstone
import pytest

HERE = Path(__file__).parent
GROUPS = ["branches", "calls", "code_memory", "floats", "integer", "memory_operands", "set_args"]
NATIVE_ONLY = ["no_memory"]  # the emulator does not pass limits of the address space on
BASE = 0x7F0000000000  # as in golden.cpp

pytestmark = pytest.mark.timeout(600)  # the first to run builds the test program


def run(command: list[str], *arguments: str) -> str:
    result = subprocess.run(
        [*command, *arguments], capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, f"exit code {result.returncode}\n{result.stdout}{result.stderr}"
    return result.stdout


def test_every_group_is_run(native_tests):
    assert set(run(native_tests, "--list").split()) == {*GROUPS, *NATIVE_ONLY}


@pytest.mark.parametrize("group", [*GROUPS, *NATIVE_ONLY])
def test_native(native_tests, group):
    assert f"ok {group}." in run(native_tests, group)


@pytest.mark.aarch64
@pytest.mark.parametrize("group", GROUPS)
def test_aarch64(aarch64_tests, group):
    assert f"ok {group}." in run(aarch64_tests, group)


def test_an_unknown_group_is_an_error(native_tests):
    assert subprocess.run([*native_tests, "nonsense"], check=False).returncode == 2


class Case(NamedTuple):
    name: str
    code: bytes
    listed: int
    """Instructions in masm's own listing."""


def cases(command: list[str], arch: str) -> list[Case]:
    lines = [line.split("\t") for line in run(command, "--golden", arch).splitlines()]
    return [Case(name, bytes.fromhex(code), int(listed)) for name, code, listed in lines]


def disassembler(arch: str) -> capstone.Cs:
    if arch == "x64":
        return capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    return capstone.Cs(capstone.CS_ARCH_ARM64, capstone.CS_MODE_LITTLE_ENDIAN)


def disassemble(arch: str, case: Case) -> list[str]:
    lines = []
    size = 0
    for instruction in disassembler(arch).disasm(case.code, BASE):
        code = instruction.bytes.hex(" ") if arch == "x64" else instruction.bytes[::-1].hex()
        width = 31 if arch == "x64" else 8
        text = f"{instruction.mnemonic} {instruction.op_str}".strip()
        lines.append(f"  {size:3x}  {code:{width}}  {text}")
        size += instruction.size
    assert size == len(case.code), f"{case.name}: byte {size} is no instruction: {case.code.hex()}"
    assert len(lines) == case.listed, f"{case.name}: masm's listing has {case.listed} lines"
    return lines


def listing(arch: str, found: list[Case]) -> str:
    blocks = ["\n".join([case.name, *disassemble(arch, case)]) for case in found]
    return "\n".join([f"{arch} at {BASE:#x}, by case of golden.cpp", *blocks, ""])


@pytest.mark.parametrize("arch", ["x64", "a64"])
def test_golden(native_tests, arch, request):
    golden = HERE / "golden" / f"masm.{arch}.txt"
    found = listing(arch, cases(native_tests, arch))
    if request.config.getoption("--update-golden"):
        golden.write_text(found)
    assert found == golden.read_text(), "see the difference, then: pytest --update-golden"


def operations() -> set[str]:
    """Return the name of every public operation in masm.h that emits code."""
    public = (HERE.parents[1] / "src/masm/masm.h").read_text().split("class MacroAssembler {")[1]
    public = public[: public.index("\n  protected:")]
    emitting = public[public.index("// --- function frame") :]
    names = re.findall(r"virtual \w+ (\w+)\(", emitting)
    assert len(names) > 60
    return {*names, "setArgs"}


@pytest.mark.parametrize("arch", ["x64", "a64"])
def test_every_operation_is_in_the_golden_file(arch):
    golden = (HERE / "golden" / f"masm.{arch}.txt").read_text()
    shown = {line.split()[0] for line in golden.splitlines()[1:] if not line.startswith(" ")}
    assert shown == operations()


def test_golden_cases_have_names_of_their_own(native_tests):
    names = [case.name for case in cases(native_tests, "x64")]
    assert len(names) == len(set(names))
    assert names == [case.name for case in cases(native_tests, "a64")]
