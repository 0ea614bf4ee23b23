"""Interpreters with the JIT beside them: the same environment for every arm.

An environment is a virtual one whose site-packages has the core, the file that loads it when
``PYJIT`` is 1 (so processes that tests start are jitted like their parent), and this package for
what runs inside. The stock arm has the same files and ``PYJIT=0``.
"""

from __future__ import annotations

import platform
import shlex
from pathlib import Path

from pyjit_fuzz.execute.errors import SetupError
from pyjit_fuzz.execute.profiles import load_profiles
from pyjit_qemu.build import build_core
from pyjit_qemu.command import emulator_prefix, interpreter_path
from pyjit_qemu.paths import cache_folder, checkout
from pyjit_testbed.model import STOCK, Arm

_OUR_JIT = "pyjit_core"
_AUTOLOAD = ("pyjit_core_autoload.pth", "pyjit_core_autoload.py")
_SITE_PACKAGES = Path("lib", "python3.11", "site-packages")


def arms(profiles: list[str], arch: str) -> list[Arm]:
    """Return the stock arm and one for each of ``profiles``, the toolkit's.

    Raises:
        SetupError: a profile is not known, or is of another JIT or interpreter.
    """
    found = [Arm(STOCK, {"PYJIT": "0"})]
    for profile in load_profiles(profiles, [arch]):
        if profile.jit != _OUR_JIT or profile.interpreter:
            raise SetupError(
                f"The profile {profile.name} does not say jit = {_OUR_JIT!r} on Debian's "
                "interpreter, which is all that the test bed can run. Choose another --profile."
            )
        found.append(Arm(profile.name, {"PYJIT": "1", **profile.environment}))
    return found


def bed_folder() -> Path:
    """Return the folder of everything that the test bed makes in a checkout."""
    return cache_folder() / "testbed"


def test_folder() -> Path:
    """Return the folder of Debian's copy of CPython's regression suite.

    Raises:
        SetupError: it is not installed.
    """
    folder = Path("/usr/lib/python3.11/test")
    if not (folder / "test_generators.py").is_file():
        raise SetupError(
            f"CPython's regression suite is not in {folder}. Install it with: "
            "apt-get install libpython3.11-testsuite"
        )
    return folder


def make_cpython(arch: str) -> tuple[Path, str]:
    """Make the environment of CPython's own suite; return its interpreter and the core's hash."""
    core = build_core(arch)
    folder = bed_folder() / f"cpython-{arch}-{core.name}"
    python = folder / "bin" / "python"
    interpreter = Path(interpreter_path(arch))
    packages = folder / _SITE_PACKAGES
    for part in (python.parent, packages):
        part.mkdir(parents=True, exist_ok=True)
    if arch == platform.machine():
        _link(python, interpreter)
    else:
        # Tests start sys.executable, which must be something that this machine can run.
        command = shlex.join([*emulator_prefix(arch), "-0"])
        script = f'#!/bin/sh\nexec {command} "$0" {shlex.quote(str(interpreter))} "$@"\n'
        python.write_text(script, "utf-8")
        python.chmod(0o755)
    (folder / "pyvenv.cfg").write_text(f"home = {interpreter.parent}\n", "utf-8")
    put_in(packages, core)
    return python, core.name


def emulated_library(arch: str) -> dict[str, str]:
    """Return the variables with which an emulated interpreter finds the suite's files.

    The sysroot has no copy; these are the same for all architectures.
    """
    if arch == platform.machine():
        return {}
    folder = bed_folder() / "library"
    folder.mkdir(parents=True, exist_ok=True)
    _link(folder / "test", test_folder())
    return {"PYTHONPATH": str(folder)}


def put_in(packages: Path, core: Path) -> None:
    """Put the core and this package into the folder ``packages`` of an environment."""
    _link(packages / "pyjit_core", core / "pyjit_core")
    for name in _AUTOLOAD:
        _copy(checkout() / "core" / name, packages / name)
    # Copies: a checkout may change while the bed runs for hours.
    ours = Path(__file__).parent
    for path in (ours / "__init__.py", *sorted((ours / "inside").glob("*.py"))):
        _copy(path, packages / "pyjit_testbed" / path.relative_to(ours))


def _copy(source: Path, target: Path) -> None:
    content = source.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_bytes() != content:
        target.write_bytes(content)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
