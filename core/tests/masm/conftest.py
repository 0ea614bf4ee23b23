"""Builds the native test program of this folder, once for each state of the sources.

The program is plain C++ (see harness.h) and needs no Python; it lands in the checkout's
``.cache``, under a name that is a hash of everything it is made of.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pyjit_qemu.command import emulator_prefix
from pyjit_qemu.sysroot import ensure_sysroot

HERE = Path(__file__).parent
CORE = HERE.parents[1]
CACHE = CORE.parent / ".cache" / "masm-tests"
FLAGS = ["-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror", "-DASMJIT_STATIC"]


def sources() -> list[Path]:
    return [
        *(CORE / "src" / "masm").glob("*.cpp"),
        CORE / "src/code/memory.cpp",
        *HERE.glob("*.cpp"),
    ]


def fingerprint(command: list[str]) -> str:
    digest = hashlib.sha256(repr(command).encode())
    headers = [*(CORE / "src" / "masm").glob("*.h"), CORE / "src/code/memory.h", *HERE.glob("*.h")]
    for file in sorted([*sources(), *headers]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def build(arch: str, compiler: str, *flags: str) -> Path:
    """Compile and link the test program; returns its path."""
    if shutil.which(compiler) is None:
        package = "g++" if compiler == "g++" else "g++-aarch64-linux-gnu"
        pytest.fail(f"{compiler} is not there; install it with: apt-get install {package}")
    command = [compiler, *FLAGS, *flags, f"-I{CORE / 'src'}"]
    folder = CACHE / f"{arch}-{fingerprint(command)}"
    program = folder / "masm_tests"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # processes of pytest-xdist
        if program.exists():
            return program
        objects = {source: folder / f"{source.stem}.o" for source in sources()}
        with ThreadPoolExecutor(max_workers=2) as pool:
            for result in pool.map(
                lambda pair: subprocess.run(
                    [*command, "-c", pair[0], "-o", pair[1]],
                    capture_output=True,
                    text=True,
                    check=False,
                ),
                objects.items(),
            ):
                assert result.returncode == 0, result.stderr
        linked = folder / "linked"
        subprocess.run([*command, *objects.values(), "-lasmjit", "-o", linked], check=True)
        linked.rename(program)
    return program


@pytest.fixture(scope="session")
def native_tests() -> list[str]:
    """Command of the test program for this machine."""
    return [str(build("native", "g++"))]


@pytest.fixture(scope="session")
def aarch64_tests() -> list[str]:
    """Command of the test program for aarch64, emulated where need be."""
    sysroot = ensure_sysroot()
    program = build("aarch64", "aarch64-linux-gnu-g++", f"--sysroot={sysroot}")
    return [*emulator_prefix("aarch64"), str(program)]
