"""Processes that have the same addresses every time, where the system allows it.

What a JIT does wrong may depend on where objects lie: whether freed memory is reused at once,
whether what a wild pointer hits is mapped. With addresses at random such a finding shows in one
process of several; without, it shows in all or in none. Linux asks a process to place nothing at
random by a flag that its children inherit (``personality``); elsewhere, and where a container
forbids it, processes are started as ever. Only interpreters with a JIT are: a program
whose answers depend on addresses differs from run to run of the reference, and is no finding.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_NOT_AT_RANDOM = 0x0040000
"""``ADDR_NO_RANDOMIZE`` of Linux."""
_ASK = 0xFFFFFFFF


@contextlib.contextmanager
def fixed_addresses() -> Iterator[bool]:
    """Have processes that this thread starts meanwhile place nothing at random; tell if they do."""
    if not sys.platform.startswith("linux"):
        yield False
        return
    personality = ctypes.CDLL(None, use_errno=True).personality
    personality.argtypes = [ctypes.c_ulong]
    before = personality(_ASK)
    fixed = before != -1 and personality(before | _NOT_AT_RANDOM) != -1
    try:
        yield fixed
    finally:
        if fixed:
            personality(before)
