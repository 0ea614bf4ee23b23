"""The fork server: says hello, then runs the programs of each request in forked children.

Contract: single-threaded; it survives whatever a child does. It alone holds
the pipes to the host. A request has one program or several, which share a child as
long as nothing happens: with the child that dies of a program ends that program only, the
others get a new one. Each program has an answer of its own, in order: how it ended (from
``waitpid``, where the child died of it), the last point that it reached, its report,
its output, its native standard error and, where the request wants that, what it was compiled
to. The server ends when the host closes the request pipe, and with status 3 when the host sends
something that is no request.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import importlib
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
import warnings
from importlib.util import MAGIC_NUMBER
from typing import Any, Dict, Iterator, List, NoReturn, Tuple

from pyjit_fuzz.worker import channel
from pyjit_fuzz.worker.child import Run, Text, run_and_exit, set_streams, warm_up
from pyjit_fuzz.worker.errors import PROGRAM_FILE
from pyjit_fuzz.worker.sandbox import Sandbox
from pyjit_fuzz.worker.surroundings import RECURSION, Surroundings

PROTOCOL = 4
_STDERR_KEPT = 16 << 10
_CAPTURE_KEPT = 1 << 20
_NOBODY = 65534


_Answer = Tuple[Dict[str, Any], bytes]


class Server:
    """State that every child inherits: sandbox, board, the two capture files."""

    def __init__(self, sandbox: Sandbox, jit: Any, scratch: str) -> None:
        """``scratch`` is an existing folder of this server alone."""
        self._sandbox = sandbox
        self._surroundings: Surroundings | None = None
        self._jit = jit
        self._options = getattr(jit, "config", None)  # now: what it imports is closed later
        self._scratch = os.path.join(os.path.realpath(scratch), "run")
        self._board = channel.Board()
        self._output = _capture_file("output")
        self._native = _capture_file("native")
        faulthandler.enable(file=self._native, all_threads=False)
        # A program that used up its time still shows where it was.
        faulthandler.register(signal.SIGPROF, file=self._native, all_threads=False, chain=True)
        self._make_scratch()

    def remember(self) -> None:
        """Take everything as it is now for what every program is to find."""
        self._surroundings = Surroundings()

    def prepare(self, request: Dict[str, Any], texts: List[Text]) -> Run:
        """Clear what the last child left and describe the next run."""
        assert self._surroundings is not None  # remember() was called
        self._board.reset()
        for fd in (self._output, self._native):
            os.lseek(fd, 0, os.SEEK_SET)
        return Run(
            board=self._board,
            sandbox=self._sandbox,
            surroundings=self._surroundings,
            jit=self._jit,
            options=self._options,
            texts=texts,
            scratch=self._scratch,
            limits=request["limits"],
            wants_code=bool(request.get("wants_code")),
        )

    def start(self, run: Run, closing: Tuple[int, ...]) -> NoReturn:
        """Become the child: close what is the server's, capture, run, exit."""
        for fd in closing:
            os.close(fd)
        os.dup2(self._output, 1)
        os.dup2(self._native, 2)
        run_and_exit(run)

    def serve(
        self, request: Dict[str, Any], texts: List[Text], closing: Tuple[int, ...]
    ) -> Iterator[_Answer]:
        """Run programs in as few children as it takes; children close ``closing``."""
        done = 0
        while done < len(texts):
            answers = self._serve_child(request, texts[done:], closing)
            done += len(answers)
            yield from answers

    def _serve_child(
        self, request: Dict[str, Any], texts: List[Text], closing: Tuple[int, ...]
    ) -> List[_Answer]:
        """Run programs in one child, and answer for those that it has come to."""
        run = self.prepare(request, texts)
        begin = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                os.setpgid(0, 0)
                signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
                self.start(run, closing)
            finally:
                os._exit(1)
        status, timed_out = _wait(pid, float(run.limits["wall_seconds"]), self._board)
        last = {
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            "phase": self._board.phase(),
            "timed_out": timed_out,
            "seconds": time.monotonic() - begin,
        }
        return self._answers(last, min(self._board.place(), len(texts) - 1), run.limits)

    def _answers(self, last: Dict[str, Any], place: int, limits: Dict[str, Any]) -> List[_Answer]:
        """Answer for the programs up to ``place``; the child ended with that one."""
        told = self._board.told()
        written = os.lseek(self._output, 0, os.SEEK_CUR)
        said = os.lseek(self._native, 0, os.SEEK_CUR)
        output, native = map(min, self._board.starts(), (written, said))
        finished = {**last, "exit": 0, "signal": 0, "phase": "done", "timed_out": False}
        nothing = channel.Told(b"", b"", b"", output, written)
        answers = []
        for number in range(place + 1):
            at_end = number == place
            one = told.get(number, nothing)
            if not one.report:
                one = nothing._replace(code=one.code)
            answer = {**(last if at_end else finished), "place": number}
            start, end = min(one.begin, written), min(one.end, written)
            answer["output_full"] = end - start > limits["output_bytes"]
            parts = [one.report, one.addition, b"", b"", one.code]
            parts[2] = os.pread(
                self._output, max(0, min(end - start, limits["output_bytes"])), start
            )
            if at_end:
                parts[3] = os.pread(self._native, min(said - native, _STDERR_KEPT), native)
            answer["sizes"] = [len(part) for part in parts]
            answers.append((answer, b"".join(parts)))
        if written > _CAPTURE_KEPT:
            os.ftruncate(self._output, 0)
        if os.listdir(self._scratch):
            self._make_scratch()
        return answers

    def _make_scratch(self) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)
        os.makedirs(self._scratch, exist_ok=True)
        if os.geteuid() == 0:
            with contextlib.suppress(OSError):
                os.chown(self._scratch, _NOBODY, _NOBODY)


def _capture_file(name: str) -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("pyjit-" + name)
    fd, path = tempfile.mkstemp()
    os.unlink(path)
    return fd


def _wait(pid: int, seconds: float, board: channel.Board) -> Tuple[int, bool]:
    """Wait for the child; its process group does not survive it.

    It is ended when it has been at one program for ``seconds``, at most twice as long.
    """
    timed_out = False
    place = board.place()
    deadline = time.monotonic() + seconds
    while not _ended(pid):
        left = deadline - time.monotonic()
        if left > 0:
            _sleep_until_child(left)
        elif board.place() != place and not timed_out:
            place = board.place()
            deadline = time.monotonic() + seconds
        elif timed_out:
            break
        else:
            timed_out = True
            os.kill(pid, signal.SIGPROF)  # faulthandler writes where it is, then it dies
            deadline = time.monotonic() + 0.5
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1], timed_out


def _ended(pid: int) -> bool:
    """Tell whether the child is dead, without reaping it: its number stays taken."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return found is not None and found.si_pid == pid


def _sleep_until_child(seconds: float) -> None:
    if hasattr(signal, "sigtimedwait"):
        signal.sigtimedwait([signal.SIGCHLD], seconds)
    else:  # macOS
        time.sleep(min(seconds, 0.002))


def _hello(jit_name: str) -> Tuple[Dict[str, Any], Any]:
    hello = {
        "protocol": PROTOCOL,
        "python": list(sys.version_info[:3]),
        "implementation": sys.implementation.name,
        "magic": MAGIC_NUMBER.hex(),
        "executable": sys.executable or "",
        "arch": platform.machine(),
        "pid": os.getpid(),
    }  # type: Dict[str, Any]
    if not jit_name:
        return hello, None
    try:
        jit = importlib.import_module(jit_name)
        info = jit.build_info()
        jit.disable()
    except Exception as error:  # noqa: BLE001 -- the host tells the user, whatever it is
        hello["jit_error"] = "%s: %s" % (type(error).__name__, error)
        return hello, None
    hello["jit"] = {name: str(value) for name, value in info.items()}
    options = getattr(jit, "config", None)
    hello["options"] = [name for name in dir(options) if not name.startswith("_")]
    if hasattr(jit, "event_names"):
        hello["events"] = list(jit.event_names())
    return hello, jit


def main(arguments: List[str]) -> int:
    """Serve until the host hangs up; returns the exit status."""
    parser = argparse.ArgumentParser(prog="pyjit-worker")
    parser.add_argument("--requests", type=int, default=-1)
    parser.add_argument("--replies", type=int, default=-1)
    parser.add_argument("--direct", default="", help="file with one request, run in this process")
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--jit", default="")
    parser.add_argument("--modules", default="", help="more modules that programs may import")
    options = parser.parse_args(arguments)

    sys.dont_write_bytecode = True
    hello, jit = _hello(options.jit)
    warnings.resetwarnings()
    sandbox = Sandbox(name for name in options.modules.split(",") if name)
    server = Server(sandbox, jit, options.scratch)
    sandbox.close_modules()
    set_streams()
    sys.argv[:] = [PROGRAM_FILE]
    sys.setrecursionlimit(RECURSION)
    warm_up()
    server.remember()
    gc.collect()
    gc.freeze()  # a program's gc.collect() looks at its own objects only, and quickly
    if options.direct:
        return _direct(server, options.direct)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    return _serve(server, hello, options.requests, options.replies)


def _serve(server: Server, hello: Dict[str, Any], requests: int, replies: int) -> int:
    try:
        channel.write_frame(replies, hello)
        while True:
            frame = channel.read_frame(requests)
            if frame is None:
                return 0
            texts = _texts(*frame)
            for header, body in server.serve(frame[0], texts, (requests, replies)):
                channel.write_frame(replies, header, body)
    except BrokenPipeError:
        return 0
    except (channel.BrokenFrameError, KeyError, TypeError, ValueError) as error:
        os.write(2, ("pyjit-worker: %s: %s\n" % (type(error).__name__, error)).encode())
        return 3


def _texts(header: Dict[str, Any], body: bytes) -> List[Text]:
    """Cut a request's body into programs."""
    texts = []
    start = 0
    rows = zip(header["kinds"], header["sizes"], header["points"])  # noqa: B905 -- Python 3.8
    for kind, size, point in rows:
        texts.append((kind, body[start : start + size], point))
        start += size
    return texts


def _direct(server: Server, path: str) -> int:
    """Run one request without a fork, for a debugger that holds this process."""
    fd = os.open(path, os.O_RDONLY)
    frame = channel.read_frame(fd)
    if frame is None:
        return 3
    return server.start(server.prepare(frame[0], _texts(*frame)), (fd,))
