"""How oracles word their verdicts, and which pairs of runs can be compared at all."""

from __future__ import annotations

from pyjit_fuzz.model import Observation, Outcome, Status, Verdict

ENDED = frozenset((Status.OK, Status.EXCEPTION))
"""The program came to its own end: everything about it can be compared."""


def both_ended(reference: Observation, tested: Observation) -> bool:
    """Tell whether both runs came to their own end."""
    return reference.status in ENDED and tested.status in ENDED


def same(name: str, reference: Observation, tested: Observation) -> Verdict:
    """Return the verdict of an oracle that has nothing to say against this pair."""
    return Verdict(
        oracle=name, outcome=Outcome.SAME, reference=reference.profile, tested=tested.profile
    )


def different(
    name: str,
    reference: Observation,
    tested: Observation,
    mechanism: str,
    explanation: str,
    *,
    rerun_at: float = 0.0,
) -> Verdict:
    """Return a difference with the signature ``<oracle>:<mechanism>``.

    ``rerun_at``: it is believed behind a run with so many times the limit.
    """
    return Verdict(
        oracle=name,
        outcome=Outcome.DIFFERENT,
        reference=reference.profile,
        tested=tested.profile,
        signature=f"{name}:{mechanism}",
        explanation=explanation,
        rerun_at=rerun_at,
    )


def inconclusive(
    name: str,
    reference: Observation,
    tested: Observation,
    mechanism: str,
    explanation: str,
    *,
    rerun_at: float = 0.0,
) -> Verdict:
    """Return that this pair cannot be judged, and at how many times the limit it could be."""
    return Verdict(
        oracle=name,
        outcome=Outcome.INCONCLUSIVE,
        reference=reference.profile,
        tested=tested.profile,
        signature=f"{name}:{mechanism}",
        explanation=explanation,
        rerun_at=rerun_at,
    )
