"""Programs over a core built with the sanitizers: whatever these report is a finding.

The interpreter is Debian's, which is not instrumented, so both libraries are preloaded. Objects
come from malloc (PYTHONMALLOC), so that memory is known to be freed, or to be referred to by
nothing any more. What machine code itself reads and writes is not checked; what the helpers and
the compiler do is. First of all faults are planted, which have to be reported: a sanitizer that is
not there has nothing to say either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from common import INSIDE, SETTINGS, Ran, run_inside, said_of

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.build import build_core
from pyjit_qemu.paths import INTERPRETER
from pyjit_qemu.tools import run

LIBRARIES = ("libasan.so", "libubsan.so")
SECONDS_EACH = 60
CONTROL = INSIDE / "lists.py"
CONTROL_FAULTS = {
    "over-released-reference": "ERROR: AddressSanitizer",
    "leaked-reference": "ERROR: LeakSanitizer",
}
"""Fault → what has to be said of it."""
_REPORT = re.compile(
    r"ERROR: (Address|Leak)Sanitizer|runtime error: |UndefinedBehaviorSanitizer|LeakSanitizer has"
)


def environment() -> dict[str, str]:
    """Return what makes an interpreter that is not instrumented load the build.

    Raises:
        SetupError: the compiler has no sanitizer libraries.
    """
    found = [
        run("gcc", f"-print-file-name={name}", what="Asking gcc").strip() for name in LIBRARIES
    ]
    # gcc answers with the bare name where there is no such file.
    missing = [path for path in found if not Path(path).is_absolute()]
    if missing:
        raise SetupError(f"gcc has no {', '.join(missing)}. Install it with: apt-get install g++")
    return {
        "LD_PRELOAD": " ".join(str(Path(path).resolve()) for path in found),
        # Not at the end: the interpreter itself frees little of what it has then.
        "ASAN_OPTIONS": "detect_leaks=1:leak_check_at_exit=0",
        "LSAN_OPTIONS": f"suppressions={INSIDE / 'interpreter.lsan'}:print_suppressions=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONMALLOC": "malloc",
    }


def check(files: Sequence[Path], settings: Sequence[str], fault: str) -> Iterator[str]:
    """Yield findings: reports, and processes that ended badly."""
    package = build_core("x86_64", variant="sanitizers")
    for planted, report in CONTROL_FAULTS.items():
        control = play([CONTROL], package, {**SETTINGS["eager"], "fault": planted})
        if report not in control.log:
            yield f"the planted fault {planted} was not reported\n{control.log[-2000:]}"
    for setting in settings:
        ran = play(files, package, {**SETTINGS[setting], "fault": fault})
        for path, status in ran.rows:
            said = said_of(path, ran.log)
            if status != 0 or _REPORT.search(said):
                yield f"{setting}: {path} ended with {status}\n{said}"
        if ran.status != 0 or len(ran.rows) != len(files):
            end = ran.log[-2000:]
            yield f"{setting}: ended with {ran.status} after {len(ran.rows)} programs\n{end}"


def play(files: Sequence[Path], package: Path, options: Mapping[str, int | str]) -> Ran:
    """Run the programs in the instrumented build."""
    return run_inside(
        (INTERPRETER,),
        "run_programs.py",
        *files,
        package=package,
        options=options,
        environment=environment(),
        timeout=SECONDS_EACH * len(files),
    )
