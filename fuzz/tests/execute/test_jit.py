"""The JIT's profiles on this machine: compiled code runs, and the worker proves it."""

import platform

import msgspec
import pytest

from pyjit_fuzz.execute import Limits, load_profiles, open_executor
from pyjit_fuzz.model import Program, Status

SOURCE = """
LOG = []

def add(a, b):
    return a + b

def loop(n):
    total = 0
    for i in range(n):
        total = add(total, i)
    return total

def main():
    for _ in range(5):
        LOG.append(loop(100))
    return loop(10)

RESULT = main()
"""


@pytest.fixture(params=["jit", "jit-eager"])
def jit(request, core):
    profile = load_profiles([request.param], [platform.machine()])[0]
    with open_executor(
        msgspec.structs.replace(profile, python_path=(core,)), limits=Limits()
    ) as executor:
        yield executor


@pytest.mark.parametrize("fresh", [False, True])
def test_compiled_code_runs_and_agrees(jit, run, fresh):
    seen, reference = jit.run(Program(source=SOURCE), fresh=fresh), run(SOURCE)
    assert seen.status is Status.OK
    assert {"add", "loop"} <= set(seen.compiled)
    assert (seen.result, seen.log) == (reference.result, reference.log)
    assert seen.jit_stats["entries"] > 0


@pytest.mark.parametrize("hook", ["setprofile", "settrace"])
def test_a_hook_that_a_program_leaves_set_sees_the_same_with_a_jit(jit, run, hook):
    source = f"""
import sys
RESULT = []

def seen(frame, event, argument):
    RESULT.append((event, getattr(argument, "__name__", "")))

sys.{hook}(seen)
"""
    reference = run(source)
    assert ("return" in str(reference.result)) == (hook == "setprofile")
    assert jit.run(Program(source=source)).result == reference.result
    assert jit.run(Program(source=source), fresh=True).result == reference.result


def test_the_build_is_named(jit):
    assert jit.profile.build_id
    assert jit.hello.jit["arch"] == platform.machine()


def test_one_run_says_nothing_of_another(jit):
    first = jit.run(Program(source=SOURCE))
    again = jit.run(Program(source=SOURCE))
    assert first.compiled == again.compiled
    assert first.jit_stats["entries"] == again.jit_stats["entries"]
    assert jit.run(Program(source="RESULT = 1")).compiled in ((), ("<module>",))


def test_a_program_cannot_reach_the_jit(jit):
    seen = jit.run(Program(source="import pyjit_core"))
    assert seen.exception.type == "ModuleNotFoundError"


@pytest.fixture
def eager(core):
    profile = load_profiles(["jit-eager"], [platform.machine()])[0]
    ready = msgspec.structs.replace(profile, python_path=(core,))
    with open_executor(ready, limits=Limits()) as executor:
        yield executor


CHANGES_TYPES = SOURCE + "RESULT = add(1.5, 2.5)\n"


def test_the_events_of_a_run_are_told_by_name(eager):
    plain, changing = (eager.run(Program(source=text)) for text in (SOURCE, CHANGES_TYPES))
    guard = "BINARY_OP.add-ints.exit"
    assert plain.events[guard] == 0  # there is code for it
    assert changing.events[guard] >= 1
    assert changing.events["guard_failures"] == changing.jit_stats["guard_failures"]


def test_events_say_nothing_of_the_run_before(eager):
    several = [Program(source=text) for text in (SOURCE, CHANGES_TYPES, SOURCE)]
    seen = eager.run_batch(several)
    assert [each.place for each in seen] == [0, 1, 2]
    exits = [each.events["BINARY_OP.add-ints.exit"] for each in seen]
    assert (exits[0], exits[2]) == (0, 0)
    assert exits[1] >= 1


def test_users_profile_counts_no_more_than_stats_do(jit):
    seen = jit.run(Program(source=CHANGES_TYPES))
    named = {name for name in seen.events if "." in name}
    assert bool(named) == (jit.profile.name == "jit-eager")
    assert seen.events["guard_failures"] >= 1


def test_an_interpreter_without_a_jit_has_no_events(run):
    assert run(SOURCE).events == {}


RECORDER = """
'''A JIT that compiles nothing: it writes down when it is on, and claims what it is told to.'''
on = False
ran = [("<program>", "earlier"), ("other.py", "f")]
calls = 0

def build_info():
    return {"version": "1", "build_id": "recorder", "arch": "none", "faults": False}

def enable():
    global on
    on = True

def disable():
    global on, calls
    on = False
    calls += 1

def reset_executed():
    ran.clear()
    ran.extend([("<program>", "main"), ("<program>", "A.m"), ("other.py", "f")])

def executed():
    return list(ran)

def event_names():
    return ("entries", "exits", "other")

def reset_events():
    global resets
    resets += 1

def events():
    return {1: resets, 0: 7, 99: 1, -1: 1}

resets = 0

def stats():
    return {"entries": 5 * calls, "compile_seconds": 0.5, "refused": {"yield": calls, "old": 1}}
"""


@pytest.fixture
def recorder(tmp_path, interp):
    (tmp_path / "recorder.py").write_text(RECORDER)
    profile = msgspec.structs.replace(interp, jit="recorder", python_path=(str(tmp_path),))
    with open_executor(profile) as executor:
        yield executor


def test_the_jit_is_on_for_the_program_and_for_nothing_else(recorder):
    frame = "import sys\nframe = sys._getframe(1)\n"
    # Objects that die with the program say whether the JIT is on then.
    seen = recorder.run(
        Program(
            source=frame + "jit = frame.f_locals['jit']\nRESULT = jit.on\n"
            "class A:\n    def __del__(self, jit=jit, log=print): log(jit.on)\na = A()\n"
        )
    )
    assert seen.status is Status.OK
    assert seen.result == "bool:True"


def test_what_the_jit_did_is_told_for_this_run_and_this_program(recorder):
    seen = recorder.run(Program(source="pass"))
    assert seen.compiled == ("A.m", "main")
    assert seen.jit_stats == {"entries": 5}
    assert seen.refused == {"yield": 1}
    assert seen.events == {"entries": 7, "exits": 1}  # places without a name are nothing
    assert recorder.profile.build_id == "recorder"
    assert recorder.hello.jit["arch"] == "none"


def test_the_jit_s_counters_survive_an_exception(recorder):
    seen = recorder.run(Program(source="1 / 0"))
    assert seen.status is Status.EXCEPTION
    assert seen.jit_stats == {"entries": 5}
