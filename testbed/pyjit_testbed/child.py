"""One unit in one arm: child processes with their limits, and a run out of their journal.

A test that crashes its process, or on which the time ends, is noted and left out of another child,
so that the tests behind it are run as well; a few times, then what is missing stays missing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pyjit_fuzz.execute.errors import SetupError
from pyjit_testbed.inside.journal import IGNORE_OPTION, OPTION
from pyjit_testbed.model import CRASHED, ENDED, TIMED_OUT, Arm, Outcome, Run, Unit

MOST_CHILDREN = 4
MOST_TIME_OUTS = 2
_WORST = ("crash", "timeout", "error", "failure", "unexpected-success", "skip", "expected-failure")
"""Which outcome of a test's parts is the test's, in this order; ``ok`` comes last."""
_TAIL_BYTES = 6000
_SECONDS_TO_SHOW_A_TRACEBACK = 2.0


class Stopped(Exception):  # noqa: N818 -- no error
    """The user wants to stop."""


class _Ending(msgspec.Struct):
    """How a child ended, and what its journal says."""

    kind: str
    text: str
    started: str = ""
    outcomes: dict[str, list[Outcome]] = {}
    whole: Outcome | None = None


def run_unit(unit: Unit, arm: Arm, attempt: int, *, timeout: float, stop: threading.Event) -> Run:
    """Run ``unit`` in ``arm``, each child for at most ``timeout`` seconds.

    Raises:
        Stopped: ``stop`` was set; nothing is left running.
    """
    begun = time.monotonic()
    blamed: dict[str, Outcome] = {}
    late = 0
    for _ in range(MOST_CHILDREN):
        ending = _child(unit, arm, tuple(blamed), timeout, stop)
        if ending.kind == ENDED:
            break
        if ending.started in blamed or not ending.started or ending.started in ending.outcomes:
            break
        blamed[ending.started] = Outcome(ending.kind, ending.text)
        late += ending.kind == TIMED_OUT
        if late == MOST_TIME_OUTS:
            break
    tests = {test: _worst(outcomes) for test, outcomes in ending.outcomes.items()} | blamed
    return Run(
        unit=unit.name,
        arm=arm.name,
        attempt=attempt,
        ending=ending.kind,
        seconds=round(time.monotonic() - begun, 2),
        passed=[test for test, outcome in tests.items() if outcome.kind == "ok"],
        others={test: outcome for test, outcome in tests.items() if outcome.kind != "ok"},
        whole=_whole(ending),
    )


def is_jitted(command: tuple[str, ...], arm: Arm) -> bool:
    """Say whether the JIT is on in ``arm`` in a Python that ``command`` starts.

    Raises:
        SetupError: it does not start.
    """
    program = "import sys; m = sys.modules.get('pyjit_core'); print(bool(m and m.is_enabled()))"
    unit = Unit("", (*command, "-c", program), len(command) + 2)
    with _scratch() as scratch:
        output = scratch / "output"
        ending = _process(list(unit.command), unit, arm, scratch, 60, threading.Event())
        said = output.read_text("utf-8", "replace").strip()
    if ending != (ENDED, 0) or said not in {"True", "False"}:
        raise SetupError(f"{command[0]} does not start in the arm {arm.name}: {said or ending}")
    return said == "True"


def _whole(ending: _Ending) -> Outcome:
    if ending.kind != ENDED:
        return Outcome(ending.kind, ending.text)
    whole = ending.whole or Outcome("error")
    return Outcome(whole.kind, f"{whole.detail}\n{ending.text}" if whole.kind == "error" else "")


def _worst(outcomes: list[Outcome]) -> Outcome:
    for kind in _WORST:
        for outcome in outcomes:
            if outcome.kind == kind:
                return outcome
    return outcomes[0]


def _child(
    unit: Unit, arm: Arm, ignored: tuple[str, ...], timeout: float, stop: threading.Event
) -> _Ending:
    with _scratch() as scratch:
        journal = scratch / "journal"
        options = [f"{OPTION}={journal}", *(f"{IGNORE_OPTION}={test}" for test in ignored)]
        command = [*unit.command[: unit.options_at], *options, *unit.command[unit.options_at :]]
        kind, status = _process(command, unit, arm, scratch, timeout, stop)
        ending = _read(journal)
        if kind == ENDED and (status < 0 or ending.whole is None):
            kind = CRASHED
        ending.kind = kind
        ending.text = f"{_explain(kind, status, timeout)}\n{_tail(scratch / 'output')}"
        return ending


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """Make a folder with a short name: tests make sockets in it, whose paths are bounded."""
    folder = Path(tempfile.mkdtemp(prefix="bed-"))
    try:
        for name in ("work", "tmp", "home"):
            (folder / name).mkdir()
        yield folder
    finally:
        # Tests leave folders behind that cannot be listed.
        for parent, folders, _ in os.walk(folder):
            for name in folders:
                with contextlib.suppress(OSError):
                    path = Path(parent, name)
                    if not path.is_symlink():
                        path.chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)


def _process(
    command: list[str],
    unit: Unit,
    arm: Arm,
    scratch: Path,
    timeout: float,
    stop: threading.Event,
) -> tuple[str, int]:
    """Run ``command`` to its end or its limit; return the kind of its ending and its status."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(scratch / "home"),
        "TMPDIR": str(scratch / "tmp"),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        # Tests that depend on the order of a set differ from run to run without it.
        "PYTHONHASHSEED": "0",
        **arm.environment,
    }
    with (scratch / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=unit.folder or scratch / "work",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return ENDED, process.wait(0.2)
            if stop.is_set():
                raise Stopped
        # The suite's runner answers this signal with a traceback of every thread.
        process.send_signal(signal.SIGUSR1)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_SHOW_A_TRACEBACK)
        return TIMED_OUT, 0
    finally:
        # Also what the tests have started and left running.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(journal: Path) -> _Ending:
    ending = _Ending(ENDED, "", outcomes={})
    lines = journal.read_bytes().split(b"\n")[:-1] if journal.exists() else []
    for line in lines:
        event = msgspec.json.decode(line, type=dict[str, str])
        if "start" in event:
            ending.started = event["start"]
        elif "test" in event:
            outcome = Outcome(event["outcome"], event["detail"])
            ending.outcomes.setdefault(event["test"], []).append(outcome)
        else:
            ending.whole = Outcome(event["unit"], event["detail"])
    return ending


def _explain(kind: str, status: int, timeout: float) -> str:
    if kind == TIMED_OUT:
        return f"not over after {timeout:g} seconds"
    if status < 0:
        try:
            return f"ended by {signal.Signals(-status).name}"
        except ValueError:
            return f"ended by signal {-status}"
    return f"ended with exit code {status}"


def _tail(path: Path) -> str:
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return handle.read().decode("utf-8", "replace")
