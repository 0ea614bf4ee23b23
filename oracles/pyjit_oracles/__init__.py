"""Oracles: pure judges of what a program showed under two profiles.

``judge_all(program, observations)`` asks every oracle; the first observation
is the reference. An oracle is a module with ``NAME`` and
``judge(program, reference, tested) -> Verdict``. It answers ``SAME`` also when
the difference is another oracle's business, so that one fault gives one
verdict where that can be had. All masking is in ``normalise``. ``answer`` is what the
architectures of a campaign have to agree on.
"""

from pyjit_oracles.architectures import answer
from pyjit_oracles.registry import Oracle, judge_all, oracles, same_mechanism

__all__ = ["Oracle", "answer", "judge_all", "oracles", "same_mechanism"]
