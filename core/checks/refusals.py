"""Every code object of the standard library and of its test package compiles, on either machine.

Natively each is compiled and installed, and emitted for both architectures besides. `--emulated`
has it installed in the emulated interpreter as well.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from common import run_inside

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.build import build_core
from pyjit_qemu.command import interpreter_command

LIBRARY = Path("/usr/lib/python3.11")
WAYS = ("x86_64-optimised", "aarch64-optimised", "aarch64-first")
SECONDS = 3600.0
_ROOT = Path("/proc/self/root")


def check(folders: Sequence[Path], *, emulated: bool) -> Iterator[str]:
    """Yield findings, one a reason; print totals as they are known."""
    folders = folders or [LIBRARY]
    if folders[0] == LIBRARY and not (LIBRARY / "test" / "test_grammar.py").exists():
        raise SetupError(
            "The tests of the standard library are not there. "
            "Install them with: apt-get install libpython3.11-testsuite"
        )
    yield from _compile("x86_64", WAYS, folders)
    if emulated:
        # By this way round, because the emulator puts the sysroot's files over ours of the same
        # name, and the sysroot has no tests of the library.
        yield from _compile(
            "aarch64", (), [_ROOT / folder.resolve().relative_to("/") for folder in folders]
        )


def _compile(arch: str, ways: Sequence[str], folders: Sequence[Path]) -> Iterator[str]:
    ran = run_inside(
        interpreter_command(arch),
        "compile_everything.py",
        ",".join(ways),
        *folders,
        package=build_core(arch),
        timeout=SECONDS * (1 if ways else 4),
    )
    if ran.status != 0 or not ran.rows:
        yield f"{arch}: ended with {ran.status}\n{ran.log[-2000:]}"
        return
    *refused, totals = ran.rows
    print(f"{arch}: {totals}", file=sys.stderr)
    reasons = Counter((way, reason) for way, reason, *_ in refused)
    for (way, reason), number in reasons.most_common():
        places = [f"    {p}:{n} {q}" for w, r, p, n, q in refused if (w, r) == (way, reason)]
        yield f"{arch}, {way}: {number} refused: {reason}\n" + "\n".join(places[:20])
