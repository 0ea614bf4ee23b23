"""The first difference of two canonical trees, for people and for signatures.

Contract: trees are as ``pyjit_fuzz.worker.canon`` describes them. Two trees
are the same exactly if ``==`` says so; this module only finds where and how
they differ. A part beyond the limits for which there is no digest is never
the same as anything: ``has_unknown`` tells of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

SEQUENCES = frozenset(("list", "tuple", "set", "frozenset", "deque", "view"))
"""Kinds whose children are elements; the children of others alternate label and value."""

_SHOWN = 120


class Difference(msgspec.Struct, frozen=True):
    """Where two trees differ first."""

    path: str
    """Where, as a person writes it: ``RESULT[3]["x"]``."""
    mechanism: str
    """How, without anything that depends on the program: ``int!=float``."""
    reference: str
    """The reference's part, for a person."""
    tested: str

    @property
    def explanation(self) -> str:
        """One line: where, what the reference has, what the tested side has."""
        return f"{self.path}: {self.reference} against {self.tested}"


def first_difference(reference: Any, tested: Any, name: str) -> Difference | None:
    """Return the first difference in order of visit, or ``None``; ``name`` is the root's."""
    if reference == tested:
        return None
    work = [(reference, tested, name)]
    while work:
        left, right, path = work.pop()
        if left == right:
            continue
        if not (_is_node(left) and _is_node(right)):
            return _of_atoms(left, right, path)
        found = _of_nodes(left, right, path)
        if found is not None:
            return found
        kind, children, others = left[0], left[3], right[3]
        steps = range(len(children)) if kind in SEQUENCES else range(1, len(children), 2)
        work += [(children[i], others[i], path + _step(kind, children, i)) for i in reversed(steps)]
    return Difference(name, "shape", _shown(reference), _shown(tested))


def has_unknown(node: Any) -> bool:
    """Tell whether a tree holds a part that nobody has looked at."""
    if b":unknown" not in msgspec.json.encode(node):  # which is quick
        return False
    work = [node]
    while work:
        part = work.pop()
        if isinstance(part, str):
            if part.startswith("limit:") and part.endswith(":unknown"):
                return True
        elif isinstance(part, list):
            work += part
    return False


def _is_node(node: Any) -> bool:
    return isinstance(node, list) and len(node) == 4


def _of_nodes(left: Any, right: Any, path: str) -> Difference | None:
    """Compare two nodes but for their children's content."""
    kind = left[0]
    sides = _shown(left), _shown(right)
    if kind != right[0]:
        return Difference(path, f"{kind}!={right[0]}", *sides)
    if left[2] != right[2]:
        return Difference(path, f"{kind}:content", *sides)
    if len(left[3]) != len(right[3]):
        return Difference(path, f"{kind}:length", *sides)
    if kind not in SEQUENCES and left[3][::2] != right[3][::2]:
        return Difference(path, f"{kind}:keys", _keys(left), _keys(right))
    return None


def _of_atoms(left: Any, right: Any, path: str) -> Difference:
    first, second = _kind(left), _kind(right)
    if "ref" in (first, second):
        mechanism = "alias"
    elif first == second:
        mechanism = f"{first}:value"
    else:
        mechanism = f"{first}!={second}"
    return Difference(path, mechanism, _shown(left), _shown(right))


def _kind(node: Any) -> str:
    if node is None:
        return "nothing"
    return str(node[0]) if _is_node(node) else str(node).partition(":")[0].partition("…")[0]


def _step(kind: str, children: list[Any], index: int) -> str:
    if kind in SEQUENCES:
        return f"[{index}]"
    label = children[index - 1]
    if kind == "dict":
        return f"[{_shown(label, with_kind=False)}]"
    return f".{str(label).removeprefix('str:')}"


def _keys(node: Any) -> str:
    keys = ", ".join(_shown(key, with_kind=False) for key in node[3][::2])
    return f"keys {_cut(keys)}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _shown(node: Any, *, with_kind: bool = True) -> str:
    """Return a part as a person would write it, its type after it."""
    if node is None:
        return "nothing"
    if _is_node(node):
        kind, number, meta, children = node
        size = len(children) if kind in SEQUENCES else len(children) // 2
        if kind in SEQUENCES or kind == "dict":
            return f"{kind} of {size} (object {number})"
        return f"{kind} {meta} (object {number})".replace("  ", " ")
    kind, colon, text = str(node).partition(":")
    if not colon:
        return kind
    if kind == "ref":
        return f"object {text} again"
    value = _VALUES[kind](text) if kind in _VALUES else text
    return f"{_cut(value)} ({kind})" if with_kind else _cut(value)


def _hexadecimal(text: str) -> str:
    return text if text == "nan" else repr(float.fromhex(text))


_VALUES: dict[str, Callable[[str], str]] = {
    "float": _hexadecimal,
    "complex": lambda text: " and ".join(_hexadecimal(part) for part in text.split(",")),
    "str": repr,
    "bytes": lambda text: repr(bytes.fromhex(text)),
}
"""Kind of an atom -> its text as a person writes it."""
