"""What one run of one program showed, as the worker reported it.

Everything in it is data that was already made canonical inside the tested
interpreter (values as JSON trees, see ``pyjit_fuzz.worker.canon``). Nothing in
it is ever unpickled or evaluated.
"""

from __future__ import annotations

import enum
from typing import Any

import msgspec


class Status(enum.Enum):
    """How a run ended."""

    OK = "ok"
    """The module ran to its end."""
    EXCEPTION = "exception"
    """An exception left the module."""
    CRASH = "crash"
    """The process died by a signal or an abort."""
    TIMEOUT = "timeout"
    """The time limit passed."""
    LIMIT = "limit"
    """Another limit was hit (memory, output, stack): says nothing about the JIT."""
    INVALID = "invalid"
    """The source does not compile."""


class TraceEntry(msgspec.Struct, frozen=True):
    """One traceback entry; columns are 0-based and -1 where unknown."""

    function: str
    line: int
    column: int = -1
    end_line: int = -1
    end_column: int = -1


class ExceptionInfo(msgspec.Struct, frozen=True):
    """An exception with its chain."""

    type: str
    """Qualified name of the type."""
    args: Any
    """Canonical value of ``args``."""
    own: dict[str, Any] = {}
    """Canonical values of what this type carries besides (``name`` of a NameError)."""
    trace: tuple[TraceEntry, ...] = ()
    """Entries of the program's own code, outermost first."""
    context: ExceptionInfo | None = None
    cause: ExceptionInfo | None = None
    suppress_context: bool = False


class Crash(msgspec.Struct, frozen=True):
    """How a process died."""

    signal: int
    """Signal number; 0 when the process ended by ``exit`` without reporting."""
    signal_name: str = ""
    native_backtrace: tuple[str, ...] = ()
    """Native function names, innermost first, where a backtrace could be had."""
    python_backtrace: tuple[str, ...] = ()
    """``function:line`` of the Python frames, innermost first (faulthandler)."""
    last_point: str = ""
    """The last program point that the worker had recorded."""
    stderr_tail: str = ""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bytecode instruction of the program, as compiled code executes it once."""

    function: str
    """Qualified name of its function, with the file in front if it is not the program's; empty:
    what comes in front of all instructions."""
    offset: int
    """In bytes, as in ``dis``."""
    version: str
    """``generic`` or ``optimised``."""
    kind: str
    """Its opcode, and what it was compiled for: ``LOAD_ATTR.slot``; ``KW_NAMES`` is in front of it
    if it is a call with keywords."""

    def __str__(self) -> str:
        """Say it in a line, for people."""
        if not self.kind:
            return "no instruction of compiled code, or its very first"
        return f"{self.kind} at offset {self.offset} of {self.function}, in {self.version} code"


class Observation(msgspec.Struct, frozen=True):
    """One run."""

    profile: str
    """``Profile.key`` of the profile that ran it."""
    status: Status
    result: Any = None
    """Canonical value of the program's ``RESULT``; ``None`` when it has none."""
    exception: ExceptionInfo | None = None
    output: str = ""
    """Standard output and standard error of the program, interleaved."""
    log: Any = None
    """Canonical value of the program's ``LOG``."""
    crash: Crash | None = None
    compiled: tuple[str, ...] = ()
    """Sorted qualified names of the program's functions that ran compiled code."""
    refused: dict[str, int] = {}
    """Reasons for which the JIT refused code objects, counted."""
    jit_stats: dict[str, int] = {}
    """Counters of the JIT for this run (guard exits, slow paths, …)."""
    events: dict[str, int] = {}
    """What the JIT says that it did, counted by name; 0: there is code for it, and it did not
    happen. Empty for a JIT that has no map of events."""
    stopped: Step | None = None
    """Where compiled code first left the rest to the interpreter, if its number of steps was
    bounded and not enough."""
    duration: float = 0.0
    """Wall seconds inside the worker; after a time-out, the limit that passed."""
    processor: float = 0.0
    """Processor seconds that the program and the JIT have used; 0 if it did not end."""
    slowdown: float = 1.0
    """How many times longer than a native interpreter's the time limits are."""
    limit: str = ""
    """Which limit was hit: ``memory``, ``output`` or ``files``; empty for none."""
    place: int = 0
    """How many programs ran before it in the same process."""
    survivors: dict[str, int] = {}
    """Objects still alive after the program's were destroyed, counted by type."""
