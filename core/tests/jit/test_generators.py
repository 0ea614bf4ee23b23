"""Who goes on with a suspended frame: compiled code itself, not CPython's send() and our hook.

Counted are entries through the hook: a way that is gone quietly shows in no program's result.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pyjit_core

PACKAGE_FOLDER = Path(pyjit_core.__file__).parents[1]
SETTINGS = ("--threshold-calls", "1", "--threshold-loops", "1", "--recompile-after", "2")

DEFINITIONS = """
import pyjit_core

def count(n):
    for i in range(n):
        yield i

def relay(n):
    yield from count(n)

def loop(n):
    total = 0
    for i in relay(n):
        total += i
    return total

def by_c(n):
    return sum(i for i in tuple(i for i in range(n)))

async def ready(i):
    return i

async def awaiting(n):
    total = 0
    for i in range(n):
        total += await ready(i)
    return total

async def steps(n):
    for i in range(n):
        yield i

async def stepping(n):
    return sum([i async for i in steps(n)])

async def asking(n):
    total, gen = 0, steps(n)
    for i in range(n):
        total += await gen.asend(None)
    return total

def driven(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
"""

COUNTED = """
for _ in range(5):
    {call}
before = pyjit_core.stats()["entries"]
print({call}, pyjit_core.stats()["entries"] - before)
"""

STEPS = 1000


@pytest.mark.parametrize(
    "call",
    [
        f"loop({STEPS})",
        f"by_c({STEPS})",
        f"driven(awaiting({STEPS}))",
        f"driven(stepping({STEPS}))",
        f"driven(asking({STEPS}))",
    ],
)
def test_steps_do_not_go_through_the_hook(call):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pyjit_core",
            *SETTINGS,
            "-c",
            DEFINITIONS + COUNTED.format(call=call),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(PACKAGE_FOLDER)},
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    total, entries = map(int, done.stdout.split())
    assert total == sum(range(STEPS))
    assert entries < 10
