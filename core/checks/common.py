"""What the checks share: programs, settings, and running a script in a tested interpreter.

Contract: a script of `inside/` prints one line of JSON for each thing that it looked at. Findings
are texts; a set-up that cannot work raises SetupError. One process runs at a time: these checks
are for hours at night as well as for a desk, and a limit of time is never a matter of taste.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).resolve().parent / "inside"
_INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")

_EAGER: Mapping[str, int | str] = {"threshold_calls": 1, "threshold_loops": 1, "recompile_after": 2}
SETTINGS: Mapping[str, Mapping[str, int | str]] = {
    "eager": _EAGER,
    "guards": {**_EAGER, "fail_guards": 3},
    "no-caches": {**_EAGER, "inline_caches": 0},
    "small-memory": {**_EAGER, "code_memory": 24},
}
"""Name → options of the core. Little code memory leaves one half of a program interpreted."""


class Ran(NamedTuple):
    """What a script said."""

    status: int
    """Exit code of the process; negative: the signal that ended it."""
    rows: list[Any]
    log: str
    """Its standard error."""


def programs(chosen: Sequence[str] = ()) -> list[Path]:
    """Return the chosen files, or the whole corpus."""
    if chosen:
        return [Path(path).resolve() for path in chosen]
    corpora = CHECKOUT / "corpora"
    return sorted([*(corpora / "seeds").rglob("*.py"), *(corpora / "regress").glob("*.py")])


def run_inside(
    command: Sequence[str],
    script: str,
    *arguments: str | Path,
    package: Path | None = None,
    options: Mapping[str, int | str] | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float,
) -> Ran:
    """Run a script of `inside/` with `package` on its path, for at most `timeout` seconds.

    A script that does not end in time is stopped; what it printed until then is returned.
    """
    clean = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    clean |= {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    if package is not None:
        clean["PYTHONPATH"] = str(package)
    clean |= {f"PYJIT_{name.upper()}": str(value) for name, value in (options or {}).items()}
    process = subprocess.Popen(
        [*command, str(INSIDE / script), *map(str, arguments)],
        env=clean | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    late = ""
    try:
        out, log = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        out, log = process.communicate()
        late = f"\nstopped: it did not end within {timeout:.0f} seconds"
    rows = [json.loads(line) for line in out.splitlines() if line.startswith(("[", "{"))]
    return Ran(process.returncode, rows, log + late)


def said_of(path: Path | str, log: str) -> str:
    """Return what standard error has of one program: scripts print its name in front."""
    lines = log.splitlines()
    heading = f"{path}:"
    if heading not in lines:
        return ""
    start = lines.index(heading) + 1
    names = (i for i in range(start, len(lines)) if lines[i].endswith(".py:"))
    return "\n".join(lines[start : next(names, len(lines))])
