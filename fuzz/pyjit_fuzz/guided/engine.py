"""Runs the engine: as long as it is told to, started again after what it has caught.

Contract: the folder has ``inputs``, ``caught`` and ``engine.log``; another run goes on with what is
in it. Every way in which the engine cannot be started is a ``SetupError``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from pyjit_fuzz.execute import SetupError
from pyjit_fuzz.guided.inputs import CAUGHT, KEPT
from pyjit_qemu.build import build_core

_LIBRARY: Final = "ubsan_with_fuzzer.so"
"""What atheris has for native extensions: libFuzzer, and handlers that write native stacks."""
_STATUS: Final = re.compile(r"^#(\d+)\s.*cov: (\d+) ft: (\d+) corp: (\d+)/")
_LONGEST: Final = 4096
"""Bytes of an input; a program of the usual size takes some 1,000."""
_FIRST: Final = 64
"""Random inputs to begin with; the engine would be long at the shortest programs otherwise."""
_SECONDS_A_PROGRAM: Final = 20
_MEMORY_MIB: Final = 4096
_GRACE: Final = 5.0


class Progress(msgspec.Struct, frozen=True):
    """How far the engine is."""

    runs: int = 0
    edges: int = 0
    """Of the core's code that were reached."""
    features: int = 0
    """Edges by class of their number, and other things that the engine tells apart."""
    inputs: int = 0
    """Kept because they reached something new."""
    caught: int = 0


class Engine:
    """The engine on a folder."""

    def __init__(
        self, folder: Path, on_progress: Callable[[Progress], None], *, fault: str = ""
    ) -> None:
        """Build the core for it; raises ``SetupError``. ``fault`` is planted into it."""
        self._fault = {"PYJIT_FAULT": fault} if fault else {}
        self.folder = folder
        self._on_progress = on_progress
        self._library = _library()
        self._core = build_core("x86_64", variant="coverage")
        self._runs = 0
        self.progress = Progress()

    def run(self, seconds: float, seed: int) -> Progress:
        """Run for so many wall seconds; what it has caught ends it, and it is started again."""
        try:
            return self._run(seconds, seed)
        except OSError as error:
            raise SetupError(
                f"cannot write to {self.folder}: {error.strerror}. Make room or mend the "
                "permissions and run the same command again; what is there is gone on with."
            ) from error

    def _run(self, seconds: float, seed: int) -> Progress:
        for part in (KEPT, CAUGHT):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        if not any((self.folder / KEPT).iterdir()):
            self._first_inputs(seed)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) >= 1:
            began = time.time_ns()
            self._run_once(int(left), seed)
            caught = [path for path in self._caught() if path.stat().st_mtime_ns >= began]
            if not caught and deadline - time.monotonic() >= 1:
                raise SetupError(
                    f"the coverage-guided engine ended early; it said:\n{self._last_words()}"
                )
            self._set_aside(caught)
            seed += 1
        return self.progress

    def _first_inputs(self, seed: int) -> None:
        draw = random.Random(seed)
        for number in range(_FIRST):
            data = draw.randbytes(draw.randrange(200, _LONGEST // 2))
            (self.folder / KEPT / f"first-{number}").write_bytes(data)

    def _run_once(self, seconds: int, seed: int) -> None:
        """Run the engine until it has caught something or so many seconds are over."""
        options = {
            "max_total_time": seconds,
            "seed": seed % (1 << 32) or 1,
            "max_len": _LONGEST,
            "timeout": _SECONDS_A_PROGRAM,
            "rss_limit_mb": _MEMORY_MIB,
            "artifact_prefix": f"{self.folder.resolve() / CAUGHT}{os.sep}",
            "print_final_stats": 0,
        }
        chosen = [f"-{name}={value}" for name, value in options.items()]
        with tempfile.TemporaryDirectory(prefix="pyjit-guided-") as scratch:
            command = [sys.executable, "-m", "pyjit_fuzz.guided.inside", scratch, *chosen]
            engine = subprocess.Popen(
                [*command, str((self.folder / KEPT).resolve())],
                env=self._environment(),
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="backslashreplace",
                start_new_session=True,
            )
            with _ended(engine):
                self._listen(engine)

    def _listen(self, engine: subprocess.Popen[str]) -> None:
        assert engine.stderr is not None
        with (self.folder / "engine.log").open("a", encoding="utf-8") as log:
            for line in engine.stderr:
                found = _STATUS.match(line)
                if found is None:
                    log.write(line)
                    log.flush()
                    continue
                runs, edges, features, inputs = map(int, found.groups())
                self.progress = Progress(
                    self._runs + runs, edges, features, inputs, len(self._caught())
                )
                self._on_progress(self.progress)
        self._runs = self.progress.runs

    def _set_aside(self, caught: list[Path]) -> None:
        """Take what was caught out of the inputs: the engine would meet it again at once."""
        bad = {path.read_bytes() for path in caught}
        for path in (self.folder / KEPT).iterdir():
            if bad and path.read_bytes() in bad:
                path.unlink()

    def _environment(self) -> dict[str, str]:
        paths = [str(self._core), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYJIT_")},
            "LD_PRELOAD": str(self._library),
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONHASHSEED": "0",
            **self._fault,
        }

    def _caught(self) -> list[Path]:
        return sorted((self.folder / CAUGHT).iterdir())

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            text = (self.folder / "engine.log").read_text(encoding="utf-8")
            return "\n".join(text.splitlines()[-15:])
        return ""


def _library() -> Path:
    """Return the library to preload; ``SetupError`` if atheris is not there."""
    found = importlib.util.find_spec("atheris")
    if found is None or found.origin is None:
        raise SetupError(
            "coverage-guided runs need the package atheris (x86_64 Linux): "
            "pip install 'pyjit-fuzz[guided]'"
        )
    library = Path(found.origin).parents[1] / _LIBRARY
    if not library.is_file():
        raise SetupError(
            f"this atheris has no {library}, which native code needs: use 3.0 or newer"
        )
    return library


@contextlib.contextmanager
def _ended(engine: subprocess.Popen[str]) -> Iterator[None]:
    """Let the engine end whatever happens; it leads a session of its own."""
    try:
        yield
        engine.wait()
    finally:
        if engine.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(engine.pid, signal.SIGTERM)
            try:
                engine.wait(_GRACE)
            except subprocess.TimeoutExpired:
                os.killpg(engine.pid, signal.SIGKILL)
                engine.wait()
        if engine.stderr is not None:
            engine.stderr.close()
