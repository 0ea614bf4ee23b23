"""What is to blame for a planted fault: the function, the opcode and the part that have it.

The core is the test-only build that miscompiles on demand.
"""

import contextlib
import json
import re
from pathlib import Path

import msgspec
import pytest

from pyjit_fuzz.campaign import Lane, Settings, Store, prepare_profiles, read_finding
from pyjit_fuzz.campaign.blame import _native, _Search, blame
from pyjit_fuzz.campaign.confirm import confirm
from pyjit_fuzz.campaign.lane import Lanes
from pyjit_fuzz.campaign.loop import Road, new_finding
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import FindingState, Harm, Program
from pyjit_fuzz.reduce import Budget
from pyjit_fuzz.triage import WITH_FAST_PATHS, pick_primary

LIMITS = Limits()
ADDS = """
def add(a, b):
    return a + b
def double(n):
    return n * 2
total = 0
for number in range(60):
    total = add(total, 50)
    double(number)
RESULT = total
"""
READS = """
class One:
    def __init__(self):
        self.x = 1
class Two:
    def __init__(self):
        self.y = 0
        self.x = 2
def read(owner):
    return owner.x
RESULT = [read(One()) for _ in range(60)] + [read(Two()) for _ in range(3)]
"""
DICTIONARIES = """
class One:
    def __init__(self):
        self.x = 1
def read(owner):
    return owner.x
RESULT = [read(One()) for _ in range(60)]
one = One()
vars(one)["y"] = 2
RESULT += [read(one) for _ in range(3)]
"""
CLASSES = """
class C:
    x = 1
def read(n):
    return C.x
RESULT = [read(n) for n in range(3)]
C.x = 2
RESULT.append(read(3))
"""
SUBCLASSES = """
class Loud(int):
    def __radd__(self, other):
        return "loud"
def add(a, b):
    return a + b
RESULT = [add(n, 1) for n in range(60)] + [add(1, Loud(2))]
"""
SLICES = """
def tail(items):
    key = slice(1, None)
    return items[key]
RESULT = [tail((1, 2, 3)) for _ in range(3)]
"""
LEAKS = """
LOG = []
class A:
    def __del__(self):
        LOG.append("dead")
def g(**named):
    return 0(**named)
for n in range(3):
    try:
        g(a=A())
    except TypeError:
        LOG.append("caught")
"""


def finding_of(source, fault, arch="x86_64", reruns=1):
    profiles = prepare_profiles(["jit"], [arch], fault=fault)
    program = Program(source)
    with Lane(profiles, LIMITS) as lane:
        observations = lane.observe(program)
        (verdict,) = pick_primary(lane.judge(program, observations))
        found = new_finding(program, verdict, observations, lane)
        return confirm(found, lane, reruns=reruns)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("arch", ["x86_64", pytest.param("aarch64", marks=pytest.mark.aarch64)])
def test_the_function_and_the_opcode_of_a_wrong_addition_are_named(arch):
    finding = blame(finding_of(ADDS, "wrong-add", arch), LIMITS, Budget(seconds=500, trials=150))
    found = finding.blame
    assert found.functions == ("add",)
    assert found.opcodes == ("BINARY_OP",)
    assert found.operators == ("BINARY_OP.add",)
    assert "type-feedback" in found.parts
    assert (found.step.function, found.step.version) == ("add", "optimised")
    assert found.step.kind == "BINARY_OP.add-ints"
    assert found.harm is Harm.VALUE
    (change,) = found.changes
    assert re.fullmatch(r"stack 0: int (\d+), interpreted int (\d+)", change)
    assert "inline-caches" not in found.parts
    assert finding.hint == "type-feedback"
    assert finding.bucket == "BINARY_OP.add-ints"
    heading, _, listing = found.listing.partition("\n")
    assert heading.startswith("add  <program>:")
    assert heading.endswith(f"  {arch}, optimised version")
    side_by_side = r"^\d+: return a \+ b\n( *\d+ LOAD_FAST [ab]\n)+ *\d+ BINARY_OP \+ +(mov|ldr) "
    assert re.search(side_by_side, listing, re.MULTILINE)
    assert ("ldr" if arch == "aarch64" else "mov rbp, rsp") in found.listing
    assert "double" not in found.listing
    assert not found.cut_short


@pytest.mark.aarch64
def test_a_finding_of_a_space_is_blamed_natively_at_its_own_point():
    tested = prepare_profiles(["jit-space"], ["aarch64"], fault="wrong-add")[1]
    finding = finding_of(ADDS, "wrong-add")
    there = msgspec.structs.replace(finding, tested=tested.at(finding.program))
    ((_, native),) = _native(there)
    assert (native.name, native.arch) == ("jit-space", "x86_64")
    assert native.environment == there.tested.environment
    assert native.point(finding.program) == {}


def test_of_several_operators_the_wrong_one_is_named():
    several = ADDS.replace("return a + b", "a += b\n    return (a * 3 - b * 3) // 3 + b")
    finding = blame(finding_of(several, "wrong-add"), LIMITS)
    assert finding.blame.opcodes == ("BINARY_OP",)
    assert finding.blame.operators == ("BINARY_OP.add",)
    assert finding.bucket == "BINARY_OP.add-ints"


@pytest.mark.parametrize("operator", ["+", "<"])
def test_operators_that_are_wrong_alike_are_one_bucket(operator):
    source = f"""
def f(a, b):
    return a {operator} b
RESULT = [f(n, 1) for n in range(30)] + [f(2**70 + n, 2**65) for n in range(30)]
RESULT += [f(2**70 + n, 2**70 + 1) for n in range(9)]
"""
    finding = blame(finding_of(source, "large-int"), LIMITS)
    assert len(finding.blame.alike) > 2
    assert finding.bucket == "operators-ints-large"
    alone = blame(finding_of(ADDS, "wrong-add"), LIMITS)
    assert alone.blame.alike == ()


def test_the_cache_of_an_attribute_is_named_and_what_shows_without_it_is_not():
    found = blame(finding_of(READS, "missed-type-guard"), LIMITS).blame
    assert found.functions == ("read",)
    assert found.opcodes == ("LOAD_ATTR",)
    assert "inline-caches" in found.parts
    assert "polymorphic-caches" not in found.parts


def test_what_the_code_was_made_for_is_known_of_a_crash():
    finding = finding_of(DICTIONARIES, "values-pointer")
    assert finding.verdict.oracle == "crash"
    found = blame(finding, LIMITS).blame
    assert found.opcodes == ("LOAD_ATTR",)
    assert found.step.kind == "LOAD_ATTR.value"
    assert found.harm is Harm.DEATH
    (how,) = found.changes
    assert re.fullmatch(r"dies of SIGSEGV in compiled code, at address 0x[0-9a-f]+", how)


@pytest.mark.parametrize(
    ("source", "fault", "bucket", "premises"),
    [
        (
            READS,
            "missed-type-guard",
            "LOAD_ATTR-guard-type",
            "not as in its inline cache: type (its code relies on that)",
        ),
        # Whether it dies of it or not.
        (
            DICTIONARIES,
            "values-pointer",
            "LOAD_ATTR-guard-values",
            "not as in its inline cache: values (its code relies on that)",
        ),
        (
            CLASSES,
            "generic-class-version",
            "LOAD_ATTR-helper-class",
            "not as in its inline cache: class (its helper relies on that)",
        ),
        (
            SUBCLASSES,
            "int-guard",
            "operators-ints-guard-type",
            "operands of other types than the code was made for",
        ),
    ],
)
def test_a_missed_guard_is_named_and_not_what_comes_of_it(source, fault, bucket, premises):
    found = blame(finding_of(source, fault), LIMITS)
    assert (found.bucket, str(found.blame.premises)) == (bucket, premises)


def test_what_is_written_behind_a_block_of_memory_is_found_where_it_is_written():
    found = blame(
        finding_of("def f():\n    [0 for n in range(6)]\nf()\n", "append-capacity"), LIMITS
    )
    assert found.blame.step.kind == "LIST_APPEND"
    assert found.bucket == "LIST_APPEND-memory"
    assert not any("MALLOC" in each for each in found.blame.settings)


@pytest.mark.parametrize("arch", ["x86_64", pytest.param("aarch64", marks=pytest.mark.aarch64)])
@pytest.mark.parametrize(
    ("source", "fault", "bucket", "change"),
    [
        (
            "def f(n):\n    if n > 1:\n        x = n\n    return x\nf(0)\n",
            "local-unbound",
            "LOAD_FAST",
            "dies of SIGSEGV in compiled code, counting a reference, at address 0x0",
        ),
        (
            SLICES,
            "crash",
            "BINARY_SUBSCR.slice-dies-outside",
            "dies of SIGSEGV in what compiled code calls, at address 0x0",
        ),
    ],
)
def test_how_a_step_dies_is_said(source, fault, bucket, change, arch):
    found = blame(finding_of(source, fault, arch), LIMITS, Budget(seconds=300, trials=150))
    assert found.blame.changes == (change,)
    assert found.bucket == bucket


def test_a_program_that_tells_of_addresses_is_not_confirmed():
    source = "RESULT = id([]) // 16 % 99991"
    setting = Path("/proc/sys/kernel/randomize_va_space")
    steady = setting.exists() and setting.read_text() == "0\n"  # for a whole system
    confirmed = finding_of(source, "", reruns=4).state is FindingState.CONFIRMED
    assert confirmed == steady


def test_what_shows_otherwise_in_every_fresh_process_is_confirmed_as_that():
    crash = finding_of(SLICES, "crash")
    wrong = msgspec.structs.replace(crash.verdict, oracle="result", signature="result:int:value")
    found = msgspec.structs.replace(crash, verdict=wrong, state=FindingState.NEW)
    with Lane((crash.reference, crash.tested), LIMITS) as lane:
        for others in (None, lambda verdict: verdict.oracle != "crash"):
            assert (
                confirm(found, lane, reruns=2, others=others).state is FindingState.NOT_REPRODUCED
            )
        confirmed = confirm(found, lane, reruns=2, others=lambda _: True)
    assert confirmed.state is FindingState.CONFIRMED
    assert confirmed.verdict.oracle == "crash"
    assert (confirmed.reproduced, confirmed.bucket) == (2, crash.bucket)


def test_a_crash_is_the_same_one_whatever_it_dies_of():
    finding = finding_of(SLICES, "crash")
    other = msgspec.structs.replace(finding.verdict, signature="crash:SIGBUS:teardown")
    found = blame(msgspec.structs.replace(finding, verdict=other), LIMITS)
    assert found.blame.step.kind == "BINARY_SUBSCR.unseen"


@pytest.mark.parametrize(
    ("fault", "body", "harm", "bucket", "change"),
    [
        (
            "global-reference",
            "def f(n):\n    return [THERE, n][1]\nTHERE = C()",
            Harm.RELEASE,
            "LOAD_GLOBAL.global-memory",
            r"stack \d: (C|function f), \w+( times)? referred to, interpreted \d+",
        ),
        (
            "leaked-reference",
            "def f(n):\n    a = C()\n    a = n\n    return a",
            Harm.LEAK,
            "STORE_FAST-leaks",
            r"\d+ objects are alive, interpreted \d+",
        ),
        (
            "stale-borrow",
            "def f(n):\n    a, b = n, C\n    a, b = b, a\n    return a",
            Harm.ELSEWHERE,
            "STORE_FAST-operands",
            r"stack 0: .*, interpreted .*",
        ),
        (
            "float-truth",
            "def f(n):\n    if (n - 1) * 0.5:\n        return n\n    return -1",
            Harm.PATH,
            "truth.float",
            r"goes on in f, offset \d+, interpreted in f, offset \d+",
        ),
    ],
)
def test_what_a_step_does_to_its_frame_is_said(fault, body, harm, bucket, change):
    source = f"class C:\n    pass\n{body}\nRESULT = [f(n % 3) for n in range(90)]\n"
    found = blame(finding_of(source, fault), LIMITS)
    assert (found.blame.harm, found.bucket) == (harm, bucket)
    assert any(re.fullmatch(change, each) for each in found.blame.changes), found.blame.changes


def test_a_crash_in_a_helper_needs_no_fast_path_and_is_listed_without_being_run():
    finding = finding_of(SLICES, "crash")
    assert finding.verdict.oracle == "crash"
    found = blame(finding, LIMITS).blame
    assert found.functions == ("tail",)
    assert found.opcodes == ()
    assert found.parts == ()
    assert "BINARY_SUBSCR" in found.listing


def test_what_happens_in_the_first_wrong_step_is_named():
    finding = finding_of(LEAKS, "star-leak")
    found = blame(finding, LIMITS)
    assert found.blame.step.kind == "CALL_FUNCTION_EX"
    assert found.blame.step.version == "generic"
    assert found.blame.outcomes == ("CALL_FUNCTION_EX.raised",)
    assert found.bucket == "CALL_FUNCTION_EX-raised"


def test_the_command_names_what_is_to_blame_and_keeps_it_with_the_finding(cli, tmp_path):
    folder = Store(tmp_path).add(finding_of(ADDS, "wrong-add"))
    done = cli("blame", folder)
    assert done.returncode == 1, done.stderr
    for each in ("compiled functions: add", "fast paths of: BINARY_OP"):
        assert f"needs {each}\n" in done.stdout
    begins = "BINARY_OP.add-ints at offset 6 of add, in optimised code"
    assert f"begins with: {begins}" in done.stdout
    assert "went by" not in done.stdout
    guard = Store(tmp_path).add(finding_of(READS, "missed-type-guard"))
    went_by = "went by: not as in its inline cache: type (its code relies on that)"
    assert went_by in cli("blame", guard).stdout
    kept = read_finding(folder)
    assert kept.blame.functions == ("add",)
    assert str(kept.blame.step) == begins
    assert kept.bucket == "BINARY_OP.add-ints"
    answer = cli("blame", folder, "--json", "--trials", 1)
    assert json.loads(answer.stdout)["trials"] == 1
    assert json.loads(answer.stdout)["cut_short"]
    assert json.loads(answer.stdout)["hint"] == kept.hint, "no switch was tried this time"


@pytest.mark.parametrize(
    ("lost", "shows", "chances"), [(0, True, 1), (1, True, 3), (2, True, 3), (3, False, 1)]
)
def test_what_does_not_show_at_once_gets_several_chances(monkeypatch, lost, shows, chances):
    """`lost` runs do not show it at first, and then no two in a row do."""
    finding = finding_of(ADDS, "wrong-add")
    run, runs = Lane.run, []

    def sometimes(lane, program, key, **kwargs):
        if key == lane.reference and "options" not in kwargs:
            return run(lane, program, key, **kwargs)
        runs.append(key)
        seen = run(lane, program, key, **kwargs)
        hides = len(runs) <= lost or (lost and (len(runs) - lost) % 2 == 0)
        return msgspec.structs.replace(seen, result=truth.result) if hides else seen

    with Lane((finding.reference,), LIMITS) as lane:
        truth = lane.run(finding.program, lane.reference)
    monkeypatch.setattr(Lane, "run", sometimes)
    budget = Budget(seconds=60, trials=150)
    profiles = finding.reference, finding.tested
    with _Search(finding, profiles, LIMITS, budget) as search:
        assert search.begin() == shows
        assert len(runs) == min(lost + 1, 3)
        if shows:
            for _ in range(4):
                assert search.shows(search.environment)
            assert search.shows({**search.environment, "PYJIT_THRESHOLD_CALLS": "1000"}) is False
            assert len(runs) == search.trials
        assert search._chances == chances


def test_what_did_not_show_in_a_fresh_process_is_blamed_too(monkeypatch, tmp_path):
    profiles = prepare_profiles(["jit"], ["x86_64"], fault="wrong-add")
    finding = msgspec.structs.replace(finding_of(ADDS, "wrong-add"), state=FindingState.NEW)
    lost = msgspec.structs.replace(finding, state=FindingState.NOT_REPRODUCED)
    monkeypatch.setattr("pyjit_fuzz.campaign.loop.confirm", lambda *_, **__: lost)
    settings = Settings(seed=0, profiles=profiles, limits=LIMITS)
    with contextlib.closing(Lanes(profiles, LIMITS)) as lanes:
        road = Road(settings, lanes, Store(tmp_path), lambda _: None)
        list(road.finish(finding, reduce=True))
        (kept,) = [read_finding(path.parent) for path in tmp_path.rglob("finding.json")]
    assert kept.state is FindingState.NOT_REPRODUCED
    assert kept.blame.step.kind == "BINARY_OP.add-ints"
    assert kept.bucket == "BINARY_OP.add-ints"


def test_the_jit_knows_the_opcodes_that_can_be_blamed():
    (reference, tested) = prepare_profiles(["jit"], ["x86_64"])
    environment = {**tested.environment, "PYJIT_GENERIC_OPCODES": ",".join(WITH_FAST_PATHS)}
    with Lane(
        (reference, msgspec.structs.replace(tested, environment=environment)), LIMITS
    ) as lane:
        reference, generic = lane.observe(Program(ADDS))
    assert generic.compiled == ("<module>", "add", "double")
    assert generic.result == reference.result


def test_a_budget_that_is_spent_leaves_what_was_seen_to_show():
    finding = finding_of(ADDS, "wrong-add")
    found = blame(finding, LIMITS, Budget(seconds=60, trials=5 + 4)).blame
    assert found.trials == 9
    assert found.cut_short
    assert "add" in found.functions
    assert found.opcodes == ()
