"""The two arms of a comparison: one interpreter, without and with the JIT.

Contract: an arm starts one fresh process a measurement, with an environment of which only what is
named here is inherited, the same for both arms but for the JIT. It returns the answer or a
`Failure`; it raises `SetupError` only for what no benchmark could be measured with.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from catalogue import Benchmark, SetupError
from child import Answer, Request

CHILD = Path(__file__).resolve().parent / "child.py"
INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")


class Failure(NamedTuple):
    """A measurement that did not come to its end."""

    reason: str
    details: str


class Plan(NamedTuple):
    """How long to measure."""

    rounds: int
    samples: int
    sample_seconds: float
    warmup_seconds: float
    timeout: float


class Arm:
    """One way to run Python."""

    def __init__(
        self, name: str, interpreter: str, environment: dict[str, str], *, jitted: bool
    ) -> None:
        """Take the `interpreter` (a path) and what to add to its environment."""
        self.name = name
        self.jitted = jitted
        self.command = [interpreter, *(["-m", "pyjit_core"] if jitted else [])]
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        # A fixed hash seed: the layout of dicts and sets is part of what is measured.
        self.environment = {**inherited, "PYTHONHASHSEED": "0", **environment}

    def run(self, benchmark: Benchmark, plan: Plan, loops: int, scratch: Path) -> Answer | Failure:
        """Measure one benchmark in a fresh process."""
        answer = scratch / "answer.json"
        answer.unlink(missing_ok=True)
        request: Request = {
            "suite": benchmark.suite,
            "path": str(benchmark.path),
            "case": benchmark.case,
            "loops": loops,
            "sample_seconds": plan.sample_seconds,
            "warmup_seconds": plan.warmup_seconds,
            "samples": plan.samples,
            "jitted": self.jitted,
            "answer": str(answer),
        }
        try:
            process = subprocess.run(
                [*self.command, str(CHILD), json.dumps(request)],
                env=self.environment,
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=plan.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Failure(f"no answer within {plan.timeout:g} s", "")
        stderr = process.stderr.decode("utf-8", "replace")
        if process.returncode or not answer.is_file():
            return Failure(how_it_ended(process.returncode), "\n".join(stderr.splitlines()[-12:]))
        measured: Answer = json.loads(answer.read_text(encoding="utf-8"))
        return measured


def how_it_ended(code: int) -> str:
    """Put a return code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"died of {signal.Signals(-code).name}"
    except ValueError:
        return f"died of signal {-code}"


def make_arms(
    interpreter: str, core: Path | None, variables: Sequence[str], scratch: Path, *, null: bool
) -> tuple[Arm, Arm]:
    """Return the stock arm and the jitted one (with `null`: stock again); raises `SetupError`."""
    path = shutil.which(interpreter)
    if path is None:
        raise SetupError(
            f"there is no interpreter {interpreter}.\n"
            "On Debian 12: apt install python3.11; or name another one: --python PATH"
        )
    for variable in variables:
        if "=" not in variable:
            raise SetupError(f"--env takes NAME=VALUE, not {variable!r}")
    added = dict(variable.split("=", 1) for variable in variables)
    if null:
        return Arm("stock", path, {}, jitted=False), Arm("stock again", path, {}, jitted=False)
    environment = find_core(path, core, scratch)
    return (
        Arm("stock", path, environment, jitted=False),
        Arm("jitted", path, {**environment, **added}, jitted=True),
    )


def find_core(interpreter: str, core: Path | None, scratch: Path) -> dict[str, str]:
    """Return the environment in which `interpreter` finds pyjit_core; raises `SetupError`.

    Looked for in `core` if given, else among the interpreter's own packages, else among those of
    the Python that runs this tool; only the package itself is put on the path, not its neighbours.
    """
    tried = []
    candidates = [core / "pyjit_core"] if core else [None, *_own_package()]
    for candidate in candidates:
        environment = {"PYTHONPATH": str(_alone(candidate, scratch))} if candidate else {}
        error = _import_error(interpreter, environment)
        if error is None:
            return environment
        tried.append(f"  {candidate or 'its own packages'}: {error}")
    raise SetupError(
        f"{interpreter} cannot import pyjit_core:\n" + "\n".join(tried) + "\n"
        "Install it for the Python that runs this tool (pip install ./core), or name the folder\n"
        "that holds the package: --core DIR. To try the tool without it: --null"
    )


def _own_package() -> list[Path]:
    """Return where the Python that runs this tool has pyjit_core, if it has."""
    spec = importlib.util.find_spec("pyjit_core")
    return [Path(each) for each in (spec.submodule_search_locations or [])] if spec else []


def _alone(package: Path, scratch: Path) -> Path:
    folder = scratch / "path"
    folder.mkdir(exist_ok=True)
    link = folder / "pyjit_core"
    link.unlink(missing_ok=True)
    link.symlink_to(package.resolve())
    return folder


def _import_error(interpreter: str, environment: dict[str, str]) -> str | None:
    """Return why pyjit_core cannot be imported, or None if it can."""
    process = subprocess.run(
        [interpreter, "-c", "import pyjit_core"],
        env={name: os.environ[name] for name in INHERITED if name in os.environ} | environment,
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if process.returncode == 0:
        return None
    return (process.stderr.strip().splitlines() or [how_it_ended(process.returncode)])[-1]
