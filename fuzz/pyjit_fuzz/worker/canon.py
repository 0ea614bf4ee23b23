"""Values as canonical JSON trees: typed, deep, aware of aliases.

Contract: two values give equal trees exactly if a program could not tell them
apart by type, content or sharing (addresses, hash order, and the payload of a
NaN aside). Plain ``==`` of the decoded trees is the comparison: every atom is
a string, so that ``True``, ``1`` and ``1.0`` stay apart.

    node      = atom | [kind, number, meta, [node, ...]]
    atom      = "None" | "<kind>:<text>"             int:5  float:0x1p+0  str:abc
    "ref:<n>" = the object that carries number n     (aliases and cycles)
    "limit:<why>:<size>:<digest>"                    what lies beyond a limit

The children of the kinds in ``SEQUENCES`` are elements; all other kinds
alternate label and value (``dict``: key and value). Numbers are given in the
order of visit; members of sets are visited last, in the order of their own
canonical text. Beyond the limits a digest of the rest takes its place, so
that values are never taken for equal without having been looked at; where even
the digest would cost too much it reads ``unknown``, and no judge may call
that equal.

Nothing here calls into the program: no ``repr``, ``==``, ``hash``,
``__getattr__`` or ``__iter__`` of its classes. Types are read through
``type.__dict__``, instances through descriptors of built-in types. The walk
keeps an explicit stack, so that depth costs no recursion.
"""

from __future__ import annotations

import hashlib
from collections import deque
from typing import Any, Deque, Dict, List, Sequence, Tuple

from pyjit_fuzz.worker import shapes
from pyjit_fuzz.worker.shapes import Part

SEQUENCES = frozenset(("list", "tuple", "set", "frozenset", "deque", "view"))
UNKNOWN = "unknown"

_MAX_NODES = 20_000
_MAX_DEPTH = 60
_MAX_TEXT = 2_000
_TEXT_BUDGET = 1_000_000
_MAX_DIGESTED = 200_000
_MAX_SET_NESTING = 12

_Work = Tuple[Any, List[Any], int, int]
"""A value to visit, the list and index to put its node into, its depth."""

_Members = Tuple[Sequence[Any], List[Any], int]
"""The members of a set, the list to put their nodes into, their depth."""


class Canonicaliser:
    """Numbers objects in order of visit; one of them serves one whole observation.

    Objects that were visited are kept alive, so that no address is met twice.
    """

    def __init__(self, max_nodes: int = _MAX_NODES, max_depth: int = _MAX_DEPTH) -> None:
        """Bound the trees: ``max_nodes`` over all calls, ``max_depth`` for each."""
        self._numbers: Dict[int, int] = {}
        self._alive: List[Any] = []
        self._nodes_left = max_nodes
        self._text_left = _TEXT_BUDGET
        self._digest_left = _MAX_DIGESTED
        self._max_depth = max_depth

    def tree(self, value: Any) -> Any:
        """Return the canonical tree of ``value``."""
        slot: List[Any] = [None]
        sets: Deque[_Members] = deque()
        self._drain([(value, slot, 0, 0)], sets)
        while sets:
            members, items, depth = sets.popleft()
            work: List[_Work] = []
            self._fill(self._ordered(members, 0), items, depth, work)
            self._drain(work, sets)
        return slot[0]

    def _drain(self, work: List[_Work], sets: Deque[_Members]) -> None:
        while work:
            value, out, index, depth = work.pop()
            text = self._atom(value)
            if text is None:
                number = self._numbers.get(id(value))
                if number is not None:
                    text = "ref:%d" % number
                elif depth >= self._max_depth:
                    text = "limit:depth:1:" + self._digest([value])
                elif self._nodes_left <= 0:
                    text = "limit:size:1:" + self._digest([value])
            if text is not None:
                out[index] = text
                continue
            part = shapes.shape(value)
            items: List[Any] = []
            out[index] = [part.kind, self._number(value), self._text(part.meta), items]
            self._nodes_left -= 1
            if part.unordered:
                sets.append((part.children, items, depth + 1))
            else:
                self._fill(part.children, items, depth + 1, work)

    def _fill(self, children: Any, items: List[Any], depth: int, work: List[_Work]) -> None:
        """Put the atoms among ``children`` into ``items``, and the rest on the stack."""
        visible = len(children)
        if visible > self._nodes_left:
            visible = max(self._nodes_left, 0)
        pending: List[_Work] = []
        for index in range(visible):
            child = children[index]
            text = self._atom(child)
            items.append(text)
            if text is None:
                pending.append((child, items, index, depth))
        self._nodes_left -= visible - len(pending)
        pending.reverse()
        work.extend(pending)
        rest = children[visible:]
        if len(rest):
            items.append("limit:size:%d:%s" % (len(rest), self._digest(list(rest))))

    def _number(self, value: Any) -> int:
        number = len(self._numbers)
        self._numbers[id(value)] = number
        self._alive.append(value)
        return number

    def _atom(self, value: Any) -> str | None:
        make = shapes.ATOMS.get(id(type(value)))
        if make is not None:
            return self._text(make(value))
        return shapes.named_atom(value)

    def _text(self, text: str) -> str:
        """Return ``text``, or its digest when it is long or the budget is spent."""
        size = len(text)
        if size <= 64:
            return text
        if size <= _MAX_TEXT and size <= self._text_left:
            self._text_left -= size
            return text
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        kind = text.partition(":")[0]
        return "%s…%d:%s:%s" % (kind, size, digest[:32], text[len(kind) + 1 : len(kind) + 41])

    # What lies beyond the limits, and the order of sets

    def _ordered(self, members: Sequence[Any], nesting: int) -> List[Any]:
        """Sort members by content, then by the number that they carry already."""
        keyed = []
        for position, member in enumerate(members):
            text = self._atom(member)
            if text is None:
                seen = self._numbers.get(id(member), len(self._numbers))
                keyed.append(("~" + self._local_key(member, nesting), seen, position))
            else:
                keyed.append((text, 0, position))
        keyed.sort()
        return [members[position] for _, _, position in keyed]

    def _local_key(self, member: Any, nesting: int) -> str:
        """Return a text that depends on the member's content only."""
        if nesting >= _MAX_SET_NESTING:
            self._digest_left = 0
            return UNKNOWN
        own = self._numbers
        self._numbers = {}
        try:
            return self._digest([member], nesting + 1)
        finally:
            self._numbers = own

    def _digest(self, values: List[Any], nesting: int = 0) -> str:
        """Return the digest of a walk over ``values``: same walk, same digest."""
        feed = hashlib.sha256()
        work = list(reversed(values))
        while work:
            self._digest_left -= 1
            if self._digest_left < 0:
                return UNKNOWN
            value = work.pop()
            text = self._atom(value)
            if text is None:
                number = self._numbers.get(id(value))
                if number is None:
                    self._number(value)
                    part = shapes.shape(value)
                    text = "[%s %d %s" % (part.kind, len(part.children), part.meta)
                    work.extend(reversed(self._walk_order(part, nesting)))
                else:
                    text = "ref:%d" % number
            feed.update(text.encode("utf-8", "surrogatepass") + b"\0")
        return UNKNOWN if self._digest_left < 0 else feed.hexdigest()[:32]

    def _walk_order(self, part: Part, nesting: int) -> List[Any]:
        children = list(part.children)
        return self._ordered(children, nesting) if part.unordered else children
