"""Processor time of this process and of all that it has started, in seconds."""

from __future__ import annotations

import contextlib
import os

import psutil


def processor_seconds() -> float:
    """Return a time that only goes on while this process or one that it started computes.

    The load of the machine does not count. A child that is gone has left its time to its parent.
    """
    own = os.times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total
