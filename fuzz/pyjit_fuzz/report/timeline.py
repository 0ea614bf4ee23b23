"""A campaign over time: its minutes, put together until they fit into a small chart."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import msgspec

from pyjit_fuzz.report.data import Minute

_BINS = 60
_MINUTE = 60


class Bin(msgspec.Struct, frozen=True):
    """One bar: some minutes, the same number for each bar."""

    programs: int = 0
    different: int = 0


class Timeline(msgspec.Struct, frozen=True):
    """The bars of one architecture, without gaps; minutes in which it stood still are low."""

    start: str
    """Time in UTC at which the first bar begins, to the minute."""
    end: str
    """At which the last one ends."""
    minutes: int
    """Of each bar."""
    bins: tuple[Bin, ...]

    @property
    def most(self) -> int:
        """Programs of the highest bar."""
        return max(each.programs for each in self.bins)


def timeline(history: Sequence[Minute], arch: str, bins: int = _BINS) -> Timeline | None:
    """Return the bars of an architecture, at most ``bins``; ``None`` if it ran nothing."""
    ours = [minute for minute in history if minute.arch == arch]
    if not ours:
        return None
    first = min(minute.at for minute in ours) // _MINUTE
    count = max(minute.at for minute in ours) // _MINUTE - first + 1
    width = math.ceil(count / bins)
    bars = [Bin()] * math.ceil(count / width)
    for minute in ours:
        place = (minute.at // _MINUTE - first) // width
        bars[place] = Bin(
            bars[place].programs + minute.programs, bars[place].different + minute.different
        )
    return Timeline(
        start=_written(first),
        end=_written(first + width * len(bars)),
        minutes=width,
        bins=tuple(bars),
    )


def _written(minute: int) -> str:
    return dt.datetime.fromtimestamp(minute * _MINUTE, dt.UTC).strftime("%d %B %Y %H:%M")
