"""The two arms of a comparison: one interpreter, without and with the JIT.

Contract: an arm starts one fresh process a measurement, with an environment of which only what is
named here is inherited, the same for both arms but for the JIT. It returns the answer or a
`Failure`; it raises `SetupError` only for what no benchmark could be measured with.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from catalogue import Benchmark, SetupError
from child import Answer, Request
from short import SHORT

CHILD = Path(__file__).resolve().parent / "child.py"
AUTOLOAD = Path(__file__).resolve().parents[1]
"""Where the two files are that enable the JIT for `PYJIT=1`."""
JITS = ("pyjit_core", "pyston_lite")
"""Modules that can be compared with their interpreter: ours, and one that `enable()` enables."""
INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
SECONDS = re.compile(r"\b\d+\.\d+ ?s\b")
"""What a program may say of the time it took."""


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
    warmup_samples: int = 3


class Arm:
    """One way to run Python."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: dict[str, str],
        *,
        jit: str = "",
        counter: Path | None = None,
    ) -> None:
        """Take the interpreter's `command` and what to add to its environment.

        `jit`: which of `JITS` it has, if any; `counter`: the file with the count of instructions,
        if the machine is emulated.
        """
        self.name = name
        self.jit = jit
        self.counter = counter
        self.command = list(command)
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        # A fixed hash seed: the layout of dicts and sets is part of what is measured.
        self.environment = {**inherited, "PYTHONHASHSEED": "0", **environment}

    def run(self, benchmark: Benchmark, plan: Plan, loops: int, scratch: Path) -> Answer | Failure:
        """Measure one benchmark in a fresh process, or a short program in several."""
        measure = self._whole if benchmark.suite == "short" else self._steady
        try:
            return measure(benchmark, plan, loops, scratch)
        except subprocess.TimeoutExpired:
            return Failure(f"no answer within {plan.timeout:g} s", "")

    def _steady(
        self, benchmark: Benchmark, plan: Plan, loops: int, scratch: Path
    ) -> Answer | Failure:
        answer = scratch / "answer.json"
        answer.unlink(missing_ok=True)
        request: Request = {
            "suite": benchmark.suite,
            "path": str(benchmark.path),
            "case": benchmark.case,
            "arguments": list(benchmark.arguments),
            "counter": str(self.counter or ""),
            "loops": loops,
            "sample_seconds": plan.sample_seconds,
            "warmup_seconds": plan.warmup_seconds,
            "warmup_samples": plan.warmup_samples,
            "samples": plan.samples,
            "jit": self.jit,
            "answer": str(answer),
        }
        switch = ("-m", "pyjit_core") if self.jit == "pyjit_core" else ()
        done = self._start([*switch, str(CHILD), json.dumps(request)], {}, plan, scratch)
        if done.returncode or not answer.is_file():
            return _failure(done)
        measured: Answer = json.loads(answer.read_text(encoding="utf-8"))
        return measured

    def _whole(
        self, benchmark: Benchmark, plan: Plan, loops: int, scratch: Path
    ) -> Answer | Failure:
        del loops
        program = SHORT[benchmark.case]
        variables = {"PYJIT": "1"} if self.jit else {}
        samples: list[float] = []
        outputs: list[str] = []
        for _ in range(plan.samples + 1):
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                program.prepare(Path(folder))
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                done = self._start(list(program.arguments), variables, plan, Path(folder))
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
            # A problem of PYJIT=1 is a line on standard error, and stock code runs: not measured.
            if done.returncode or b"pyjit:" in done.stderr:
                return _failure(done)
            samples.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
            outputs.append(SECONDS.sub("", done.stdout.decode("utf-8", "replace")))
        return {
            "loops": 1,
            "first": samples[0],
            "warmup": [],
            "samples": samples[1:],
            "result": outputs[-1],
            "jit": {},
            "peak_kib": 0,
            "python": "",
        }

    def _start(
        self, arguments: list[str], variables: dict[str, str], plan: Plan, folder: Path
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*self.command, *arguments],
            env=self.environment | variables,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=plan.timeout,
            check=False,
        )


def _failure(done: subprocess.CompletedProcess[bytes]) -> Failure:
    stderr = done.stderr.decode("utf-8", "replace")
    return Failure(how_it_ended(done.returncode), "\n".join(stderr.splitlines()[-12:]))


def how_it_ended(code: int) -> str:
    """Put a return code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"died of {signal.Signals(-code).name}"
    except ValueError:
        return f"died of signal {-code}"


def added_variables(variables: Sequence[str]) -> dict[str, str]:
    """Return what `--env` asks for; raises `SetupError`."""
    for variable in variables:
        if "=" not in variable:
            raise SetupError(f"--env takes NAME=VALUE, not {variable!r}")
    return dict(variable.split("=", 1) for variable in variables)


def make_arms(
    interpreter: str,
    core: Path | None,
    variables: Sequence[str],
    scratch: Path,
    *,
    null: bool,
    jit: str = "pyjit_core",
) -> tuple[Arm, Arm]:
    """Return the stock arm and the jitted one (with `null`: stock again); raises `SetupError`."""
    path = shutil.which(interpreter)
    if path is None:
        raise SetupError(
            f"there is no interpreter {interpreter}.\n"
            "On Debian 12: apt install python3.11; or name another one: --python PATH"
        )
    added = added_variables(variables)
    environment = {"PYTHONPATH": str(search_path(scratch))}
    stock = Arm("stock", [path], environment)
    if null:
        return stock, Arm("stock again", [path], environment)
    if jit != "pyjit_core":
        find_other(path, jit)
        return stock, Arm(jit, [path], {**environment, **added}, jit=jit)
    package = find_core(path, core, scratch)
    environment |= _autoload(path, package, scratch)
    return (
        Arm("stock", [path], environment),
        Arm("jitted", [path], {**environment, **added}, jit=jit),
    )


def find_other(interpreter: str, jit: str) -> None:
    """See to it that `interpreter` has another JIT than ours; raises `SetupError`."""
    error = _import_error(interpreter, {}, jit)
    if error is not None:
        raise SetupError(
            f"{interpreter} cannot import {jit}: {error}\n"
            f"Install it for that interpreter, which it must support: pip install {jit}"
        )


def search_path(scratch: Path) -> Path:
    """Return the folder that both arms have on their search path."""
    folder = scratch / "path"
    folder.mkdir(exist_ok=True)
    return folder


def link_modules(benchmarks: Iterable[Benchmark], scratch: Path) -> None:
    """Let both arms find what benchmarks import, from the packages of the Python that runs this.

    Raises `SetupError` with a line for each benchmark that lacks something.
    """
    missing = []
    for benchmark in benchmarks:
        for module in benchmark.modules:
            spec = importlib.util.find_spec(module)
            if spec is None or spec.origin is None:
                missing.append(f"{benchmark.name} needs the package {module}")
                continue
            origin = Path(spec.origin)
            link_into(search_path(scratch), origin.parent if origin.stem == "__init__" else origin)
    if missing:
        raise SetupError(
            "\n".join(missing) + "\nInstall what is missing for the Python that runs this tool "
            "(the dependency group `bench`\nin pyproject.toml has all of it), or name the "
            "benchmarks to measure."
        )


def link_into(folder: Path, target: Path) -> None:
    """Make a symbolic link to `target` in `folder`, under its own name."""
    link = folder / target.name
    link.unlink(missing_ok=True)
    link.symlink_to(target.resolve())


def _autoload(interpreter: str, package: Path | None, scratch: Path) -> dict[str, str]:
    """Return the environment in which `PYJIT=1` enables the JIT, as if it were installed.

    `package`: the measured one, which has the extension module beside it; None if it is one of the
    interpreter's own, where all of it is.
    """
    environment = {"PYTHONUSERBASE": str(scratch / "user")}
    asked = subprocess.run(
        [interpreter, "-c", "import site; print(site.getusersitepackages())"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    folder = Path(asked.stdout.strip())
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("pyjit_core_autoload.pth", "pyjit_core_autoload.py"):
        link_into(folder, AUTOLOAD / name)
    for extension in package.parent.glob("pyjit_core_autoload.*.so") if package else ():
        link_into(folder, extension)
    return environment


def find_core(interpreter: str, core: Path | None, scratch: Path) -> Path | None:
    """See to it that `interpreter` finds pyjit_core; raises `SetupError`.

    Looked for in `core` if given, else among the interpreter's own packages, else among those of
    the Python that runs this tool; only the package itself is put on the path, not its neighbours.
    Returns its folder, None for one of the interpreter's own.
    """
    tried = []
    candidates = [core / "pyjit_core"] if core else [None, *_own_package()]
    for candidate in candidates:
        if candidate:
            link_into(search_path(scratch), candidate)
        error = _import_error(interpreter, {"PYTHONPATH": str(search_path(scratch))})
        if error is None:
            return candidate
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


def _import_error(
    interpreter: str, environment: dict[str, str], module: str = "pyjit_core"
) -> str | None:
    """Return why a module cannot be imported, or None if it can."""
    process = subprocess.run(
        [interpreter, "-c", f"import {module}"],
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
