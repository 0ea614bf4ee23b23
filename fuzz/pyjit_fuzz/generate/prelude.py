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
    "trail": """\
def trail(error):
    places = []
    entry = error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        start, end, column, last = list(code.co_positions())[entry.tb_lasti // 2]
        first = code.co_firstlineno
        left_at = (entry.tb_frame.f_lineno or first) - first
        places.append((code.co_name, start - first, end - first, column, last, left_at))
        entry = entry.tb_next
    context = type(error.__context__).__name__
    return (type(error).__name__, error.args, getattr(error, "name", None), context, places)
""",
    "Looker": """\
SEEN = []


def look(value, depth=1):
    frame = sys._getframe(depth)
    code = frame.f_code
    names = [name for name in frame.f_locals if name[0] != "."]
    SEEN.append((code.co_name, frame.f_lineno - code.co_firstlineno, sorted(names)))
    del SEEN[:-40]
    return value


class Steps:
    def __init__(self, count):
        self.count = count

    def __iter__(self):
        return self

    def __next__(self):
        self.count -= 1
        if look(self.count, 2) < 0:
            raise StopIteration
        return self.count


class Looker:
    def __init__(self, value):
        self.value = look(value, 2)

    def __add__(self, other):
        return look(self, 2)

    __radd__ = __iadd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __add__
    __floordiv__ = __mod__ = __matmul__ = __lshift__ = __rshift__ = __and__ = __or__ = __add__
    __xor__ = __rxor__ = __isub__ = __rand__ = __add__

    def __pow__(self, other, modulus=None):
        return look(self, 2)

    def __neg__(self):
        return look(self, 2)

    __pos__ = __invert__ = __neg__

    def __getitem__(self, key):
        return look(key, 2)

    def __setitem__(self, key, value):
        look(key, 2)

    def __delitem__(self, key):
        look(key, 2)

    def __lt__(self, other):
        return look(False, 2)

    __le__ = __gt__ = __ge__ = __ne__ = __lt__

    def __eq__(self, other):
        return look(True, 2)

    def __hash__(self):
        return look(7, 2)

    def __contains__(self, key):
        return look(True, 2)

    def __len__(self):
        return look(2, 2)

    def __iter__(self):
        return iter(look((1, 2), 2))

    def __getattr__(self, name):
        return look(self.method if name == "other" else name, 2)

    def __delattr__(self, name):
        look(name, 2)

    def __call__(self, value):
        return look(value, 2)

    def __format__(self, spec):
        return look(spec, 2)

    def __enter__(self):
        return look(self, 2)

    def __exit__(self, kind, value, trace):
        look(kind, 2)

    def __del__(self):
        look(self.value, 2)

    def method(self, value):
        return look(value, 2)

    def steps(self):
        return Steps(2)

    def walk(self):
        yield look(1, 2)
        return look(2, 2)

    @property
    def where(self):
        return look(self.value, 2)

    @where.setter
    def where(self, value):
        look(value, 2)
""",
    "armed": """\
ARMED = [-1, sys.settrace]
EVENTS = []


def follow(frame, event, arg):
    code = frame.f_code
    if event[:2] != "c_" and code.co_name != "look":
        EVENTS.append((event, code.co_name, frame.f_lineno - code.co_firstlineno))
        del EVENTS[:-60]
    return follow


def look(value, depth=1):
    # What a finaliser sets is followed later in compiled code.
    if sys._getframe(1).f_code.co_name != "__del__":
        if ARMED[0] == 0:
            sys._getframe(depth).f_trace = follow
            ARMED[1](follow)
        ARMED[0] -= 1
    return value
""",
    "frame_state": """\
FRAMES = []


def frame_state(frame):
    code = frame.f_code
    names = []
    back = frame
    while back is not None and len(names) < 4:
        names.append(back.f_code.co_name)
        back = back.f_back
    line = frame.f_lineno and frame.f_lineno - code.co_firstlineno
    return (names, line, sorted(frame.f_locals.items()))
""",
    "suspended_state": """\
def suspended_state(one):
    kind = "gi" if hasattr(one, "gi_frame") else "cr"
    frame = getattr(one, kind + "_frame")
    where = None
    if frame is not None:
        names = sorted(name for name in frame.f_locals if name != "self")
        where = (frame.f_lineno - frame.f_code.co_firstlineno, names)
    waits = getattr(one, "gi_yieldfrom" if kind == "gi" else "cr_await")
    running = getattr(one, kind + "_running")
    return (one.__name__, one.__qualname__, where, type(waits).__name__, running)
""",
    "switch": """\
EVENTS = []
HOOK = [sys.settrace]


def follow(frame, event, arg):
    code = frame.f_code
    if event[:2] != "c_" and code.co_name != "switch":
        EVENTS.append((event, code.co_name, frame.f_lineno - code.co_firstlineno))
        del EVENTS[:-60]
    return follow


def switch(value, at):
    if value == at:
        HOOK[0](follow)
        sys._getframe(1).f_trace = follow
    return value
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
    "Peek": """\
SEEN_DYING = []


def contents(box):
    if isinstance(box, list):
        return [type(each).__name__ for each in box]
    if isinstance(box, dict):
        return [(key, type(each).__name__) for key, each in box.items()]
    return [type(getattr(box, name, None)).__name__ for name in ("k", "j", "new")]


class Peek:
    def __init__(self, box, number, act):
        self.box = box
        self.number = number
        self.act = act

    def __del__(self):
        SEEN_DYING.append((self.number, contents(self.box)))
        if isinstance(self.box, (list, dict)) and self.act == "clear":
            self.box.clear()
        elif self.act == "grow" and isinstance(self.box, list):
            self.box.extend(range(20))


class Holder:
    def __init__(self):
        self.j = 1
        self.k = 2


class Slots:
    __slots__ = ("j", "k", "__weakref__")

    def __init__(self):
        self.j = 1
        self.k = 2
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

_NEEDS: Final = {
    "Guard": "Oops",
    "AGuard": "Pause",
    "Ticker": "Pause",
    "Looker": "import sys",
    "armed": "Looker",
    "switch": "import sys",
}
"""Helpers whose users need another one, too, or an import."""


def prelude(needs: set[str]) -> str:
    """Return the first part of a program that needs these helpers and imports."""
    while missing := {_NEEDS[name] for name in needs if name in _NEEDS} - needs:
        needs = needs | missing
    imports = sorted(need for need in needs if need.startswith("import "))
    parts = ["\n".join(imports) + "\n"] if imports else []
    parts.append(LOG)
    parts += [text for name, text in HELPERS.items() if name in needs]
    return "\n\n".join(parts)
