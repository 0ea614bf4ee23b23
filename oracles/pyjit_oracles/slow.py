"""Performance cliffs: compiled code that is far slower than the interpreter.

A JIT may be slow at first, because it compiles; it may not fall off a cliff: compile the same code
over and over, or leave it for every iteration. What takes ``FACTOR`` times the reference's
processor time and ``SLACK`` seconds besides counts as that; the slack is what compiling a program
of the generator's size takes several times over, and grows with the code objects that were
compiled: a program may make new ones all the time. Processor time, because machines are busy. A
program that does not end at all is the time-out oracle's.
"""

from __future__ import annotations

from pyjit_fuzz.model import Observation, Program, Verdict
from pyjit_oracles.verdicts import both_ended, different, same

NAME = "slow"
FACTOR = 10.0
SLACK = 0.1
"""Processor seconds; an emulated interpreter has as many times more as its limits are longer."""
VERSIONS = 3
"""So often each code object may have been compiled."""
INSTRUCTION = 5e-6
"""Processor seconds that compiling a bytecode instruction may take."""
EMULATED = 2.0
"""So many times longer than everything else compiling takes under an emulator, which translates it
for the first time, too: 50 microseconds were seen, of a machine that had other work."""


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Judge runs that came to their own end."""
    del program
    if not both_ended(reference, tested):
        return same(NAME, reference, tested)
    longer = EMULATED if tested.slowdown > 1.0 else 1.0
    slack = max(SLACK, longer * _compiling(tested.jit_stats))
    if tested.processor <= FACTOR * reference.processor + slack * tested.slowdown:
        return same(NAME, reference, tested)
    counted = ", ".join(
        f"{tested.jit_stats[name]:,} {name}"
        for name in ("compiled", "recompiles", "guard_failures", "deopts")
        if name in tested.jit_stats
    )
    return different(
        NAME,
        reference,
        tested,
        "tested",
        f"{tested.processor:.3g} s of processor time, the reference took "
        f"{reference.processor:.3g} s" + (f"\n{counted}" if counted else ""),
    )


def _compiling(stats: dict[str, int]) -> float:
    """Return the processor seconds that compiling each code object a few times may take."""
    compiled = stats.get("compiled", 0)
    times = max(1, compiled + stats.get("recompiles", 0))
    instructions = compiled / times * stats.get("bytecodes_compiled", 0)
    return VERSIONS * instructions * INSTRUCTION
