"""What this machine lacks, and the command that gets it.

A check looks and changes nothing: it downloads, builds and writes nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu import sysroot
from pyjit_qemu.build import is_built
from pyjit_qemu.paths import INTERPRETER, cache_folder
from pyjit_qemu.tools import PACKAGES, find, run

if TYPE_CHECKING:
    from collections.abc import Iterator

_NATIVE_TOOLS = ("g++", "objcopy", "cmake", "ninja")
_CROSS_TOOLS = ("aarch64-linux-gnu-g++", "qemu-aarch64", "apt-get", "dpkg-deb")
_ASMJIT_HEADER = Path("/usr/include/asmjit/arm/a64assembler.h")
_NATIVE, _CROSS = "x86_64", "aarch64"


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    needed_for: str
    """``x86_64``, ``aarch64`` or a comfort that can be done without."""
    ok: bool
    found: str = ""
    """What is there (a version, a path), if it is ok."""
    problem: str = ""
    """What is wrong, if it is not."""
    remedy: str = ""
    """The command or package that puts it right."""
    required: bool = True
    """Without it nothing of ``needed_for`` works; otherwise it is made on
    first use, or something is shown in less detail."""


def checks(*, interpreter: str = INTERPRETER) -> list[Check]:
    """Look at everything that native and emulated runs need, in the order in which to repair it."""
    return [*_native(interpreter), *_cross()]


def broken(found: list[Check]) -> list[Check]:
    """Return the required checks that failed."""
    return [check for check in found if check.required and not check.ok]


def _native(interpreter: str) -> Iterator[Check]:
    yield _interpreter(interpreter)
    header = Path("/usr/include/python3.11/internal/pycore_frame.h")
    yield _file("headers of CPython 3.11", header, "libpython3.11-dev")
    yield _venv(interpreter)
    for tool in _NATIVE_TOOLS:
        yield _tool(tool, _NATIVE)
    yield _file("asmjit", _ASMJIT_HEADER, "libasmjit-dev")
    yield _tool("gdb", "native backtraces of crashes", required=False)
    yield _tool("python3.11d", "tests that count references", required=False)
    yield _tool("chromium-headless-shell", "tests of the report's page", required=False)
    yield _core(_NATIVE)


def _cross() -> Iterator[Check]:
    for tool in _CROSS_TOOLS:
        yield _tool(tool, _CROSS)
    yield _sysroot()
    yield _core(_CROSS)


def _tool(tool: str, needed_for: str, *, required: bool = True) -> Check:
    remedy = f"apt-get install {PACKAGES[tool]}"
    try:
        path = find(tool)
    except SetupError:
        return Check(
            tool, needed_for, ok=False, required=required, remedy=remedy, problem="not on PATH"
        )
    return Check(tool, needed_for, ok=True, required=required, found=str(path))


def _file(name: str, path: Path, package: str) -> Check:
    if path.is_file():
        return Check(name, _NATIVE, ok=True, found=str(path))
    return Check(
        name,
        _NATIVE,
        ok=False,
        problem=f"{path} is not there",
        remedy=f"apt-get install {package}",
    )


def _interpreter(path: str) -> Check:
    """Check that the reference interpreter starts and is of the version that the JIT knows."""
    name, remedy = "interpreter", "apt-get install python3.11 python3.11-minimal"
    script = "import platform as p; print(p.python_implementation(), p.python_version())"
    try:
        answer = run(path, "-I", "-c", script, what=f"Starting {path}", timeout=30).strip()
    except SetupError as error:
        return Check(name, _NATIVE, ok=False, problem=str(error), remedy=remedy)
    if not answer.startswith("CPython 3.11."):
        return Check(
            name,
            _NATIVE,
            ok=False,
            problem=f"{path} is {answer}; the JIT works inside CPython 3.11 only",
            remedy=remedy,
        )
    return Check(name, _NATIVE, ok=True, found=f"{path} ({answer})")


def _venv(interpreter: str) -> Check:
    try:
        run(interpreter, "-c", "import ensurepip, venv", what="Looking for venv", timeout=30)
    except SetupError:
        return Check(
            "venv",
            _NATIVE,
            ok=False,
            problem=f"{interpreter} cannot make virtual environments",
            remedy="apt-get install python3.11-venv",
        )
    return Check("venv", _NATIVE, ok=True, found="ensurepip, venv")


def _sysroot() -> Check:
    name, remedy = "sysroot", "python -m pyjit_qemu sysroot"
    try:
        folder = cache_folder() / sysroot.folder_name()
    except SetupError as error:
        return Check(name, _CROSS, ok=False, problem=str(error), remedy=remedy)
    problem = sysroot.problem(folder)
    if problem:
        # It is made on first use; only its parts being unavailable is a broken set-up.
        return Check(name, _CROSS, ok=False, required=False, problem=problem, remedy=remedy)
    version = sysroot.versions(folder)["python3.11"]
    return Check(name, _CROSS, ok=True, found=f"{folder} (python3.11 {version})")


def _core(arch: str) -> Check:
    name, remedy = f"core for {arch}", f"python -m pyjit_qemu build --arch {arch}"
    try:
        built = is_built(arch)
    except SetupError as error:
        return Check(name, arch, ok=False, problem=str(error), remedy=remedy)
    if built:
        return Check(name, arch, ok=True, found="built from these sources")
    return Check(
        name,
        arch,
        ok=False,
        required=False,
        problem="not built from the sources as they are now (done on first use)",
        remedy=remedy,
    )
