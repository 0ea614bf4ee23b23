"""The fork-server executor: any command that behaves as a Python interpreter.

Contract: ``run`` never raises because of a program. A fork server that is lost
is started again and the run repeated once; a child's death alone is a crash of
the program. An emulated interpreter is the same class with another command:

    ForkServerExecutor(profile, limits, command=["qemu-aarch64", "-L", sysroot, python], ...)
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from pyjit_fuzz.execute import crash, handshake
from pyjit_fuzz.execute.code import CodeStore, as_code, as_source
from pyjit_fuzz.execute.errors import SetupError
from pyjit_fuzz.execute.limits import Limits
from pyjit_fuzz.execute.observe import observation
from pyjit_fuzz.execute.protocol import Hello, Reply, WorkerGoneError
from pyjit_fuzz.execute.server import Text, WorkerProcess, described
from pyjit_fuzz.model import Crash, Observation, Profile, Program, Status

EXTRA_MODULES = "PYJIT_FUZZ_MODULES"
"""Environment variable of a profile: more modules that programs may import, by commas."""

_ATTEMPTS = 2
_CODES = CodeStore()
"""Executors of this process hand code on to each other."""
_EMULATED_MEMORY = 4
"""An emulator needs memory of its own; the bound only saves the machine from a hog."""


class ForkServerExecutor:
    """Runs programs in forked children of one warmed interpreter.

    Not safe for threads: one executor belongs to one thread at a time.
    """

    def __init__(
        self,
        profile: Profile,
        limits: Limits,
        *,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        slowdown: float = 1.0,
        limit_address_space: bool = True,
        hello_seconds: float = 30.0,
        respawn_after: int = 1000,
        gdb: bool = True,
    ) -> None:
        """Start the interpreter and check it; raises ``SetupError``.

        ``command`` starts the interpreter, ``environment`` is added to the
        profile's. ``slowdown`` multiplies every time limit (an emulated interpreter
        is slower, and one limit shall fit all). ``limit_address_space`` is False where the
        interpreter cannot limit its own (under an emulator). After ``respawn_after``
        programs the fork server is replaced. ``gdb`` tells whether native backtraces can be had.
        """
        self.limits = limits
        self.slowdown = slowdown
        self._command = tuple(command)
        self._limit_address_space = limit_address_space
        self._hello_seconds = hello_seconds
        self._respawn_after = respawn_after
        self._gdb = gdb
        self._environment = _environment(profile, environment or {})
        self._options = (f"--jit={profile.jit}", f"--modules={_extra_modules(profile)}")
        self._runs = 0
        self.respawns = 0
        self._worker: WorkerProcess | None = self._start(profile)
        self.hello: Hello = self._worker.hello
        """What the interpreter said of itself: version, architecture, JIT build."""
        self.profile = msgspec.structs.replace(profile, build_id=self.hello.jit.get("build_id", ""))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the interpreter and everything that it started."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    @property
    def pid(self) -> int:
        """Process id of the fork server at present; 0 when there is none."""
        return self._worker.pid if self._worker is not None else 0

    def run(
        self,
        program: Program,
        *,
        fresh: bool = False,
        backtrace: bool = False,
        limits: Limits | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Observation:
        """Run ``program`` and return what it showed.

        ``fresh`` uses a new interpreter for this run alone. ``backtrace`` adds
        the native stack to a crash, at the cost of another run under gdb.
        ``limits`` replace the executor's own for this run, and ``options`` those of its profile,
        by environment variable. Raises ``SetupError`` when the interpreter cannot be started any
        more.
        """
        limits = (limits or self.limits).times(self.slowdown)
        source = as_source(program, self.profile, options)
        request = self._request(limits)
        seen = self._run_fresh(request, source, limits) if fresh else None
        if seen is None:
            seen = self._run_warm(request, source, limits)
        if backtrace and seen.status is Status.CRASH and seen.crash is not None:
            return self._with_backtrace(seen, seen.crash, request, source)
        return seen

    def run_batch(
        self, programs: Sequence[Program], *, limits: Limits | None = None
    ) -> list[Observation]:
        """Run programs one after another, several to a process, and return what each showed.

        An observation whose ``place`` is not 0 may be the doing of an earlier program. Programs
        whose fork server was lost are run again one by one.
        """
        bounds = (limits or self.limits).times(self.slowdown)
        seen: list[Observation] = []
        try:
            request = {**self._request(bounds), "wants_code": self._compiles}
            texts = [self._batched(program) for program in programs]
            replies = self._warm_worker().ask(request, texts, bounds.wall_seconds)
            for program, reply in zip(programs, replies, strict=True):
                self._runs += 1
                if self._compiles:
                    _CODES.keep(program, self.hello, reply.code)
                seen.append(self._observation(reply, bounds))
        except WorkerGoneError:
            self._drop()
        seen.extend(self.run(program, limits=limits) for program in programs[len(seen) :])
        return seen

    @property
    def _compiles(self) -> bool:
        """Tell whether other interpreters are to have what this one compiles programs to."""
        return not self.profile.jit and self.slowdown <= 1.0

    def _batched(self, program: Program) -> Text:
        if self._compiles:
            return as_source(program, self.profile)
        return as_code(program, self.profile, self.hello, _CODES)

    def _run_warm(self, request: dict[str, object], source: Text, limits: Limits) -> Observation:
        reason = ""
        for _ in range(_ATTEMPTS):
            worker = self._warm_worker()
            try:
                (reply,) = worker.ask(request, [source], limits.wall_seconds)
            except WorkerGoneError as error:
                reason = str(error)
                self._drop()
                continue
            self._runs += 1
            return self._observation(reply, limits)
        return _server_lost(self.profile, reason)

    def _run_fresh(
        self, request: dict[str, object], source: Text, limits: Limits
    ) -> Observation | None:
        """Run in an interpreter of its own; ``None`` when that one was lost."""
        worker = self._start(self.profile)
        try:
            (reply,) = worker.ask(request, [source], limits.wall_seconds)
        except WorkerGoneError:
            return None
        finally:
            worker.kill()
        return self._observation(reply, limits)

    def _observation(self, reply: Reply, limits: Limits) -> Observation:
        return observation(
            reply, self.profile.key, limits, events=self.hello.events, slowdown=self.slowdown
        )

    def _request(self, limits: Limits) -> dict[str, object]:
        return {"limits": limits.for_worker(address_space=self._limit_address_space)}

    def _with_backtrace(
        self, seen: Observation, died: Crash, request: dict[str, object], source: Text
    ) -> Observation:
        if not self._gdb:
            return seen
        frames = crash.native_backtrace(
            self._command,
            self._environment,
            self._options,
            request=msgspec.json.encode({**request, **described([source])}),
            source=source.data,
        )
        named = msgspec.structs.replace(died, native_backtrace=frames)
        return msgspec.structs.replace(seen, crash=named)

    def _warm_worker(self) -> WorkerProcess:
        if self._runs >= self._respawn_after:
            self._drop()
        if self._worker is None:
            self._worker = self._start(self.profile)
            self.respawns += 1
        return self._worker

    def _drop(self) -> None:
        self.close()
        self._runs = 0

    def _start(self, profile: Profile) -> WorkerProcess:
        worker = handshake.start(
            profile, self._command, self._environment, self._options, self._hello_seconds
        )
        try:
            handshake.check(worker.hello, profile, self._command)
        except SetupError:
            worker.kill()
            raise
        if not self._limit_address_space:
            worker.bound_address_space(_EMULATED_MEMORY * self.limits.memory_mib << 20)
        return worker


def open_native(profile: Profile, limits: Limits) -> ForkServerExecutor:
    """Open an executor on an interpreter of this machine; entry point ``native``.

    The default interpreter is the one that runs the toolkit.
    """
    machine = platform.machine()
    if profile.arch != machine:
        raise SetupError(
            f"Profile {profile.key} needs an {profile.arch} interpreter, but this machine is "
            f"{machine}. Use the executor qemu-{profile.arch} for it."
        )
    interpreter = profile.interpreter or sys.executable
    if not Path(interpreter).is_file():
        found = shutil.which(interpreter)
        if found is None:
            raise SetupError(
                f"Profile {profile.key}: the interpreter {interpreter} does not exist. Set "
                f"'interpreter' of the profile to a Python that is installed."
            )
        interpreter = found
    return ForkServerExecutor(profile, limits, command=[interpreter])


def _environment(profile: Profile, added: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of the worker; nothing of the host's leaks into it."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        **added,
        **profile.environment,
    }
    environment.pop(EXTRA_MODULES, None)
    folders = [*profile.python_path, *environment.get("PYTHONPATH", "").split(os.pathsep)]
    path = os.pathsep.join(folder for folder in folders if folder)
    environment.pop("PYTHONPATH", None)
    return {**environment, "PYTHONPATH": path} if path else environment


def _extra_modules(profile: Profile) -> str:
    return profile.environment.get(EXTRA_MODULES, "")


def _server_lost(profile: Profile, reason: str) -> Observation:
    """Describe a program that took the fork server down twice: the program must have done it."""
    return Observation(
        profile=profile.key,
        status=Status.CRASH,
        crash=Crash(signal=0, last_point="fork server lost twice", stderr_tail=reason),
    )
