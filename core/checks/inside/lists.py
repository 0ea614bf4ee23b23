"""The control: a program that no planted fault of references gets through unnoticed."""

from typing import Any


def overwrites(i: int) -> str:
    """Build lists, drop them, and look at what they held."""
    built: list[Any] = [f"{i} and more", i]
    built = [built, i]
    return f"{built[0][0]}"


for _ in range(20):
    overwrites(_)
