"""One worker process: started, greeted, asked, killed.

Contract: a ``WorkerProcess`` owns its process, its pipes and its scratch folder.
After ``kill`` nothing of them is left, children of the fork server included. When the owner is
killed itself, the next one removes the scratch folder (``scratch``).
It knows nothing of profiles or observations.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import psutil

from pyjit_fuzz import worker
from pyjit_fuzz.execute.protocol import (
    Hello,
    Pipes,
    Reply,
    WorkerGoneError,
    WorkerSilentError,
    decode_hello,
    decode_reply,
)
from pyjit_fuzz.execute.scratch import Scratch


class Text(NamedTuple):
    """A program on its way to a worker."""

    kind: str
    """``source`` or ``code``."""
    data: bytes
    point: dict[str, str]
    """Options of the JIT to set before it runs, by environment variable."""


LAUNCHER = Path(worker.__file__).with_name("launch.py")
"""The script that the tested interpreter runs."""

_GRACE = 15.0
"""Wall seconds beyond a run's own limit after which the fork server counts as dead."""


def described(texts: Sequence[Text]) -> dict[str, object]:
    """Return what a request's header says of the programs in its body."""
    return {
        "kinds": [text.kind for text in texts],
        "sizes": [len(text.data) for text in texts],
        "points": [text.point for text in texts],
    }


class WorkerProcess:
    """A tested interpreter with the agent in it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        options: Sequence[str],
        *,
        hello_seconds: float,
    ) -> None:
        """Start ``command`` with the agent and wait for its hello.

        Raises ``OSError`` when the command cannot be started, and
        ``WorkerGoneError`` when no hello comes.
        """
        self._scratch = Scratch()
        self.scratch = self._scratch.path
        self.scratch.chmod(0o711)  # the child may be another user; it sees its own folder only
        self._errors = (self.scratch / "stderr").open("w+b")
        self._encode = msgspec.json.Encoder().encode
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._pipes = Pipes(ours_out, ours_in)
        started = False
        try:
            self._process = subprocess.Popen(
                [
                    *command,
                    str(LAUNCHER),
                    f"--requests={theirs_in}",
                    f"--replies={theirs_out}",
                    f"--scratch={self.scratch}",
                    *options,
                ],
                env={"HOME": str(self.scratch), **environment},
                cwd=self.scratch,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=(theirs_in, theirs_out),
                start_new_session=True,
            )
            started = True
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
            if not started:
                self._release()
        try:
            self.hello: Hello = decode_hello(self._pipes.receive(hello_seconds)[0])
        except WorkerGoneError as error:
            silent = isinstance(error, WorkerSilentError)
            self.kill(gently=not silent)
            kind = WorkerSilentError if silent else WorkerGoneError
            raise kind(f"{error}{self._last_words}") from error

    _last_words = ""

    def ask(
        self, request: dict[str, object], texts: Sequence[Text], seconds: float
    ) -> Iterator[Reply]:
        """Run programs and yield a reply for each, in order; ``seconds`` is the wall limit of one.

        Raises ``WorkerGoneError`` when the fork server is lost, or yields too few
        replies; the process is then of no more use.
        """
        self._pipes.send(
            self._encode({**request, **described(texts)}),
            b"".join(text.data for text in texts),
            _GRACE,
        )
        for left in range(len(texts), 0, -1):
            # The server answers when a child is done, which may have had all programs left.
            reply = self._pipes.receive(2 * left * seconds + _GRACE)
            yield decode_reply(*reply)

    def bound_address_space(self, size: int) -> None:
        """Let the process and its future children add at most ``size`` bytes, where possible."""
        with contextlib.suppress(psutil.Error, AttributeError, OSError):
            process = psutil.Process(self._process.pid)
            bound = process.memory_info().vms + size
            process.rlimit(psutil.RLIMIT_AS, (bound, bound))

    @property
    def pid(self) -> int:
        """Process id of the fork server (of the emulator under emulation)."""
        return self._process.pid

    def kill(self, *, gently: bool = False) -> None:
        """End the process and all that it started; may be called twice.

        ``gently`` lets it come to its own end first, so that it can say why.
        """
        if self._pipes_closed:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            if gently:
                self._process.wait(1.0)
        for process in _family(self._process.pid):
            with contextlib.suppress(psutil.Error):
                process.kill()
        self._process.kill()
        self._process.wait()
        self._errors.seek(0)
        said = self._errors.read(4000).decode("utf-8", "backslashreplace").strip()
        self._last_words = f"; it said:\n{said}" if said else ""
        self._release()

    _pipes_closed = False

    def _release(self) -> None:
        self._pipes_closed = True
        self._pipes.close()
        self._errors.close()
        self._scratch.remove()


def _family(pid: int) -> list[psutil.Process]:
    try:
        children: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
    return children
