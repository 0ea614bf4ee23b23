"""What a campaign's programs reached in the JIT, from its database."""

from __future__ import annotations

import collections

from pyjit_fuzz.campaign.state import State
from pyjit_fuzz.feedback.features import MADE, parts_of
from pyjit_fuzz.report import Feedback, OpcodeEvents, ProfileEvents


def feedback(state: State) -> Feedback:
    """Sum up the features, by profile and opcode, and the kept programs."""
    happened: dict[str, set[str]] = collections.defaultdict(set)
    made: dict[str, set[str]] = collections.defaultdict(set)
    for (feature,) in state.rows("SELECT feature FROM features"):
        profile, event, kind = parts_of(str(feature))
        if "." in event:  # the others are counters of the whole JIT
            (made if kind == MADE else happened)[profile].add(event)
    ((kept,),) = state.rows("SELECT COUNT(*) FROM kept WHERE pooled")
    ((bred, useful),) = state.rows("SELECT SUM(children), SUM(useful) FROM kept")
    ((last,),) = state.rows("SELECT MAX(first) FROM features")
    return Feedback(
        profiles=tuple(
            ProfileEvents(profile, _opcodes(happened[profile], made[profile]))
            for profile in sorted({*happened, *made})
        ),
        kept=int(str(kept)),
        bred=int(str(bred or 0)),
        useful=int(str(useful or 0)),
        last_new=str(last or ""),
    )


def _opcodes(happened: set[str], made: set[str]) -> tuple[OpcodeEvents, ...]:
    done, idle = _by_opcode(happened), _by_opcode(made - happened)
    return tuple(
        OpcodeEvents(name, len(done[name]), tuple(sorted(idle[name])))
        for name in sorted({*done, *idle})
    )


def _by_opcode(events: set[str]) -> dict[str, list[str]]:
    """Group events by opcode, which is left out of their names."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for event in events:
        opcode, _, rest = event.partition(".")
        found[opcode].append(rest)
    return found
