"""The measured process: runs one case of one benchmark and writes what it took.

Contract: the only argument is a request as JSON (see `Request`); the answer (see `Answer`) is
written as JSON to the file that the request names. Everything the benchmark prints goes where the
parent sent it. The clock runs only inside the benchmark: neither process start-up, nor imports, nor
the benchmark's set-up are timed. All times are processor time, or instructions (see
stand_in.py). Standard library only, and syntax of 3.8: this is run by stock and by jitted
interpreters, and must cost both the same.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, TypedDict

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stand_in import Stage, instruction_clock, run_script, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from stand_in import Clock, TimeLoops


class Request(TypedDict):
    """What to run."""

    suite: str
    """`micro` or `pyperformance`."""
    path: str
    """The file with the benchmark."""
    case: str
    """Which of the benchmarks in it."""
    arguments: list[str]
    """The command line of pyperformance's script."""
    counter: str
    """File with the emulator's count of instructions; empty: the clock is processor time."""
    loops: int
    """Calls a sample; 0: find out."""
    sample_seconds: float
    """How long a sample should take, when `loops` has to be found."""
    warmup_seconds: float
    """Warm up for at least so long."""
    warmup_samples: int
    """And for at least so many samples."""
    samples: int
    jit: str
    """The module of the JIT that must be enabled; empty: none may be."""
    answer: str
    """File for the answer."""


class Answer(TypedDict):
    """What it took; times are seconds of processor time a call."""

    loops: int
    first: float
    warmup: list[float]
    samples: list[float]
    result: str
    """`repr` of the result of a micro-benchmark; empty for pyperformance's."""
    jit: dict[str, Any]
    """`pyjit_core.stats()`, or empty."""
    peak_kib: int
    """Most resident memory that the process ever had; 0: not known."""
    python: str


class WrongArmError(Exception):
    """The JIT is enabled where it must not be, or the other way round."""


def load_micro(path: Path, case: str) -> Callable[[], object]:
    """Return a function of the table `BENCHMARKS` of a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    function: Callable[[], object] = module.BENCHMARKS[case]
    return function


def peak_kib() -> int:
    """Return the most resident memory that this process had.

    Not `ru_maxrss`: a process inherits that from the one which started it.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def pyjit_is_enabled() -> bool:
    """Return whether ours is."""
    core = sys.modules.get("pyjit_core")
    return core is not None and bool(core.is_enabled())


def check_arm(jit: str) -> None:
    """Make sure that this process has the JIT that it should have, and no other."""
    if jit == "pyjit_core" and not pyjit_is_enabled():
        raise WrongArmError("this should be the jitted process, but the JIT is not enabled")
    if jit != "pyjit_core" and pyjit_is_enabled():
        raise WrongArmError("this process should not have pyjit, but it is enabled")
    if "pyston_lite" in sys.modules:
        raise WrongArmError("pyston_lite is enabled already: uninstall pyston_lite_autoload")
    if jit not in {"", "pyjit_core"}:
        importlib.import_module(jit).enable()


def calibrate(time_loops: TimeLoops, sample_seconds: float) -> int:
    """Return how many calls make a sample."""
    loops = 1
    while True:
        seconds = time_loops(loops)
        if seconds >= sample_seconds:
            return loops
        # Aim at the wanted time, but trust a very short measurement only so far.
        loops = max(loops + 1, min(loops * 10, int(loops * sample_seconds / max(seconds, 1e-9))))


def measure(clock: Clock, time_loops: TimeLoops, request: Request) -> Answer:
    """Call once, warm up, take the samples."""
    first = time_loops(1)
    loops = request["loops"] or calibrate(time_loops, request["sample_seconds"])
    warmup: list[float] = []
    end = clock() + request["warmup_seconds"]
    while len(warmup) < request["warmup_samples"] or clock() < end:
        warmup.append(time_loops(loops) / loops)
    samples = [time_loops(loops) / loops for _ in range(request["samples"])]
    return {
        "loops": loops,
        "first": first,
        "warmup": warmup,
        "samples": samples,
        "result": "",
        "jit": {},
        "peak_kib": 0 if request["counter"] else peak_kib(),
        "python": sys.version.split()[0],
    }


def answer(request: Request) -> Answer:
    """Do what a request asks for."""
    check_arm(request["jit"])
    path = Path(request["path"])
    clock = instruction_clock(Path(request["counter"])) if request["counter"] else process_time
    answers: list[Answer] = []
    if request["suite"] == "micro":
        function = load_micro(path, request["case"])
        answers.append(measure(clock, timed(clock, function), request))
        answers[0]["result"] = repr(function())
    else:
        note = lambda time_loops: answers.append(measure(clock, time_loops, request))  # noqa: E731
        run_script(path, request["arguments"], Stage(request["case"], clock, note))
    if request["jit"] == "pyjit_core":
        answers[0]["jit"] = sys.modules["pyjit_core"].stats()
    return answers[0]


def main() -> None:
    """Read the request, write the answer."""
    request: Request = json.loads(sys.argv[1])
    text = json.dumps(answer(request), default=str)
    Path(request["answer"]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
