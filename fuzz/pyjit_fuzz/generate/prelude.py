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
        return self.swallow and kind is not GeneratorExit
""",
    "shape": """\
def shape(exc):
    if isinstance(exc, BaseExceptionGroup):
        return (type(exc).__name__, exc.message, [shape(each) for each in exc.exceptions])
    return (type(exc).__name__, exc.args)
""",
    "Pause": """\
class Pause:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        sent = yield self.value
        return self.value if sent is None else sent


class Tasks:
    def __init__(self):
        self.waiting = []
        self.results = []

    def add(self, coroutine):
        self.waiting.append((len(self.results), coroutine, None))
        self.results.append(None)

    def step(self):
        number, coroutine, value = self.waiting.pop(0)
        try:
            value = coroutine.send(value)
        except StopIteration as stop:
            self.results[number] = stop.value
        except Exception as exc:
            self.results[number] = (type(exc).__name__, exc.args)
        else:
            self.waiting.append((number, coroutine, value))


def drive(*coroutines):
    tasks = Tasks()
    for coroutine in coroutines:
        tasks.add(coroutine)
    while tasks.waiting:
        tasks.step()
    return tasks.results
""",
    "AGuard": """\
class AGuard:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    async def __aenter__(self):
        note(("aenter", self.name, await Pause(1)))
        return self

    async def __aexit__(self, kind, value, trace):
        note(("aexit", self.name, kind and kind.__name__))
        if kind is not GeneratorExit:
            await Pause(2)
        return self.swallow and kind is not GeneratorExit
""",
    "Ticker": """\
class Ticker:
    def __init__(self, count):
        self.count = count

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.count <= 0:
            raise StopAsyncIteration
        self.count -= 1
        return await Pause(self.count)
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

_NEEDS: Final = {"Guard": "Oops", "AGuard": "Pause", "Ticker": "Pause"}
"""Helpers whose users need another one, too."""


def prelude(needs: set[str]) -> str:
    """Return the first part of a program that needs these helpers and imports."""
    needs = needs | {other for name, other in _NEEDS.items() if name in needs}
    imports = sorted(need for need in needs if need.startswith("import "))
    parts = ["\n".join(imports) + "\n"] if imports else []
    parts.append(LOG)
    parts += [text for name, text in HELPERS.items() if name in needs]
    return "\n\n".join(parts)
