"""The measured process: runs one case of one benchmark and writes what it took.

Contract: the only argument is a request as JSON (see `Request`); the answer (see `Answer`) is
written as JSON to the file that the request names. Everything the benchmark prints goes where the
parent sent it. The clock runs only inside the benchmark: neither process start-up, nor imports, nor
the benchmark's set-up are timed. All times are processor time (see stand_in.py). Standard library
only: this is run by stock and by jitted interpreters, and must cost both the same.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, TypedDict

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stand_in import TimeLoops, run_script, timed

if TYPE_CHECKING:
    from collections.abc import Callable


class Request(TypedDict):
    """What to run."""

    suite: str
    """`micro` or `pyperformance`."""
    path: str
    """The file with the benchmark."""
    case: str
    """Which of the benchmarks in it."""
    loops: int
    """Calls a sample; 0: find out."""
    sample_seconds: float
    """How long a sample should take, when `loops` has to be found."""
    warmup_seconds: float
    """Warm up for at least so long."""
    samples: int
    jitted: bool
    """Whether the JIT must be enabled (else it must not be)."""
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
    python: str


MIN_WARMUP_SAMPLES = 3


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


def find_case(cases: dict[str, TimeLoops], name: str) -> TimeLoops:
    """Return a case that a script of pyperformance named."""
    if name not in cases:
        raise LookupError(f"the script names no benchmark {name}, but: {', '.join(cases)}")
    return cases[name]


def check_arm(jitted: bool) -> Any:
    """Return the module pyjit_core in the jitted arm, None in the stock one."""
    core = sys.modules.get("pyjit_core")
    enabled = core is not None and core.is_enabled()
    if jitted and not enabled:
        raise WrongArmError("this should be the jitted process, but the JIT is not enabled")
    if enabled and not jitted:
        raise WrongArmError("this should be the stock process, but the JIT is enabled")
    return core


def calibrate(time_loops: TimeLoops, sample_seconds: float) -> int:
    """Return how many calls make a sample."""
    loops = 1
    while True:
        seconds = time_loops(loops)
        if seconds >= sample_seconds:
            return loops
        # Aim at the wanted time, but trust a very short measurement only so far.
        loops = max(loops + 1, min(loops * 10, int(loops * sample_seconds / max(seconds, 1e-9))))


def measure(time_loops: TimeLoops, request: Request) -> tuple[int, float, list[float], list[float]]:
    """Return the calls a sample, and seconds a call: the first, in warm-up, warmed up."""
    first = time_loops(1)
    loops = request["loops"] or calibrate(time_loops, request["sample_seconds"])
    warmup: list[float] = []
    end = process_time() + request["warmup_seconds"]
    while len(warmup) < MIN_WARMUP_SAMPLES or process_time() < end:
        warmup.append(time_loops(loops) / loops)
    return loops, first, warmup, [time_loops(loops) / loops for _ in range(request["samples"])]


def answer(request: Request) -> Answer:
    """Do what a request asks for."""
    core = check_arm(request["jitted"])
    path = Path(request["path"])
    function = None
    if request["suite"] == "micro":
        function = load_micro(path, request["case"])
        time_loops = timed(function)
    else:
        time_loops = find_case(run_script(path), request["case"])
    loops, first, warmup, samples = measure(time_loops, request)
    return {
        "loops": loops,
        "first": first,
        "warmup": warmup,
        "samples": samples,
        "result": repr(function()) if function is not None else "",
        "jit": core.stats() if request["jitted"] else {},
        "python": sys.version.split()[0],
    }


def main() -> None:
    """Read the request, write the answer."""
    request: Request = json.loads(sys.argv[1])
    text = json.dumps(answer(request), default=str)
    Path(request["answer"]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
