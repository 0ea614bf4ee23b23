"""From a worker's reply to an observation: one pure function and its tables."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from pyjit_fuzz.execute import crash
from pyjit_fuzz.execute.limits import Limits
from pyjit_fuzz.execute.protocol import Reply, Report, tree
from pyjit_fuzz.model import Crash, Observation, Status

_TIME_SIGNALS = frozenset((signal.SIGPROF, signal.SIGXCPU, signal.SIGALRM))
_LIMIT_SIGNALS = {int(signal.SIGXFSZ): "files"}
_STATUS = {
    "ok": Status.OK,
    "exception": Status.EXCEPTION,
    "limit": Status.LIMIT,
    "invalid": Status.INVALID,
}
_TAIL = 2000


def observation(
    reply: Reply,
    profile: str,
    limits: Limits,
    *,
    events: Sequence[str] = (),
    slowdown: float = 1.0,
) -> Observation:
    """Say what a reply means; ``profile`` is the key of the profile that ran it.

    ``events`` are the names of the JIT's events by place, ``slowdown`` is the executor's.
    """
    status, limit = _judge(reply)
    report = reply.report or Report(status="ok")
    timed_out = status is Status.TIMEOUT
    return Observation(
        profile=profile,
        status=status,
        result=tree(report.result),
        exception=report.exception,
        output=reply.output,
        log=tree(report.log),
        crash=_crash(reply) if status in (Status.CRASH, Status.TIMEOUT) else None,
        compiled=report.compiled,
        refused=report.refused,
        jit_stats=report.jit_stats,
        events={events[place]: count for place, count in report.events if 0 <= place < len(events)},
        stopped=report.stopped,
        duration=limits.seconds if timed_out else report.duration or reply.answer.seconds,
        processor=report.processor,
        slowdown=slowdown,
        limit=limit,
        survivors=reply.survivors,
        place=reply.answer.place,
    )


def _judge(reply: Reply) -> tuple[Status, str]:
    answer = reply.answer
    if answer.timed_out or answer.signal in _TIME_SIGNALS:
        return Status.TIMEOUT, ""
    if answer.signal in _LIMIT_SIGNALS:
        return Status.LIMIT, _LIMIT_SIGNALS[answer.signal]
    if answer.signal or answer.exit != 0 or reply.report is None:
        return Status.CRASH, ""
    if answer.output_full:
        return Status.LIMIT, "output"
    return _STATUS[reply.report.status], reply.report.limit


def _crash(reply: Reply) -> Crash:
    """Describe how it died; for a time-out, where it was when its time was up."""
    number = reply.answer.signal
    frames = crash.python_backtrace(reply.native)
    return Crash(
        signal=number,
        signal_name=crash.signal_name(number) if number else "",
        python_backtrace=frames,
        last_point=" ".join((reply.answer.phase, *frames[:1])),
        stderr_tail=reply.native[-_TAIL:],
    )
