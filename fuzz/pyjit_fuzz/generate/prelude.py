"""Text that programs carry with them: the log, and helpers that productions ask for.

A production adds a key of ``HELPERS`` (or an ``import`` line) to ``Builder.needs``; the
program starts with the ones asked for, in the order of the table.
"""

from __future__ import annotations

from typing import Final

LOG_LIMIT: Final = 300

LOG: Final = f"""\
LOG = [0]


def note(event):
    LOG[0] += 1
    if len(LOG) < {LOG_LIMIT}:
        LOG.append(event)
"""

HELPERS: Final[dict[str, str]] = {
    "state": """\
def state(value):
    names = getattr(type(value), "FIELDS", None)
    if names is None:
        return value
    return (type(value).__name__, [getattr(value, name, "absent") for name in names])
""",
    "tick": """\
class Boom(Exception):
    pass


FUSE = [0]


def tick(value):
    if FUSE[0] > 0:
        FUSE[0] -= 1
        if FUSE[0] == 0:
            raise Boom("fuse", value)
    return value
""",
    "Oops": """\
class Oops(Exception):
    pass


def fail(value):
    raise Oops(value)
""",
    "Fin": """\
class Fin:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value

    def __del__(self):
        note(("del", self.value))
""",
    "Guard": """\
class Guard:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow
        self.total = 0

    def add(self, value):
        self.total += value

    def __enter__(self):
        note(("enter", self.name))
        return self

    def __exit__(self, kind, value, trace):
        note(("exit", self.name, kind and kind.__name__))
        return self.swallow
""",
    "traced": """\
def traced(function):
    def wrapper(*args, **kwargs):
        note("call")
        return function(*args, **kwargs)

    return wrapper


def tagged(tag):
    def decorate(function):
        def wrapper(*args):
            note(tag)
            return function(*args)

        return wrapper

    return decorate
""",
}
"""Helper name to source, in the order in which they are put."""

_NEEDS: Final = {"Guard": "Oops"}
"""Helpers whose users need another one, too."""


def prelude(needs: set[str]) -> str:
    """Return the first part of a program that needs these helpers and imports."""
    needs = needs | {other for name, other in _NEEDS.items() if name in needs}
    imports = sorted(need for need in needs if need.startswith("import "))
    parts = ["\n".join(imports) + "\n"] if imports else []
    parts.append(LOG)
    parts += [text for name, text in HELPERS.items() if name in needs]
    return "\n\n".join(parts)
