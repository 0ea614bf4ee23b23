"""Lint for the core's rooms finds what it is there for."""

import importlib.util
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def check_rooms():
    spec = importlib.util.spec_from_file_location("check_rooms", CORE / "check_rooms.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("masm/x64.cpp", "#include <Python.h>", "masm knows no CPython"),
        ("masm/x64.cpp", '#include "../runtime/runtime.h"', "src/masm may not include runtime"),
        ("baseline/emit.cpp", "#if defined(__aarch64__)", "ask masm"),
        ("baseline/emit.cpp", "#include <asmjit/x86.h>", "MacroAssembler"),
        ("runtime/calls.c", "#if PY_VERSION_HEX < 0x030c0000", "src/runtime/compat"),
        ("tier/policy.c", "int x;\n" * 801, "longer than 800 lines"),
    ],
)
def test_a_breach_is_told_with_its_place(check_rooms, tmp_path, name, text, told):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text + "\n")
    (line,) = check_rooms.breaches(tmp_path)
    assert line.startswith(f"{name}:")
    assert told in line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("runtime/calls.c", "/* unlike PY_VERSION_HEX\n   or __x86_64__ */ int x; // asmjit"),
        ("masm/a64.cpp", "#include <asmjit/arm.h>\n#if defined(__aarch64__)\n#endif"),
        ("runtime/compat.h", "#if PY_VERSION_HEX >= 0x030c0000\n#endif"),
        ("baseline/emit.cpp", '#include "../masm/masm.h"\n#include "../runtime/compat.h"'),
    ],
)
def test_what_a_room_may_know_is_no_breach(check_rooms, tmp_path, name, text):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text + "\n")
    assert check_rooms.breaches(tmp_path) == []
