"""Which way compiled code goes, where several give the same result.

A way that is lost without anybody noticing shows in no program's result, so these tests look at
counters: entries through the hook, failed guards, compilations, what the collector counts.
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


def run(source: str, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command, "-c", source],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(PACKAGE_FOLDER)},
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


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
    source = DEFINITIONS + COUNTED.format(call=call)
    total, entries = map(int, run(source, "-m", "pyjit_core", *SETTINGS).split())
    assert total == sum(range(STEPS))
    assert entries < 10


COLLECTED = """
import gc

def count(n):
    for i in range(n):
        yield i

async def coroutine(n):
    return n

async def awaiting(n):
    return [await coroutine(i) for i in range(n)]

def made(n):
    generators = [count(i) for i in range(n)]
    for generator in generators:
        for _ in generator:
            pass
    coroutine = awaiting(n)
    try:
        coroutine.send(None)
    except StopIteration:
        return generators, coroutine

def counts(n):
    # of objects, whether their memory is new or was used before
    before = gc.get_count()[0]
    kept = made(n)
    alive = gc.get_count()[0]
    del kept
    return alive - before, gc.get_count()[0] - before

for _ in range(20):
    made(9)
gc.collect()
gc.disable()
made(60)
print([counts(n) for n in (0, 1, 5, 20, 60)])
gc.enable()
starts = []
gc.callbacks.append(lambda phase, info: starts.append(phase))
kept = [made(3) for _ in range(900)]
print(len(starts) > 5, len(starts))
"""


def test_the_collector_counts_generators_whose_memory_was_used_before():
    assert run(COLLECTED, "-m", "pyjit_core", *SETTINGS) == run(COLLECTED)


SLOTTED = """
import pyjit_core

class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a
        self.b = None

def made(n):
    return [Slotted(i) for i in range(n)]

for _ in range(20):
    made(9)
before = pyjit_core.stats()["guard_failures"]
made(500)
print(pyjit_core.stats()["guard_failures"] - before)
"""


def test_the_first_store_to_a_slot_is_an_ordinary_one():
    assert run(SLOTTED, "-m", "pyjit_core", *SETTINGS) == "0\n"


UNCACHED = """
import pyjit_core

class Base:
    def method(self):
        return self

class Derived(Base):
    def method(self):
        return super().method()

def hot(n):
    derived = Derived()
    for i in range(n):
        derived.method()

hot(5000)
print(pyjit_core.stats()["recompiles"])
"""


def test_a_site_that_no_cache_answers_does_not_ask_for_better_code_forever():
    assert int(run(UNCACHED, "-m", "pyjit_core", *SETTINGS)) < 9


GROWING = """
import pyjit_core

class Base:
    def __init__(self):
        self.a = 1

class First(Base): pass
class Second(Base): pass
class Third(Base): pass

def total(objects):
    total = 0
    for o in objects:
        total += o.a
    return total

kinds = [First(), Second(), Third()]
for n in range(1, 4):
    for _ in range(20):
        total(kinds[:n] * 100)
before = pyjit_core.stats()["guard_failures"]
total(kinds * 100)
print(pyjit_core.stats()["guard_failures"] - before)
"""


def test_code_is_made_anew_for_classes_that_come_later():
    assert run(GROWING, "-m", "pyjit_core", *SETTINGS) == "0\n"
