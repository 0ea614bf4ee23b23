"""Mutators: a program in, a changed program out; one small file each.

To add one, write ``mutate(program, choices, corpus) -> Program | None`` in a file here and
name it in ``MUTATORS``. Other distributions add theirs through the entry-point group
``pyjit_fuzz.mutators``; ``load_mutators`` finds them.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from pyjit_fuzz.mutate import (
    arguments,
    choice_span,
    choice_splice,
    choice_tail,
    choice_values,
    constants,
    invalidate,
    operators,
    wrap,
)
from pyjit_fuzz.mutate.base import Mutator, compiles

MUTATORS: Final[dict[str, Mutator]] = {
    "choice-values": choice_values.mutate,
    "choice-splice": choice_splice.mutate,
    "choice-span": choice_span.mutate,
    "choice-tail": choice_tail.mutate,
    "constants": constants.mutate,
    "wrap": wrap.mutate,
    "invalidate": invalidate.mutate,
    "arguments": arguments.mutate,
    "operators": operators.mutate,
}
"""The toolkit's own mutators by name, in the order in which a campaign may try them."""


def load_mutators() -> dict[str, Mutator]:
    """Return all mutators: our own, then those of other installed distributions.

    Raises:
        ValueError: another distribution's mutator has the name of one that is already there.
    """
    found = dict(MUTATORS)
    for entry in entry_points(group="pyjit_fuzz.mutators"):
        mutator = entry.load()
        if found.get(entry.name, mutator) is not mutator:
            msg = f"two mutators are called {entry.name!r}; the second is {entry.value}"
            raise ValueError(msg)
        found[entry.name] = mutator
    return found


__all__ = ["MUTATORS", "Mutator", "compiles", "load_mutators"]
