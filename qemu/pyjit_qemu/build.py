"""The core, built by CMake for either architecture.

Each build lies in a folder of its own, named by a hash of all that went into
it: ``.cache/core-<arch>[-<variant>]/<hash>``. It is put on ``PYTHONPATH``. A
folder appears complete or not at all and never changes, so a campaign that
runs is not disturbed by a build for the next one.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.paths import (
    ARCHITECTURES,
    DEBUG_INTERPRETER,
    INTERPRETER,
    cache_folder,
    checkout,
    locked,
)
from pyjit_qemu.sysroot import ensure_sysroot, folder_name, problem, versions
from pyjit_qemu.tools import ToolError, find, run, tail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Variant(NamedTuple):
    """One way to build the core."""

    suffix: str
    """What its folders' names end in."""
    options: tuple[str, ...] = ()
    """For CMake."""
    debug: bool = False
    """It is for the interpreter that is built for debugging."""
    architectures: tuple[str, ...] = ARCHITECTURES
    """Those that it can be built for here."""
    compiler: str = "g++"
    """Of native builds."""


_FAULTS = "-DPYJIT_FAULTS=ON"
VARIANTS: Mapping[str, Variant] = {
    "plain": Variant(""),
    "faults": Variant("-faults", (_FAULTS,)),
    "sanitizers": Variant(
        "-sanitizers", (_FAULTS, "-DPYJIT_SANITIZERS=ON"), architectures=("x86_64",)
    ),
    "debug": Variant("-debug", (_FAULTS,), debug=True),
    "coverage": Variant(
        "-coverage",
        (
            _FAULTS,
            "-DPYJIT_COVERAGE=ON",
            "-DCMAKE_C_COMPILER=clang",
            "-DCMAKE_CXX_COMPILER=clang++",
        ),
        architectures=("x86_64",),
        compiler="clang",
    ),
}
"""What users run; what miscompiles on demand; with AddressSanitizer and UBSan in it; for an
interpreter that checks its assertions and adds up references; with clang's coverage
instrumentation, for an interpreter that libFuzzer drives. The last three can have faults as
well, which is how their tests show that they would notice one."""

_HASHED = ("src", "pyjit_core", "cmake")
_HASHED_SUFFIXES = frozenset(
    {".c", ".cpp", ".h", ".hpp", ".def", ".inc", ".py", ".pyi", ".cmake", ".in", ".typed", ".txt"}
)
_OWN_MESSAGE = re.compile(r"^ +pyjit: (.*?)\n(?:\n|Call Stack)", re.DOTALL | re.MULTILINE)
"""A message of our own CMake files, which CMake indents and breaks into lines."""
_KEPT = 4
"""Builds of one kind that are kept: older campaigns may still run them."""


def build_core(
    arch: str,
    *,
    variant: str = "plain",
    core: Path | None = None,
    cache: Path | None = None,
    builds: Path | None = None,
) -> Path:
    """Return the folder with the package ``pyjit_core`` for ``arch``; build it if need be.

    ``variant`` is a key of ``VARIANTS``. ``core`` and ``cache`` default to the
    checkout's. ``builds`` is another folder for the builds than the cache; there none is
    ever deleted. Safe with several processes at once.

    Raises:
        SetupError: a tool, header or library is missing, or the sources do not compile.
    """
    if arch not in ARCHITECTURES:
        raise SetupError(
            f"There is no build for the architecture {arch!r}; known: {', '.join(ARCHITECTURES)}."
        )
    if variant not in VARIANTS:
        raise SetupError(f"There is no build {variant!r}; known: {', '.join(VARIANTS)}.")
    if arch not in VARIANTS[variant].architectures:
        raise SetupError(f"The build {variant!r} cannot be made for {arch}.")
    core = core or checkout() / "core"
    cache = cache or cache_folder()
    native = arch == platform.machine()
    debug = VARIANTS[variant].debug
    sysroot = None if native else ensure_sysroot(debug=debug, cache=cache)
    kind = _kind(arch, variant)
    place = builds or cache
    folder = place / kind / source_hash(core, sysroot)
    if folder.is_dir():
        return folder
    with locked(place / f"{kind}.lock"):
        if not folder.is_dir():
            _build(core, place / f"build-{kind}", folder, VARIANTS[variant], sysroot)
            if builds is None:
                _prune(folder.parent)
    return folder


def is_built(arch: str, *, variant: str = "plain") -> bool:
    """Say whether ``build_core`` would find its work done already."""
    cache = cache_folder()
    sysroot = None
    if arch != platform.machine():
        sysroot = cache / folder_name(debug=VARIANTS[variant].debug)
        if problem(sysroot):
            return False
    kind = _kind(arch, variant)
    return (cache / kind / source_hash(checkout() / "core", sysroot)).is_dir()


def source_hash(core: Path, sysroot: Path | None) -> str:
    """Return 16 hex digits that name what a build is made of: sources and target's packages."""
    digest = hashlib.sha256()
    files = [core / "CMakeLists.txt"]
    for room in _HASHED:
        files += [p for p in (core / room).rglob("*") if p.suffix in _HASHED_SUFFIXES]
    for path in sorted(files):
        digest.update(f"{path.relative_to(core)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name, version in sorted(versions(sysroot).items()) if sysroot else ():
        digest.update(f"{name} {version}\n".encode())
    return digest.hexdigest()[:16]


def _kind(arch: str, variant: str) -> str:
    return f"core-{arch}{VARIANTS[variant].suffix}"


def _build(core: Path, tree: Path, folder: Path, variant: Variant, sysroot: Path | None) -> None:
    """Configure, compile and install into ``folder``."""
    find("ninja")
    find("aarch64-linux-gnu-g++" if sysroot else variant.compiler)
    configure = ["-S", str(core), "-B", str(tree), "-G", "Ninja", *variant.options]
    if sysroot:
        toolchain = core / "cmake" / "aarch64-linux-gnu.cmake"
        configure += [f"-DCMAKE_TOOLCHAIN_FILE={toolchain}", f"-DPYJIT_SYSROOT={sysroot}"]
        configure += [f"-DPYJIT_ABIFLAGS={'d' if variant.debug else ''}"]
    else:
        interpreter = DEBUG_INTERPRETER if variant.debug else INTERPRETER
        configure += [f"-DPython_EXECUTABLE={find(interpreter)}"]
    _configure(tree, configure)
    _compile(tree)
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    run("cmake", "--install", str(tree), "--prefix", str(partial), what="Installing the core")
    partial.rename(folder)


def _configure(tree: Path, arguments: list[str]) -> None:
    """Configure; what CMake says of the machine is passed on as one line, without its frills."""
    try:
        try:
            run("cmake", *arguments, what="Configuring the core")
        except ToolError:
            if not (tree / "CMakeCache.txt").exists():
                raise
            # A build tree of a checkout that was moved, or of another compiler: start afresh.
            shutil.rmtree(tree)
            run("cmake", *arguments, what="Configuring the core")
    except ToolError as error:
        message = _OWN_MESSAGE.search(error.output)
        if message is None:
            raise
        text = " ".join(message[1].split())
        raise SetupError(f"The core cannot be built: {text}") from None


def _compile(tree: Path) -> None:
    """Compile, and turn a compiler's error into a text that shows it."""
    jobs = str(min(os.cpu_count() or 1, 8))
    try:
        run("cmake", "--build", str(tree), "--parallel", jobs, what="Compiling the core")
    except ToolError as error:
        errors = [line for line in error.output.splitlines() if " error: " in line]
        if not errors:
            raise
        first = tail("\n".join(errors[:8]))
        raise SetupError(
            f"The core does not compile. Its first errors:\n{first}\n"
            f"See all of them with: cmake --build {tree}"
        ) from None


def _prune(parent: Path) -> None:
    """Delete the oldest builds of one kind."""
    builds = sorted((p for p in parent.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
    for old in builds[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
