"""Each oracle fires at a planted difference, and stays silent at what is another's."""

import importlib
import pkgutil

import msgspec
import pytest

import pyjit_oracles
from pyjit_fuzz.model import Crash, ExceptionInfo, Outcome, Program, Status, TraceEntry
from pyjit_oracles import (
    crash,
    exception,
    judge_all,
    lifetime,
    limits,
    oracles,
    order,
    output,
    result,
    same_mechanism,
    slow,
    timeout,
)

ENTRY = TraceEntry("f", 3, 4, 3, 9)
ERROR = ExceptionInfo(
    type="ValueError",
    args=["tuple", 0, "", ["str:a"]],
    trace=(TraceEntry("<module>", 9, 0, 9, 3), ENTRY),
    context=ExceptionInfo(type="KeyError", args=["tuple", 1, "", []]),
    cause=None,
)


def changed(info=ERROR, **fields):
    return msgspec.structs.replace(info, **fields)


DEAD = Crash(
    signal=11,
    signal_name="SIGSEGV",
    native_backtrace=("list_dealloc", "main"),
    last_point="run f:3",
    python_backtrace=("f:3",),
)

PLANTED = [
    (result, {"result": "int:1"}, {"result": "int:2"}, "result:int:value"),
    (result, {"result": "int:1"}, {"result": "float:0x1p+0"}, "result:int!=float"),
    (result, {"result": "int:1"}, {"result": None}, "result:int!=nothing"),
    (order, {"log": ["list", 0, "", ["str:a"]]}, {"log": ["list", 0, "", []]}, "order:list:length"),
    (output, {"output": "a\nb\n"}, {"output": "a\nc\n"}, "output:text"),
    (output, {"output": "a\nb\n"}, {"output": "a\n"}, "output:missing"),
    (output, {"output": "a\n"}, {"output": "a\nb\n"}, "output:more"),
    (output, {"output": "a\n"}, {"output": "a"}, "output:line-ends"),
    (
        output,
        {"output": "a\nb\n"},
        {"output": "x\n", "status": Status.CRASH, "crash": DEAD},
        "output:text",
    ),
    (crash, {}, {"status": Status.CRASH, "crash": DEAD}, "crash:SIGSEGV:list_dealloc"),
    (
        crash,
        {},
        {"status": Status.CRASH, "crash": Crash(signal=0, last_point="run")},
        "crash:exit:run",
    ),
    (
        crash,
        {},
        {
            "status": Status.CRASH,
            "crash": Crash(
                signal=4, signal_name="SIGILL", native_backtrace=("??", "_PyRuntime", "??")
            ),
        },
        "crash:SIGILL:jitted",
    ),
    (
        timeout,
        {"duration": 0.01},
        {"status": Status.TIMEOUT, "duration": 50.0},
        "timeout:tested",
    ),
    (limits, {}, {"status": Status.INVALID}, "limits:ok!=invalid"),
    (
        lifetime,
        {"survivors": {"list": 3}},
        {"survivors": {"list": 40, "Point": 12}},
        "lifetime:leak:instance",
    ),
    (
        lifetime,
        {"survivors": {"list": 3}},
        {"survivors": {"list": 40, "tuple": 3}},
        "lifetime:leak:list",
    ),
]


@pytest.mark.parametrize(("oracle", "reference", "tested", "signature"), PLANTED)
def test_a_planted_difference_is_found_and_named(judge, oracle, reference, tested, signature):
    verdict = judge(oracle, reference, tested)
    assert verdict.outcome is Outcome.DIFFERENT
    assert verdict.signature == signature
    assert verdict.oracle == oracle.NAME
    assert verdict.explanation
    assert (verdict.reference, verdict.tested) == ("reference", "tested")


@pytest.mark.parametrize(("oracle", "reference", "tested", "signature"), PLANTED)
def test_the_same_on_both_sides_is_never_a_difference(judge, oracle, reference, tested, signature):
    del signature
    for fields in (reference, tested):
        assert judge(oracle, fields, fields).outcome is not Outcome.DIFFERENT


EXCEPTIONS = [
    (None, "exception:ValueError!=none"),
    (changed(type="TypeError"), "exception:ValueError!=TypeError"),
    (changed(args=["tuple", 0, "", ["str:b"]]), "exception:ValueError:args:str:value"),
    (changed(args=["tuple", 0, "", []]), "exception:ValueError:args:tuple:length"),
    (changed(own={"name": "str:a"}), "exception:ValueError:name:nothing!=str"),
    (changed(trace=ERROR.trace[:1]), "exception:traceback:length"),
    (changed(context=None), "exception:context:KeyError!=none"),
    (
        changed(context=changed(ERROR.context, type="OSError")),
        "exception:context:KeyError!=OSError",
    ),
    (changed(cause=ERROR.context), "exception:cause:none!=KeyError"),
    (changed(suppress_context=True), "exception:suppress-context"),
    *(
        (
            changed(trace=(ERROR.trace[0], msgspec.structs.replace(ENTRY, **{field: value}))),
            f"exception:traceback:{field}",
        )
        for field, value in (
            ("function", "g"),
            ("line", 4),
            ("column", 5),
            ("end_line", 4),
            ("end_column", 8),
        )
    ),
]


@pytest.mark.parametrize(("other", "signature"), EXCEPTIONS)
def test_every_part_of_an_exception_is_compared(judge, other, signature):
    status = Status.OK if other is None else Status.EXCEPTION
    reference = {"status": Status.EXCEPTION, "exception": ERROR}
    verdict = judge(exception, reference, {"status": status, "exception": other})
    assert (verdict.outcome, verdict.signature) == (Outcome.DIFFERENT, signature)
    assert judge(exception, reference, reference).outcome is Outcome.SAME


def test_one_fault_is_one_verdict(program, seen):
    reference = seen(result="int:1", log=["list", 0, "", []], output="a\n", duration=0.1)
    for tested in (
        seen("tested", Status.CRASH, crash=DEAD, output="a\n"),
        seen("tested", Status.EXCEPTION, exception=ERROR, output="a\n"),
        seen("tested", Status.TIMEOUT, duration=50.0),
        seen("tested", Status.LIMIT, limit="memory"),
        seen("tested", Status.OK, result="int:2", log=reference.log, output="a\n"),
    ):
        assert len(judge_all(program, [reference, tested])) == 1
    assert judge_all(program, [reference, reference, reference]) == []
    assert judge_all(program, [reference]) == []
    assert judge_all(program, []) == []


def test_every_tested_side_is_judged(program, seen):
    reference = seen(result="int:1")
    sides = [seen("jit", result="int:2"), seen("eager", result="int:1"), seen("aot", result="x:1")]
    assert [v.tested for v in judge_all(program, [reference, *sides])] == ["jit", "aot"]


TIME = [
    (Status.OK, 0.01, 5.0, Outcome.DIFFERENT, 0.0),
    (Status.EXCEPTION, 0.01, 5.0, Outcome.DIFFERENT, 0.0),
    (Status.OK, 0.05, 5.0, Outcome.DIFFERENT, 0.0),
    (Status.OK, 0.06, 5.0, Outcome.INCONCLUSIVE, 2.0),
    (Status.OK, 0.06, 10.0, Outcome.DIFFERENT, 0.0),
    (Status.OK, 0.49, 5.0, Outcome.INCONCLUSIVE, 10.0),
    (Status.OK, 0.49, 50.0, Outcome.DIFFERENT, 0.0),
    (Status.OK, 1.0, 5.0, Outcome.INCONCLUSIVE, 0.0),
    (Status.TIMEOUT, 5.0, 5.0, Outcome.INCONCLUSIVE, 0.0),
    (Status.LIMIT, 0.01, 5.0, Outcome.INCONCLUSIVE, 0.0),
    (Status.OK, 0.001, 0.5, Outcome.DIFFERENT, 4.0),
    (Status.OK, 0.01, 0.5, Outcome.INCONCLUSIVE, 4.0),
    (Status.OK, 0.001, 0.1, Outcome.DIFFERENT, 10.0),
]
"""How the reference ended and after what time, the tested run's limit, and what follows."""


@pytest.mark.parametrize(("status", "took", "limit", "outcome", "rerun_at"), TIME)
def test_a_time_out_counts_at_a_hundred_times_the_reference(
    judge, status, took, limit, outcome, rerun_at
):
    verdict = judge(
        timeout,
        {"status": status, "duration": took},
        {"status": Status.TIMEOUT, "duration": limit},
    )
    assert (verdict.outcome, verdict.rerun_at) == (outcome, rerun_at)


def test_what_may_have_compiled_all_the_time_is_to_run_again_under_an_emulator_too(judge):
    took = {"status": Status.TIMEOUT, "slowdown": 6.0}
    verdict = judge(timeout, {"duration": 0.01}, {**took, "duration": 1.5})
    assert (verdict.outcome, verdict.rerun_at) == (Outcome.DIFFERENT, 8.0)
    verdict = judge(timeout, {"duration": 0.01}, {**took, "duration": 12.0})
    assert (verdict.outcome, verdict.rerun_at) == (Outcome.DIFFERENT, 0.0)


@pytest.mark.parametrize("side", ["reference", "tested"])
@pytest.mark.parametrize("limit", ["memory", "output", "files"])
def test_a_limit_says_nothing(judge, side, limit):
    hit = {"status": Status.LIMIT, "limit": limit}
    sides = {"reference": {}, "tested": {}, side: hit}
    verdict = judge(limits, sides["reference"], sides["tested"])
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.signature == f"limits:{side}:{limit}"


def test_a_reference_that_crashes_says_nothing(judge):
    dead = {"status": Status.CRASH, "crash": DEAD}
    assert judge(crash, dead, {}).outcome is Outcome.INCONCLUSIVE
    assert judge(crash, dead, dead).outcome is Outcome.INCONCLUSIVE


def test_a_value_too_large_to_look_at_says_nothing(judge):
    huge = {"result": ["list", 0, "", ["limit:size:9:unknown"]]}
    assert judge(result, huge, huge).outcome is Outcome.INCONCLUSIVE


def test_output_before_a_crash_must_be_a_beginning(judge):
    died = {"status": Status.CRASH, "crash": DEAD, "output": "a\n"}
    assert judge(output, {"output": "a\nb\n"}, died).outcome is Outcome.SAME


def test_a_crash_seen_without_its_native_stack_is_the_same_crash(judge):
    def verdict(**fields):
        died = msgspec.structs.replace(DEAD, **fields)
        return judge(crash, {}, {"status": Status.CRASH, "crash": died})

    full, bare = verdict(), verdict(native_backtrace=())
    assert full.signature != bare.signature
    assert same_mechanism(full, full)
    assert same_mechanism(full, bare)
    assert same_mechanism(bare, full)
    assert not same_mechanism(full, verdict(native_backtrace=("dict_dealloc",)))
    assert not same_mechanism(bare, verdict(native_backtrace=(), signal_name="SIGABRT"))
    assert not same_mechanism(bare, verdict(native_backtrace=(), last_point="teardown"))
    assert not same_mechanism(full, judge(result, {"result": "int:1"}, {"result": "int:2"}))


def test_all_oracles_are_known_by_name():
    assert list(oracles())[:9] == [
        "crash",
        "timeout",
        "limits",
        "result",
        "exception",
        "output",
        "order",
        "lifetime",
        "slow",
    ]


def test_a_few_survivors_may_be_what_caches_hold(judge):
    few = {"survivors": {"list": 3, "type": 4}}
    assert judge(lifetime, {"survivors": {"list": 1}}, few).outcome is Outcome.SAME
    assert judge(lifetime, {}, few).outcome is Outcome.SAME
    assert judge(lifetime, few, {"survivors": {"list": 1}}).outcome is Outcome.SAME


@pytest.mark.parametrize(
    ("reference", "tested", "slowdown", "expected"),
    [
        (0.1, 1.09, 1.0, Outcome.SAME),
        (0.1, 1.2, 1.0, Outcome.DIFFERENT),
        (0.0, 0.09, 1.0, Outcome.SAME),  # a clock that is too coarse, or compiling
        (0.0, 0.11, 1.0, Outcome.DIFFERENT),
        (0.01, 0.6, 6.0, Outcome.SAME),  # emulated, everything takes longer
        (0.01, 0.8, 6.0, Outcome.DIFFERENT),
        (5.0, 0.1, 1.0, Outcome.SAME),
    ],
)
def test_far_slower_than_the_interpreter_is_a_cliff(judge, reference, tested, slowdown, expected):
    verdict = judge(slow, {"processor": reference}, {"processor": tested, "slowdown": slowdown})
    assert verdict.outcome is expected


@pytest.mark.parametrize(
    ("compiled", "recompiles", "expected"),
    [
        (324, 621, Outcome.SAME),
        (229, 176, Outcome.SAME),
        (3, 942, Outcome.DIFFERENT),  # over and over
        (30, 915, Outcome.DIFFERENT),
    ],
)
def test_a_program_that_makes_code_objects_may_have_them_compiled(
    judge, compiled, recompiles, expected
):
    stats = {"compiled": compiled, "recompiles": recompiles, "bytecodes_compiled": 63_592}
    run = {"processor": 1.9, "slowdown": 6, "jit_stats": stats}
    assert judge(slow, {"processor": 0.01}, run).outcome is expected


def test_compiling_may_take_as_long_as_it_does_under_an_emulator_of_a_busy_machine(judge):
    stats = {"compiled": 335, "recompiles": 632, "bytecodes_compiled": 50_731}
    run = {"processor": 2.5, "slowdown": 6, "jit_stats": stats}
    assert judge(slow, {"processor": 0.067}, run).outcome is Outcome.SAME
    native = {"processor": 0.4, "slowdown": 1, "jit_stats": stats}
    assert judge(slow, {"processor": 0.01}, native).outcome is Outcome.DIFFERENT


def test_a_cliff_tells_what_the_jit_did(judge):
    stats = {"recompiles": 1234, "deopts": 5, "entries": 7}
    verdict = judge(slow, {"processor": 0.01}, {"processor": 2.0, "jit_stats": stats})
    assert verdict.signature == "slow:tested"
    assert verdict.explanation == (
        "2 s of processor time, the reference took 0.01 s\n1,234 recompiles, 5 deopts"
    )


def test_how_long_it_took_to_die_is_no_cliff(judge):
    died = {"status": Status.CRASH, "crash": DEAD, "processor": 9.0}
    assert judge(slow, {}, died).outcome is Outcome.SAME


PROGRAMS = [
    (
        "RESULT = [0, 0, 0, {'x': 1}]",
        "RESULT = [0, 0, 0, {'x': 1.0}]",
        {"result:int!=float": "RESULT[3]['x']: 1 (int) against 1.0 (float)"},
    ),
    (
        "LOG = ['a', 'b']",
        "LOG = ['b', 'a']",
        {"order:str:value": "LOG[0]: 'a' (str) against 'b' (str)"},
    ),
    ("print('x')", "print('y')", {"output:text": "line 1 of the output: 'x' against 'y'"}),
    ("1 / 0", "1 // 0", {"exception:ZeroDivisionError:args:str:value": None}),
    ("def f():\n    1 / 0\nf()", "def f():\n\n    1 / 0\nf()", {"exception:traceback:line": None}),
    ("1 / 0", "1", {"exception:ZeroDivisionError!=none": None}),
    ("a = []\nRESULT = [a, a]", "RESULT = [[], []]", {"result:alias": None}),
    ("RESULT = float('nan')", "RESULT = -float('nan')", {}),
    ("RESULT = str(object())", "x = 1\nRESULT = str(object())", {}),
    ("RESULT = {8, 0}", "RESULT = {0, 8}", {}),
    ("x = [0] * 10**12", "RESULT = 1", {"exception:MemoryError!=none": None}),
    ("x = 'x'\nwhile True: x += x", "RESULT = 1", {"limits:reference:memory": None}),
    ("x = (", "RESULT = 1", {"limits:invalid!=ok": None}),
]


@pytest.mark.parametrize(("one", "other", "expected"), PROGRAMS)
def test_programs_that_differ_are_told_apart_from_end_to_end(program, run, one, other, expected):
    reference, tested = run(one), run(other)
    verdicts = judge_all(program, [reference, tested])
    assert [verdict.signature for verdict in verdicts] == list(expected)
    for verdict in verdicts:
        told = expected[verdict.signature]
        assert told is None or verdict.explanation == told
    assert judge_all(program, [run(one), run(one)]) == [
        verdict
        for verdict in judge_all(program, [reference, reference])
        if verdict.outcome is Outcome.INCONCLUSIVE
    ]


PAIRS = """
def f(b):
    x = 0
    if b:
        del x
    y = b
    return {0: x}, len(b)
"""


@pytest.mark.parametrize(
    ("kind", "reference", "tested", "expected"),
    [
        ("UnboundLocalError", (7, 12, 13), (7, 15, 16), Outcome.SAME),  # 0 and x
        ("UnboundLocalError", (7, 15, 16), (7, 12, 13), Outcome.DIFFERENT),
        ("UnboundLocalError", (6, 4, 5), (7, 15, 16), Outcome.DIFFERENT),  # no neighbours
        ("UnboundLocalError", (7, 11, 17), (7, 15, 16), Outcome.DIFFERENT),
        ("NameError", (7, 12, 13), (7, 15, 16), Outcome.DIFFERENT),
        ("UnboundLocalError", (4, 7, 8), (5, 12, 13), Outcome.DIFFERENT),  # DELETE_FAST
    ],
)
def test_the_first_of_a_pair_may_stand_for_the_second(seen, kind, reference, tested, expected):
    def of(place):
        line, start, end = place
        trace = (TraceEntry("<module>", 9, 0, 9, 4), TraceEntry("f", line, start, line, end))
        inner = ExceptionInfo(kind, ["tuple", []], trace=trace)
        return ExceptionInfo("ValueError", ["tuple", []], context=inner)

    sides = [seen("interp", exception=of(place)) for place in (reference, tested)]
    verdict = exception.judge(Program(PAIRS), *sides)
    assert verdict.outcome is expected


def test_every_oracle_is_in_the_table():
    modules = [
        importlib.import_module(f"pyjit_oracles.{module.name}")
        for module in pkgutil.iter_modules(pyjit_oracles.__path__)
    ]
    judges = {module.NAME for module in modules if hasattr(module, "judge")}
    assert judges <= set(oracles())
