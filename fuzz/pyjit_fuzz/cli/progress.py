"""Progress on standard error: a live table on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pyjit_fuzz.campaign import Event, Notice, Ran, Settings, Stored, Supervisor, Working
from pyjit_fuzz.campaign.sources import is_kept

_SECONDS_BETWEEN_LINES = 10.0
_COLUMNS = ("architecture", "programs", "programs/s", "valid", "ran compiled", "findings")


class _Counts:
    """What is shown of one architecture."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.programs = self.valid = self.compiled = 0
        self.here = 0
        """Programs of this sitting, for the rate."""
        self.findings: set[str] = set()

    def add(self, message: Ran) -> None:
        tested = message.runs[1:]
        self.programs += 1
        self.here += 1
        if self.total is not None and is_kept(message.key):
            self.total += 1  # another architecture has kept it meanwhile
        self.valid += message.valid
        self.compiled += bool(tested) and all(run.compiled for run in tested)

    def cells(self, seconds: float) -> tuple[str, ...]:
        of = f" / {self.total:,}" if self.total is not None else ""
        return (
            f"{self.programs:,}{of}",
            f"{self.here / seconds:.1f}" if seconds else "-",
            _share(self.valid, self.programs),
            _share(self.compiled, self.programs),
            str(len(self.findings)),
        )


class Progress:
    """Shows a sitting's progress; a context manager."""

    def __init__(self, settings: Settings, corpus: int, console: Console | None = None) -> None:
        """``corpus`` is the number of corpus programs, which every architecture runs."""
        self._console = console or Console(stderr=True)
        self._counts = {
            arch: _Counts(settings.programs[arch] + corpus if arch in settings.programs else None)
            for arch in settings.archs
        }
        self._started = time.monotonic()
        self._last_line = self._started
        self._work: dict[str, str] = {}
        self._live: Live | None = None
        if self._console.is_terminal:
            self._live = Live(
                console=self._console, refresh_per_second=4, get_renderable=self._table
            )

    def begin(self, supervisor: Supervisor) -> None:
        """Take over the counts of earlier sittings."""
        for arch, shown in self._counts.items():
            counts = supervisor.state.counters(arch)
            shown.programs = int(counts.get("programs", 0))
            shown.valid = int(counts.get("valid", 0))
            shown.compiled = int(counts.get("compiled", 0))
            if shown.total is not None:
                shown.total += sum(map(is_kept, supervisor.state.done(arch)))
            rows = supervisor.state.rows("SELECT id FROM findings WHERE arch = ?", arch)
            shown.findings = {str(name) for (name,) in rows}
        self._started = time.monotonic()

    def tell(self, arch: str, message: Event) -> None:
        """Note what a job reported."""
        counts = self._counts[arch]
        match message:
            case Ran():
                counts.add(message)
                self._work.pop(arch, None)
            case Stored():
                if message.id not in counts.findings:
                    counts.findings.add(message.id)
                self._say(
                    f"{message.state}: {message.bucket}, {message.lines} lines, {message.folder}"
                )
            case Working(text):
                self._work[arch] = text
            case Notice(text):
                self._say(text)
        if self._live is None:
            self._line_now_and_then()

    def _say(self, text: str) -> None:
        self._console.print(escape(text), highlight=False, soft_wrap=True)

    def _line_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._last_line < _SECONDS_BETWEEN_LINES:
            return
        self._last_line = now
        for arch, counts in self._counts.items():
            cells = counts.cells(now - self._started)
            named = ", ".join(
                f"{name} {cell}" for name, cell in zip(_COLUMNS[1:], cells, strict=True)
            )
            work = f"; {self._work[arch]}" if arch in self._work else ""
            self._say(f"{arch}: {named}{work}")

    def _table(self) -> Group:
        table = Table(box=None, pad_edge=False)
        for name in _COLUMNS:
            table.add_column(name, justify="left" if name == _COLUMNS[0] else "right")
        seconds = time.monotonic() - self._started
        for arch, counts in self._counts.items():
            table.add_row(arch, *counts.cells(seconds))
        work = [Text(f"{arch}: {text}", style="dim") for arch, text in self._work.items()]
        return Group(table, *work)

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
