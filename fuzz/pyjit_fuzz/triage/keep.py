"""Which findings of a mechanism get a folder, and the long work of reducing."""

from __future__ import annotations

SAMPLES = 5
"""Samples of one mechanism that are always kept."""


def worth_a_sample(seen: int) -> bool:
    """Say whether the next finding of a mechanism seen ``seen`` times is to be kept.

    The first five are; after that the 8th, 16th, 32nd, … so that a second bug
    behind a common signature gets its turn without the first one filling the
    disk. A new mechanism is always kept.
    """
    number = seen + 1
    return number <= SAMPLES or number & (number - 1) == 0
