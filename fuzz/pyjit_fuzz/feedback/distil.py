"""Distillation: a small set of programs that reaches what all of them do."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping

from pyjit_fuzz.feedback.features import Feature


def distil(reached: Mapping[str, Collection[Feature]], cost: Mapping[str, float]) -> list[str]:
    """Return names of programs that together reach every feature, the most telling first.

    ``reached`` and ``cost`` are by name of the program. It is the greedy cover: always the program
    with the most features still missing for its cost, which is at most ln(n) times the best.
    """
    missing = {feature for features in reached.values() for feature in features}
    chosen = []
    # What a program adds only ever shrinks, so a stale entry is too high, never too low.
    queue = [(-len(each) / max(cost[name], 1e-9), name) for name, each in reached.items()]
    heapq.heapify(queue)
    while missing and queue:
        _, name = heapq.heappop(queue)
        adds = missing.intersection(reached[name])
        worth = -len(adds) / max(cost[name], 1e-9)
        if queue and (worth, name) > queue[0]:
            if adds:
                heapq.heappush(queue, (worth, name))
            continue
        missing -= adds
        if adds:
            chosen.append(name)
    return chosen
