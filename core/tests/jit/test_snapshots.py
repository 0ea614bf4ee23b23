"""config.snapshot_file: what frames hold where compiled code ends, and what the interpreter makes
of the next instructions."""

import json
import os
import signal
import subprocess
import sys

import pytest

import pyjit_core

PROGRAM = """
class C:
    __slots__ = ("x", "owner")
    kind = "class"
    def __init__(self, owner):
        self.x, self.owner = 3, owner
    def m(self, j=5, k=[2], *, last="z"):
        return self.owner, j, k[0] + self.x, self.kind + last
def gen(n):
    for i in range(n):
        try:
            sent = yield [i, str(i)]
        except KeyError as error:
            sent = error.args
        finally:
            n = (n, sent)
    return "end"
async def co(n):
    return n
def f(n):
    seen, c = {}, C(["owner"])
    steps = gen(n)
    for item in steps:
        seen[item[0]] = item
        owner, *rest = c.m(k=item, last="y")
        owner.append(rest)
        try:
            if len(owner) % 3 == 1:
                raise ValueError(owner)
            if len(owner) % 3 == 2:
                steps.throw(KeyError(item))
        except (ValueError, StopIteration) as error:
            rest = list(error.args) or [None]
        try:
            co(rest).send(None)
        except StopIteration as stop:
            rest = stop.value
        match rest:
            case [[*some], *_]:
                seen["some"] = some
            case _:
                rest = None
    return {**seen, "n": n}, [x for x in seen if x], f"{c.x:3}{n!r}", lambda: (c, seen)
"""
RUNS = 3
COUNTED = {"C", "list", "dict", "generator", "coroutine"}  # others are shared with other runs


@pytest.fixture(autouse=True)
def file(tmp_path, at_once):
    file = tmp_path / "snapshots"
    pyjit_core.config.snapshot_file = str(file)
    return file


def made(source=PROGRAM):
    namespace = {"__name__": "made"}
    exec(compile(source, "program", "exec"), namespace)
    return namespace["f"]


def snapshots(file, limit, source=PROGRAM, argument=RUNS):
    """Return what is written with that limit of steps."""
    pyjit_core.config.step_limit = limit
    f = made(source)
    pyjit_core.reset_executed()
    f(argument)
    return [json.loads(line) for line in file.read_bytes().rstrip(b"\0").splitlines()]


def place(snapshot):
    return snapshot["function"], snapshot["offset"]


def state(snapshot):
    return [
        (slot["name"], slot["type"], slot["value"])
        + ((slot["references"],) if slot["type"] in COUNTED else ())
        for slot in snapshot["slots"]
    ]


def test_behind_each_step_compiled_code_has_left_what_the_interpreter_does(file):
    before, steps, functions = [], 0, set()
    for limit in range(1, 5000):
        behind = snapshots(file, limit)
        if not behind:
            break
        if before:
            compiled = behind[0]
            interpreted = [each for each in before[1:] if place(each) == place(compiled)]
            assert interpreted, f"the interpreter does not come to {place(compiled)}"
            assert state(compiled) == state(interpreted[0]), (limit, place(before[0]))
            steps += 1
            functions.add(compiled["function"])
        before = behind
    assert steps > 200
    assert functions == {"f", "C.m", "gen", "co"}


def test_a_snapshot_says_what_variables_and_operands_are(file):
    source = """
def f(n, kept=[1, ("a", None)], **rest):
    text, late = 'x' * 3 + '"', {n: 2.5}
    del late
    return (lambda: n, len(text), f)[1] + late if n < 0 else {text: f}
"""
    seen = {}
    for limit in range(1, 40):
        for slot in (snapshots(file, limit, source, 7) or [{"slots": []}])[0]["slots"]:
            seen.setdefault(slot["name"], set()).add((slot["type"], slot["value"]))
    assert ("list", "[1, ('a', None)]") in seen["kept"]
    assert ("dict", "{}") in seen["rest"]
    assert ("cell", "7") in seen["n"]
    assert seen["text"] == {("", ""), ("str", "'xxx\"'")}
    assert seen["late"] == {("", ""), ("dict", "{7: 2.5}")}
    assert {("function", "f"), ("str", "'xxx\"'")} <= seen["stack 0"] | seen["stack 1"]


def test_what_is_of_a_subclass_of_what_lies_below_is_told(file):
    source = """
class A:
    def __add__(self, other): return 1
class B(A): pass
def f(n):
    a, b = A(), B()
    return (a + b, b + a, a + a)
"""
    found = set()
    for limit in range(3, 30):
        for line in snapshots(file, limit, source, 1):
            types = [slot["type"] for slot in line["slots"]]
            told = [slot.get("subclass", False) for slot in line["slots"]]
            for low, high, subclass in zip(types, types[1:], told[1:], strict=False):
                found.add((low, high, subclass))
    assert {("A", "B", True), ("B", "A", False), ("A", "A", False)} <= found
    assert not {("A", "B", False), ("B", "A", True), ("A", "A", True)} & found


def test_what_is_read_by_index_comes_with_its_length(file):
    source = (
        "def f(n):\n    a, b, c, d = [n], (), 'text' + str(n), {n: n}\n    n += 1\n    return n\n"
    )
    found = {}
    for limit in range(1, 30):
        for line in snapshots(file, limit, source, 1)[:1]:
            found.update((slot["name"], slot.get("length")) for slot in line["slots"])
    assert {each: found[each] for each in "nabcd"} == {"n": None, "a": 1, "b": 0, "c": 5, "d": None}


def test_values_that_are_long_end_with_their_hash(file):
    source = "def f(n):\n    big = 10**n\n    text = 'ab' * 100\n    return big\n"
    (line, *_) = snapshots(file, 7, source, 5000)
    values = {slot["name"]: slot["value"] for slot in line["slots"]}
    assert values["text"].startswith("'abab")
    assert values["text"].endswith(f"... hash {hash('ab' * 100)}")
    assert values["big"] == f"... hash {hash(10**5000)}"


def test_nobody_s_code_runs(file):
    source = """
class Loud:
    def __repr__(self): raise SystemExit
    __str__ = __len__ = __hash__ = __iter__ = __repr__
class Text(str):
    __repr__ = Loud.__repr__
def f(n):
    a, b = Loud(), [Text("x")]
    n += 1
    return n
"""
    lines = snapshots(file, 12, source, 1)
    held = {slot["name"]: (slot["type"], slot["value"]) for slot in lines[0]["slots"]}
    assert held["a"] == ("Loud", "")
    assert held["b"] == ("list", "[Text]")


def test_audit_hooks_see_nothing_of_it(file):
    events, watching = [], True
    sys.addaudithook(lambda event, arguments: events.append(event) if watching else None)
    assert snapshots(file, 3)[0]["alive"] > 100
    watching = False
    assert set(events) <= {"exec", "compile", "open"}, "what the test does itself"


def test_the_interpreter_is_followed_into_what_may_be_compiled_only(file):
    source = """
def g(n):
    return n + 1
def h(n):
    return g(n)
def f(n):
    n = h(n)
    n = h(n)
    return n
"""
    pyjit_core.config.compile_only = "f,g"
    functions = {line["function"] for line in snapshots(file, 2, source, 1)}
    assert functions == {"f", "g"}


def test_what_was_written_is_forgotten_with_the_next_start(file):
    assert snapshots(file, 3)
    pyjit_core.reset_executed()
    assert not file.read_bytes().rstrip(b"\0")


def test_following_ends_and_the_program_goes_on_as_before(file):
    assert snapshots(file, 3)
    assert sys.gettrace() is None
    pyjit_core.config.step_limit = 0
    pyjit_core.reset_executed()
    f = made()
    assert f(RUNS)
    assert pyjit_core.is_compiled(f), "the hook is there again"


def references(value):
    return sys.getrefcount(value)


def test_the_interpreter_is_as_it_was_when_the_jit_is_disabled_meanwhile(file):
    def count():
        return references(object())

    pyjit_core.disable()
    expected = count()
    pyjit_core.enable()
    pyjit_core.config.step_limit = 2
    f = made("def f(n):\n    n += 1\n    return n\n")
    pyjit_core.reset_executed()
    f(1)
    pyjit_core.disable()  # while the interpreter is still followed, which comes to its end here
    for _ in range(30):
        pass
    assert count() == expected, "calls go through no hook, which would keep arguments"
    assert sys.gettrace() is None


def test_names_may_be_in_any_script(file):
    pyjit_core.config.compile_only = "größe"
    source = "class Ö:\n    pass\ndef größe(ä):\n    b = Ö\n    ä += 1\n    return ä\nf = größe\n"
    (line, *_) = snapshots(file, 5, source, 1)
    assert line["function"] == "größe"
    held = {slot["name"]: (slot["type"], slot["value"]) for slot in line["slots"]}
    assert held["ä"] == ("int", "1")
    assert held["b"] == ("type", "Ö")


def test_a_program_that_traces_is_left_alone(file):
    events = []

    def trace(frame, event, argument):
        events.append((frame.f_code.co_name, event))
        return trace

    pyjit_core.config.step_limit = 3
    f = made()
    pyjit_core.reset_executed()
    sys.settrace(trace)
    try:
        f(RUNS)
    finally:
        sys.settrace(None)
    assert ("f", "line") in events
    assert not file.read_bytes().rstrip(b"\0")


def dies(tmp_path, source, *options):
    """Return what is written by a process that dies of SIGSEGV, and its standard error."""
    file = tmp_path / "of the child"
    environment = {"PYJIT_THRESHOLD_CALLS": "1", "PYJIT_SNAPSHOT_FILE": str(file)}
    done = subprocess.run(
        [sys.executable, *options, "-c", source],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGSEGV, done.stderr
    lines = file.read_bytes().rstrip(b"\0").splitlines()
    return [json.loads(each) for each in lines], done.stderr


DIES = """
import ctypes, os, signal, sys
import pyjit_core
pyjit_core.config.compile_only = "f"
pyjit_core.enable()
def f(n):
    {statement}
pyjit_core.config.step_limit = {limit}
f(1)
"""


@pytest.mark.parametrize("handler", [(), ("-X", "faulthandler")])
@pytest.mark.parametrize(
    ("statement", "limit", "lines"),
    [
        (
            "ctypes.string_at(8)",
            1000,
            [{"died": "SIGSEGV", "address": "0x8", "compiled": False, "counting": False}],
        ),
        # Nobody knows where one dies of what others send.
        ("os.kill(os.getpid(), signal.SIGSEGV)", 1000, []),
        ("ctypes.string_at(8)", 0, []),
    ],
)
def test_how_the_process_dies_is_the_last_line(tmp_path, handler, statement, limit, lines):
    written, said = dies(tmp_path, DIES.format(statement=statement, limit=limit), *handler)
    assert written == lines
    assert ("Segmentation fault" in said) == bool(handler)


SENDS = """
import ctypes, os, signal
import pyjit_core
heard = []
def keep(number, frame):
    heard.append(number)
pyjit_core.config.compile_only = "f"
signal.signal(signal.SIGFPE, keep)
pyjit_core.enable()
def f(n):
    {statement}
    os.kill(os.getpid(), signal.SIGFPE)
    os.kill(os.getpid(), signal.SIGFPE)
    if len(heard) == 2:
        ctypes.string_at(8)
pyjit_core.config.step_limit = 1000
f(1)
"""


@pytest.mark.parametrize(
    "statement", ["pass", "signal.signal(signal.SIGFPE, keep)"], ids=["before", "meanwhile"]
)
def test_a_signal_that_the_program_sends_and_handles_is_no_death(tmp_path, statement):
    ((line,), _) = dies(tmp_path, SENDS.format(statement=statement))
    assert line["died"] == "SIGSEGV"


def test_a_file_that_cannot_be_written_is_refused(file, tmp_path):
    with pytest.raises(ValueError, match=r"config\.snapshot_file='.*': No such file or directory"):
        pyjit_core.config.snapshot_file = str(tmp_path / "none" / "file")
    assert pyjit_core.config.snapshot_file == str(file)
