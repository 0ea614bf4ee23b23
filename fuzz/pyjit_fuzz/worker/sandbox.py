"""What a program may do: limits, a closed set of modules, files in its scratch folder only.

Contract: ``enter`` runs once in the forked child; ``begin`` before a program is compiled,
``leave`` after it has run, which lifts what canonicalising would trip over.
It is containment of random programs, not a prison for hostile ones; several
layers stand behind each other:

* modules: those in ``ALLOWED`` are loaded in the server, all other modules
  are then dropped from ``sys.modules`` and refused by the first finder on
  ``sys.meta_path`` (``ModuleNotFoundError``, an ``ImportError``);
* an audit hook, which nothing can remove, refuses whatever touches files
  outside the scratch folder, processes, sockets, signals or foreign functions
  (``PermissionError``), however the program got at it;
* resource limits; as root, the child becomes ``nobody`` first, so that the limit
  of zero new processes holds.

Built-in functions: all of them stay as they are, because a JIT's fast paths
depend on the true built-ins. ``open`` is bounded by the audit hook, ``exec``,
``eval`` and ``compile`` are free, ``input`` meets the end of file.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import sys
from typing import Any, Callable, Dict, FrozenSet, Iterable, Iterator, List

from pyjit_fuzz.worker.errors import PROGRAM_FILE

# fmt: off
ALLOWED = (
    "__future__", "abc", "array", "bisect", "builtins", "cmath", "codecs", "collections",
    "collections.abc", "contextlib", "contextvars", "copy", "copyreg", "dataclasses", "datetime",
    "decimal", "dis", "enum", "fractions", "functools", "gc", "heapq", "inspect", "io", "itertools",
    "json", "keyword", "linecache", "math", "numbers", "operator", "pickle", "pprint", "random",
    "re", "reprlib", "statistics", "string", "struct", "sys", "textwrap", "token", "tokenize",
    "traceback", "types", "typing", "unicodedata", "warnings", "weakref",
)
"""Modules that a program may import."""

_INTERNAL = (
    "_abc", "_bisect", "_codecs", "_collections", "_collections_abc", "_compat_pickle",
    "_contextvars", "_datetime", "_decimal", "_functools", "_heapq", "_io", "_json", "_operator",
    "_pickle", "_random", "_sre", "_statistics", "_strptime", "_struct", "_typing", "_warnings",
    "_weakref", "_weakrefset", "atexit", "encodings",
)
"""Modules that C code and the standard library look up by name while a program runs."""

_CODECS = ("ascii", "latin_1", "utf_8", "utf_16", "utf_32", "raw_unicode_escape", "unicode_escape")

_REFUSED_EVENTS = frozenset((
    "_posixsubprocess", "ctypes", "cpython", "fcntl", "glob", "mmap", "msvcrt", "nntplib", "os",
    "pathlib", "pty", "resource", "shutil", "signal", "socket", "sqlite3", "subprocess", "syslog",
    "tempfile", "urllib", "webbrowser",
))
# fmt: on
"""First parts of the audit events that are refused whatever their arguments."""

_NOBODY = 65534


class _ClosedSet:
    """The first finder on ``sys.meta_path``: nothing but what is loaded can be imported."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        """Refuse ``name``; it is asked only for modules that are not in ``sys.modules``."""
        del path, target
        raise ModuleNotFoundError(
            "No module named %r (outside the closed set of modules)" % name, name=name
        )


class Sandbox:
    """One sandbox, set up in the server, entered in each child."""

    def __init__(self, extra_modules: Iterable[str] = ()) -> None:
        """Load the allowed modules; ``extra_modules`` widen the set.

        An extra module also lifts the refusal of audit events that begin with
        its name. Raises ``ImportError`` for one that does not exist.
        """
        extra = list(extra_modules)
        for name in [*ALLOWED, *extra]:
            importlib.import_module(name)
        for name in [*("encodings." + codec for codec in _CODECS), "_strptime", "atexit"]:
            importlib.import_module(name)
        self._kept = frozenset([*ALLOWED, *_INTERNAL, *extra])
        # Dropped modules must live on: the others use them, and destroying them takes time.
        self._dropped = dict(sys.modules)
        self._refused_events = _REFUSED_EVENTS.difference(name.partition(".")[0] for name in extra)
        self._armed = [False]
        self._touched = [False]
        self._size = 0

    def enter(self, scratch: str, limits: Dict[str, Any], programs: int) -> None:
        """Enclose the calling process, which is to run ``programs``, for good."""
        os.chdir(scratch)
        _limit(limits, self._size, programs)
        _drop_privileges()
        _limit_processes(int(limits.get("processes", 0)))
        self.watch(scratch)

    def watch(self, scratch: str) -> None:
        """Add the audit hook, which is there for good and refuses nothing before it is armed."""
        inside = os.path.join(scratch, "")
        sys.addaudithook(_hook(self._armed, self._touched, self._refused_events, inside))

    @contextlib.contextmanager
    def armed(self) -> Iterator[None]:
        """Arm the audit hook, without any limit."""
        self._armed[0] = True
        try:
            yield
        finally:
            self._armed[0] = False

    def begin(self, limits: Dict[str, Any]) -> None:
        """Enclose the next program: its time starts now."""
        seconds = float(limits["seconds"])
        signal.setitimer(signal.ITIMER_PROF, seconds)
        # In case that the server dies: nobody else would end a child that only waits.
        signal.setitimer(signal.ITIMER_REAL, float(limits["wall_seconds"]) + 10)
        if limits["limit_address_space"]:
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(
                resource.RLIMIT_AS, (min(hard, self._size + limits["memory_bytes"]), hard)
            )
        self._armed[0] = True

    def touched(self) -> bool:
        """Tell whether a program opened a file or changed a function that is not its own."""
        return self._touched[0]

    def memory_is_used_up(self, limits: Dict[str, Any]) -> bool:
        """Tell whether memory ran short, or one absurd request was refused as it always is."""
        peak = _address_space("VmPeak")
        return not peak or peak - self._size > limits["memory_bytes"] // 2

    def leave(self, limits: Dict[str, Any]) -> None:
        """Let the worker's own code run again: no hook, no timer, more memory."""
        self._armed[0] = False
        signal.setitimer(signal.ITIMER_PROF, 2 * float(limits["seconds"]) + 5)
        if limits["limit_address_space"]:
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))

    def close_modules(self) -> None:
        """Drop and refuse all other modules; the server calls it when it is complete."""
        for name in list(sys.modules):
            if name not in self._kept and name.partition(".")[0] not in self._kept:
                del sys.modules[name]
        sys.meta_path[:] = [_ClosedSet]
        self._size = _address_space("VmSize")
        sys.path[:] = []


def _hook(
    armed: List[bool], touched: List[bool], refused: FrozenSet[str], scratch: str
) -> Callable[[str, Any], None]:
    real_path = os.path.realpath
    fs_decode = os.fsdecode
    function_type = type(_hook)

    def hook(event: str, args: Any) -> None:
        if not armed[0]:
            return
        if event == "open":
            path = args[0]
            if type(path) is int:
                touched[0] = True
                return  # one of its own streams: a child holds no other descriptor
            touched[0] = True
            armed[0] = False
            try:
                inside = (real_path(fs_decode(path)) + "/").startswith(scratch)
            finally:
                armed[0] = True
            if not inside:
                raise PermissionError("the program may open files in its own folder only")
        elif event == "object.__setattr__":
            function = args[0]
            if type(function) is function_type:
                own = function.__code__.co_filename == PROGRAM_FILE
                touched[0] = touched[0] or not own
        elif event.partition(".")[0] in refused:
            raise PermissionError("the program may not do this: " + event)

    return hook


def _address_space(field: str) -> int:
    """Return ``VmSize`` or ``VmPeak`` of this process in bytes; 0 where that cannot be known."""
    try:
        with open("/proc/self/status", "rb") as lines:
            for line in lines:
                if line.startswith(field.encode()):
                    return int(line.split()[1]) << 10
    except (OSError, ValueError, IndexError):
        pass
    return 0


def _limit(limits: Dict[str, Any], size: int, programs: int) -> None:
    """Set the resource limits that the system knows; memory comes on top of ``size``."""
    seconds = (int(3 * float(limits["seconds"])) + 10) * programs
    wanted = {
        "RLIMIT_CPU": (seconds, seconds + 2),
        "RLIMIT_FSIZE": (limits["file_bytes"], limits["file_bytes"]),
        "RLIMIT_NOFILE": (limits["open_files"], limits["open_files"]),
        "RLIMIT_CORE": (0, 0),
    }
    if limits["limit_address_space"]:
        memory = limits["memory_bytes"]
        wanted["RLIMIT_AS"] = (size + memory, size + 2 * memory)
    for name, pair in wanted.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), pair)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # a flood ends the program, caught or not


def _drop_privileges() -> None:
    """Become ``nobody``: root is exempt from the limit on processes."""
    if os.geteuid() != 0:
        return
    with contextlib.suppress(OSError):
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)


def _limit_processes(processes: int) -> None:
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
