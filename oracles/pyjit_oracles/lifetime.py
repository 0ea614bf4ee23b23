"""Objects that outlive the program: references that compiled code took and never gave back.

When the program's objects are destroyed and the garbage is collected, the
worker counts what is still alive, by type. Under the interpreter that is a
constant handful. A reference that hot code leaks leaves objects in number; a
few of one type may be what the JIT's caches hold on to, so that they are
tolerated.
"""

from __future__ import annotations

from pyjit_fuzz.model import Observation, Program, Verdict
from pyjit_oracles.verdicts import both_ended, different, same

NAME = "lifetime"

TOLERATED = 4
"""Objects of one type that may be alive beyond the reference's number."""

# fmt: off
_BUILT_IN = frozenset((
    "builtin_function_or_method", "cell", "dict", "frame", "frozenset", "function", "generator",
    "list", "method", "module", "property", "set", "slice", "traceback", "tuple", "type",
))
# fmt: on


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Compare the numbers of survivors of two runs that ended in the same way."""
    del program
    comparable = both_ended(reference, tested) and reference.status is tested.status
    if not comparable or not reference.survivors or not tested.survivors:
        return same(NAME, reference, tested)
    extra = {
        name: count - reference.survivors.get(name, 0) for name, count in tested.survivors.items()
    }
    leaked = sorted((-count, name) for name, count in extra.items() if count > TOLERATED)
    if not leaked:
        return same(NAME, reference, tested)
    told = ", ".join(f"{-count} of {name}" for count, name in leaked)
    kinds = {name if name in _BUILT_IN else "instance" for _, name in leaked}
    return different(
        NAME,
        reference,
        tested,
        f"leak:{'instance' if 'instance' in kinds else min(kinds)}",
        f"objects alive after the end that are not under the reference: {told}",
    )
