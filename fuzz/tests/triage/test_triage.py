"""Buckets are stable names by mechanism; new mechanisms are never dropped."""

import dis
from pathlib import Path

import msgspec
import pytest

from pyjit_fuzz.model import (
    Blame,
    Finding,
    FindingState,
    Harm,
    Observation,
    Outcome,
    Premises,
    Profile,
    Program,
    Status,
    Step,
    Verdict,
)
from pyjit_fuzz.triage import (
    IssueState,
    KnownIssue,
    KnownIssueError,
    Severity,
    bucket,
    instruction_of,
    is_counted_for,
    load_known,
    match_known,
    mechanism,
    operators_in,
    pick_primary,
    regression_of,
    severity,
    worth_a_sample,
)
from pyjit_fuzz.triage.bucket import ORACLES
from pyjit_oracles.registry import oracles


def verdict(oracle="result", signature="result:int!=float", tested="jit@x86_64", outcome=None):
    return Verdict(
        oracle=oracle,
        outcome=outcome or Outcome.DIFFERENT,
        reference="interp@x86_64",
        tested=tested,
        signature=signature,
    )


def finding(of=None, **fields):
    return Finding(
        program=Program("RESULT = 1\n"),
        verdict=of or verdict(),
        reference=Profile(name="interp", arch="x86_64"),
        tested=Profile(name="jit", arch="x86_64"),
        observations=(
            Observation(profile="interp@x86_64", status=Status.OK),
            Observation(profile="jit@x86_64", status=Status.OK),
        ),
        **fields,
    )


def test_bucket_names_the_mechanism_and_is_a_folder_name():
    assert bucket(finding()) == "result-int-=float"
    odd = verdict(oracle="crash", signature="crash:SIGSEGV:a/b <../c> \n d")
    assert bucket(finding(odd)) == "crash-SIGSEGV-a-b-..-c-d"


def test_bucket_is_the_same_on_every_architecture_and_for_every_program():
    one = finding()
    other = Finding(
        program=Program("RESULT = 2\n"),
        verdict=verdict(tested="jit-eager@aarch64"),
        reference=Profile(name="interp", arch="aarch64"),
        tested=Profile(name="jit-eager", arch="aarch64"),
        observations=one.observations,
    )
    assert bucket(one) == bucket(other)


def test_hint_and_flakiness_make_buckets_of_their_own():
    names = {
        bucket(finding()),
        bucket(finding(hint="inline-caches")),
        bucket(finding(state=FindingState.FLAKY)),
    }
    assert len(names) == 3


def test_long_signatures_are_cut_and_still_told_apart():
    names = {bucket(finding(verdict(signature="result:" + "x" * 200 + end))) for end in "ab"}
    assert len(names) == 2
    assert all(len(name) <= 80 for name in names)


def test_one_verdict_speaks_for_a_crash():
    verdicts = [verdict(), verdict("output", "output:lost"), verdict("crash", "crash:SIGSEGV:run")]
    assert [each.oracle for each in pick_primary(verdicts)] == ["crash"]


def test_profiles_that_show_one_mechanism_are_one_finding_and_others_are_not():
    verdicts = [
        verdict(tested="jit@x86_64"),
        verdict(tested="jit-eager@x86_64"),
        verdict("crash", "crash:SIGSEGV:run", tested="jit-stress@x86_64"),
    ]
    primary = pick_primary(verdicts)
    assert [each.tested for each in primary] == ["jit@x86_64", "jit-stress@x86_64"]


def test_inconclusive_verdicts_are_not_findings():
    assert pick_primary([verdict(outcome=Outcome.INCONCLUSIVE)]) == []


def test_an_unknown_oracle_still_makes_a_finding():
    assert len(pick_primary([verdict("leaks", "leaks:int")])) == 1
    assert severity(finding(verdict("leaks", "leaks:int"))) is Severity.HIGH
    assert mechanism(verdict("leaks", "int")) == "leaks:int"


@pytest.mark.parametrize("oracle", oracles())
def test_every_oracle_of_ours_has_a_severity_and_a_rank(oracle):
    assert oracle in ORACLES


@pytest.mark.parametrize(
    ("oracle", "state", "expected"),
    [
        ("crash", FindingState.CONFIRMED, Severity.CRITICAL),
        ("result", FindingState.FLAKY, Severity.HIGH),
        ("timeout", FindingState.REDUCED, Severity.MEDIUM),
        ("lifetime", FindingState.CONFIRMED, Severity.MEDIUM),
        ("crash", FindingState.NOT_REPRODUCED, Severity.LOW),
    ],
)
def test_severity(oracle, state, expected):
    assert severity(finding(verdict(oracle, f"{oracle}:x"), state=state)) is expected


def test_five_samples_are_kept_and_then_fewer_and_fewer():
    kept = [number + 1 for number in range(100) if worth_a_sample(number)]
    assert kept == [1, 2, 3, 4, 5, 8, 16, 32, 64]


def test_known_issues_match_by_mechanism(tmp_path):
    path = tmp_path / "known.toml"
    path.write_text(
        '[[issue]]\nname = "depth"\noracle = "exception"\n'
        'signature = "exception:RecursionError*"\nreason = "documented"\n'
    )
    known = load_known(path)
    assert match_known(verdict("exception", "exception:RecursionError!=none"), known) is known[0]
    assert match_known(verdict("exception", "exception:ValueError!=none"), known) is None
    assert match_known(verdict("result", "exception:RecursionError"), known) is None


@pytest.mark.parametrize(
    "text",
    ["[[issue]]\nname = 1\n", "not toml", '[[issue]]\nname = "a"\nsignature = "b"\n'],
)
def test_a_bad_list_of_known_issues_is_named(tmp_path, text):
    path = tmp_path / "known.toml"
    path.write_text(text)
    with pytest.raises(KnownIssueError, match=r"known\.toml"):
        load_known(path)


def test_a_fixed_issue_explains_nothing_and_is_a_regression_when_it_shows():
    fixed = KnownIssue(
        name="sum",
        signature="result:int*",
        part="type-*",
        profile="*@x86_64",
        reason="r",
        state=IssueState.FIXED,
    )
    shows = finding(hint="type-feedback")
    assert match_known(shows.verdict, [fixed]) is None
    assert regression_of(shows, [fixed]) is fixed
    assert regression_of(finding(hint="inline-caches"), [fixed]) is None
    assert regression_of(finding(verdict(signature="result:str"), hint="type-x"), [fixed]) is None
    elsewhere = msgspec.structs.replace(fixed, profile="*@aarch64")
    assert regression_of(shows, [elsewhere]) is None
    still_open = msgspec.structs.replace(fixed, state=IssueState.OPEN)
    assert regression_of(shows, [still_open]) is None
    assert match_known(shows.verdict, [still_open]) is still_open


def test_counted_mechanisms_belong_to_their_issue():
    issue = KnownIssue(name="n", oracle="result", signature="result:int*", reason="r")
    short = KnownIssue(name="n", oracle="crash", signature="SIGSEGV:*", reason="r")
    assert is_counted_for("result:int:value", issue)
    assert not is_counted_for("exception:int", issue)
    assert is_counted_for("crash:SIGSEGV:f", short)
    assert not is_counted_for("crash:SIGABRT:f", short)


def test_the_registry_of_this_checkout_can_be_read():
    load_known(Path(__file__).parents[3] / "corpora" / "known.toml")


def test_a_missing_list_of_known_issues_is_named(tmp_path):
    with pytest.raises(KnownIssueError, match="No such file"):
        load_known(tmp_path / "none.toml")


def begun(kind, outcomes=(), *, version="optimised", oracle="result", **fields):
    """Return a finding that begins with an instruction of that kind."""
    blame = Blame(step=Step("f", 4, version, kind), outcomes=tuple(outcomes), **fields)
    return msgspec.structs.replace(finding(verdict(oracle, f"{oracle}:int:value")), blame=blame)


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        (begun("BINARY_OP.multiply-ints"), "BINARY_OP.mul-ints"),
        (begun("COMPARE_OP.ge-floats"), "COMPARE_OP.ge-floats"),
        (begun("LOAD_ATTR.slot"), "LOAD_ATTR.slot"),
        (begun("SEND"), "SEND"),
        (begun("CALL.python"), "CALL.python"),
        (begun("KW_NAMES CALL.python"), "CALL.python-keywords"),
        # What is not known before it has run for a while says nothing.
        (begun("BINARY_OP.add-unseen", version="generic"), "BINARY_OP.add"),
        (begun("FOR_ITER.unseen", version="generic"), "FOR_ITER"),
        # A fast path, and the helper of the same instruction.
        (begun("LOAD_GLOBAL"), "LOAD_GLOBAL.fast"),
        (begun("LOAD_GLOBAL", version="generic"), "LOAD_GLOBAL"),
        (begun("DICT_MERGE"), "DICT_MERGE"),
        (begun("DICT_MERGE", version="generic"), "DICT_MERGE"),
        # Where conditions are tested, it is the same test.
        (begun("POP_JUMP_BACKWARD_IF_TRUE.object"), "truth"),
        (begun("JUMP_IF_FALSE_OR_POP.object", version="generic"), "truth"),
        (begun("UNARY_NOT.float"), "truth.float"),
        (begun("POP_JUMP_FORWARD_IF_NONE"), "POP_JUMP_FORWARD_IF_NONE"),
        # What happened.
        (begun("STORE_FAST.object", ["STORE_FAST.object.aside"]), "STORE_FAST.fast-aside"),
        (begun("STORE_FAST.float"), "STORE_FAST.float"),
        # Moving values is another matter where references are borrowed.
        (begun("STORE_FAST.float", version="generic"), "STORE_FAST.float-generic"),
        (begun("RETURN_VALUE"), "RETURN_VALUE.fast"),
        (begun("RETURN_VALUE", version="generic"), "RETURN_VALUE"),
        (begun("CALL.unseen", ["CALL.unseen.raised"], version="generic"), "CALL-raised"),
        (begun("SEND", ["SEND.freed", "SEND.aside"]), "SEND-aside"),
        (begun("SEND", ["SEND.freed"]), "SEND"),
        (
            begun("LOAD_METHOD.class", [f"LOAD_METHOD.class.{each}" for each in ("exit", "hit")]),
            "LOAD_METHOD-exit",
        ),
        (
            begun("LOAD_ATTR.none", ["LOAD_ATTR.dict.hit"], version="generic"),
            "LOAD_ATTR.dict-hit",
        ),
        (
            begun("LOAD_METHOD.none", ["LOAD_METHOD.dict.hit"], version="generic"),
            "LOAD_ATTR.dict-hit",
        ),
        # An exception that is the difference does not say where it begins.
        (begun("CALL.python", ["CALL.python.raised"], oracle="exception"), "CALL.python"),
        (
            begun("FOR_ITER", ["FOR_ITER.aside", "FOR_ITER.raised"], harm=Harm.RAISE),
            "FOR_ITER.fast-aside-raises",
        ),
        # With wrong operands, or in the wrong function, it may raise or not.
        (begun("CALL.python", ["CALL.python.raised"], harm=Harm.RAISE), "CALL.python"),
        (begun("CALL.python", ["CALL.python.raised"], harm=Harm.PATH), "CALL.python"),
        (begun("SEND", ["SEND.raised"], harm=Harm.PATH), "SEND-raised-turn"),
        (begun("BINARY_OP.add-strings", harm=Harm.RAISE), "BINARY_OP.add-strings"),
        # Operators that are wrong alike.
        (begun("BINARY_OP.add-ints", alike=("sub",)), "operators.add.sub-ints"),
        (begun("COMPARE_OP.lt-ints", alike=("add", "sub", "gt")), "operators-ints"),
        (
            begun("BINARY_OP.add-ints", ["BINARY_OP.add-ints.raised"], alike=("sub",)),
            "operators.add.sub-ints",
        ),
        (
            begun("BINARY_OP.remainder-unseen", version="generic", alike=("floordiv",)),
            "operators.floordiv.mod",
        ),
        # In front of all instructions.
        (begun("", version=""), "entry-result-int-value"),
        (begun("", ["abandoned_generators", "thrown"], version=""), "entry-abandoned-generators"),
    ],
)
def test_the_instruction_with_which_it_begins_names_the_bucket(seen, name):
    assert bucket(seen) == name


@pytest.mark.parametrize("state", FindingState)
@pytest.mark.parametrize(
    ("kind", "outcomes"), [("LOAD_DEREF", []), ("BINARY_OP.add-ints", []), ("", ["thrown"])]
)
def test_what_takes_long_is_one_bucket_whatever_it_begins_with(kind, outcomes, state):
    seen = begun(kind, outcomes, oracle="slow")
    assert bucket(msgspec.structs.replace(seen, state=state)) == "slow-int-value"


@pytest.mark.parametrize("oracle", ["order", "exception", "output", "timeout"])
def test_in_whatever_a_wrong_value_ends_it_is_one_bucket(oracle):
    seen = begun("BINARY_OP.add-ints", oracle=oracle)
    assert bucket(seen) == "BINARY_OP.add-ints"
    for fields in ({"hint": "inline-caches"}, {"state": FindingState.FLAKY}):
        assert bucket(msgspec.structs.replace(seen, **fields)) == bucket(seen)
    for harm in (Harm.VALUE, Harm.PATH, Harm.COUNTING):
        assert bucket(begun("BINARY_OP.add-ints", oracle=oracle, harm=harm)) == bucket(seen)


@pytest.mark.parametrize(
    ("oracle", "harm", "damage"),
    [
        ("result", Harm.RELEASE, "memory"),
        ("order", Harm.LEAK, "leaks"),
        ("crash", Harm.DEATH, "dies"),
        ("result", Harm.OUTSIDE, "dies-outside"),
        # What the step does says more than what comes of it.
        ("crash", Harm.LEAK, "leaks"),
        ("lifetime", Harm.RELEASE, "memory"),
        ("crash", None, "memory"),
        ("crash", Harm.VALUE, "memory"),
        ("result", Harm.ABSENCE, "absent"),
        ("lifetime", None, "leaks"),
    ],
)
def test_damage_to_memory_and_what_is_absent_are_other_buckets_than_a_wrong_value(
    oracle, harm, damage
):
    assert bucket(begun("LOAD_GLOBAL.global", oracle=oracle, harm=harm)) == (
        f"LOAD_GLOBAL.global-{damage}"
    )


def test_a_reference_to_no_object_that_is_counted_is_a_wrong_value():
    for seen in (Harm.COUNTING, Harm.VALUE):
        oracle = "crash" if seen is Harm.COUNTING else "result"
        assert bucket(begun("FOR_ITER.range", oracle=oracle, harm=seen)) == "FOR_ITER.range"


@pytest.mark.parametrize("kind", ["STORE_FAST.int", "STORE_FAST.known"])
@pytest.mark.parametrize("version", ["generic", "optimised"])
def test_what_dies_of_the_value_that_it_drops_is_one_bucket_whatever_it_puts_there(kind, version):
    seen = begun(kind, version=version, oracle="crash", harm=Harm.COUNTING)
    assert bucket(seen) == "STORE_FAST-dies"


def test_a_value_that_a_program_dies_of_later_is_a_wrong_value():
    assert bucket(begun("STORE_FAST.int", oracle="crash")) == "STORE_FAST.int"
    assert bucket(begun("STORE_FAST.int", oracle="lifetime")) == "STORE_FAST.int-leaks"


def test_what_keeps_classes_of_the_program_alive_leaks_whatever_it_is_seen_by():
    seen = begun("CALL_FUNCTION_EX", ["CALL_FUNCTION_EX.raised"], version="generic", oracle="order")
    reference, tested = seen.observations
    kept = msgspec.structs.replace(tested, survivors={"type": 1, "C": 1, "dict": 3})
    lists = msgspec.structs.replace(tested, survivors={"list": 1})
    for observation, name in ((tested, ""), (lists, ""), (kept, "-leaks")):
        changed = msgspec.structs.replace(seen, observations=(reference, observation))
        assert bucket(changed) == f"CALL_FUNCTION_EX-raised{name}"


GUARD, HELPER = Premises(guard="type"), Premises(guard="class", by_helper=True)


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        (begun("LOAD_ATTR.slot", premises=GUARD), "LOAD_ATTR-guard-type"),
        (begun("LOAD_METHOD.method", premises=GUARD), "LOAD_ATTR-guard-type"),
        (begun("STORE_ATTR.value", premises=GUARD), "STORE_ATTR-guard-type"),
        (
            begun("LOAD_ATTR.none", ["LOAD_ATTR.type.hit"], premises=HELPER),
            "LOAD_ATTR-helper-class",
        ),
        (
            begun("KW_NAMES CALL.python-bound", premises=Premises("callee")),
            "CALL.python-guard-callee",
        ),
        (begun("CALL.c-fast", premises=Premises("callee")), "CALL.c-guard-callee"),
        # Stores into the globals are noticed by their version, new names by that of the keys.
        (begun("LOAD_GLOBAL.global", premises=Premises("keys")), "LOAD_GLOBAL-guard-version"),
        (
            begun("LOAD_GLOBAL.global", ["LOAD_GLOBAL.global.aside"], premises=Premises("keys")),
            "LOAD_GLOBAL-guard-keys",
        ),
        (begun("LOAD_GLOBAL.builtin", premises=Premises("builtins")), "LOAD_GLOBAL-guard-builtins"),
        (
            begun("LOAD_GLOBAL", ["LOAD_GLOBAL.hit"], premises=Premises("keys", by_helper=True)),
            "LOAD_GLOBAL-helper-keys",
        ),
        *(
            (begun(kind, premises=Premises(strange=True)), f"operators-{pair}-guard-type")
            for kind, pair in (
                ("BINARY_OP.add-ints", "ints"),
                ("BINARY_OP.multiply-wide", "ints"),
                ("COMPARE_OP.lt-floats", "floats"),
            )
        ),
        # Its slow path was taken, for what the fast one is not made for.
        (
            begun("BINARY_OP.add-ints", premises=Premises(strange=True, slow=True)),
            "BINARY_OP.add",
        ),
        (begun("FOR_ITER.list", premises=Premises(strange=True)), "FOR_ITER"),
        # What is unusual about the operands.
        (begun("BINARY_OP.add-wide", ["BINARY_OP.add-wide.aside"]), "BINARY_OP.add-ints"),
        (
            begun("BINARY_OP.multiply-wide", premises=Premises(unusual="overflow")),
            "BINARY_OP.mul-ints-overflow",
        ),
        (
            begun("BINARY_OP.add-ints", alike=("sub",), premises=Premises(unusual="large")),
            "operators-ints-large",
        ),
        *(
            (
                begun(f"BINARY_OP.{each}-ints", alike=alike, premises=Premises(unusual="count")),
                "BINARY_OP.shift-ints-count",
            )
            for each in ("lshift", "rshift")
            for alike in ((), ("add",))
        ),
        (
            begun("BINARY_SUBSCR.tuple", premises=Premises(unusual="slice")),
            "BINARY_SUBSCR.slice",
        ),
        (begun("STORE_FAST.int", premises=Premises(unusual="digits")), "STORE_FAST.int-digits"),
        (
            begun("STORE_FAST.int", ["STORE_FAST.int.aside"], premises=Premises(unusual="digits")),
            "STORE_FAST.int-aside",
        ),
        (
            begun("BINARY_OP.add-others", premises=Premises(unusual="subclass-objects")),
            "BINARY_OP.subclass-objects",
        ),
        (
            begun("BINARY_OP.subtract-mixed", premises=Premises(strange=True)),
            "operators-numbers-guard-type",
        ),
        (begun("BINARY_OP.subtract-mixed"), "BINARY_OP.sub-numbers"),
        *(
            (begun(kind, version=version, premises=Premises(unusual="bound", slow=slow)), name)
            for kind, version, slow, name in (
                ("BINARY_SUBSCR.list", "optimised", False, "BINARY_SUBSCR-guard-bound"),
                ("BINARY_SUBSCR.list", "optimised", True, "BINARY_SUBSCR-helper-bound"),
                ("BINARY_SUBSCR.str", "optimised", False, "BINARY_SUBSCR-helper-bound"),
                ("BINARY_SUBSCR.unseen", "generic", False, "BINARY_SUBSCR-helper-bound"),
                ("STORE_SUBSCR.list", "optimised", False, "STORE_SUBSCR-guard-bound"),
            )
        ),
        # Which method of theirs is asked for is one thing for all operators.
        *(
            (
                begun(
                    f"{opcode}.{each}-unseen", version="generic", premises=Premises(unusual=what)
                ),
                f"{opcode}.{what}",
            )
            for opcode, each, what in (
                ("BINARY_OP", "add", "objects"),
                ("BINARY_OP", "subtract", "objects"),
                ("BINARY_OP", "add", "in-place-objects"),
                ("COMPARE_OP", "lt", "objects"),
            )
        ),
        # Lists and tuples are gone through in one way.
        (begun("FOR_ITER.list"), "FOR_ITER.items"),
        (begun("UNPACK_SEQUENCE.tuple", harm=Harm.RELEASE), "UNPACK_SEQUENCE.items-memory"),
        (begun("BINARY_SUBSCR.list"), "BINARY_SUBSCR.list"),
        (begun("FOR_ITER.range", harm=Harm.PATH), "FOR_ITER.range-turn"),
        # Which argument is not held is one thing, which one is which another.
        (begun("KW_NAMES CALL.python", harm=Harm.RELEASE), "CALL.python-memory"),
        (begun("KW_NAMES CALL.python", harm=Harm.VALUE), "CALL.python-keywords"),
        (begun("STORE_FAST.int", harm=Harm.ELSEWHERE), "STORE_FAST-operands"),
        # Operands that an exception leaves behind, wherever that comes from.
        *(
            (begun(each, [f"{each}.raised"], harm=Harm.LEAK), "unwinding-raised-leaks")
            for each in ("LOAD_GLOBAL", "RAISE_VARARGS")
        ),
        (begun("CALL.python", ["CALL.python.raised"], harm=Harm.LEAK), "CALL.python-raised-leaks"),
        (
            begun(
                "CALL.python",
                ["CALL.python.raised"],
                harm=Harm.LEAK,
                premises=Premises(leaves=True),
            ),
            "unwinding-raised-leaks",
        ),
        # What the handler of an exception finds, wherever that comes from.
        *(
            (begun(kind, [f"{kind}.raised"], harm=harm, oracle=oracle), f"unwinding-raised{name}")
            for kind in ("LOAD_GLOBAL", "CALL.python", "RERAISE", "BINARY_OP.add-ints")
            for oracle in ("result", "exception")
            for harm, name in (
                (Harm.VALUE, ""),
                (Harm.ABSENCE, "-absent"),
                (Harm.RELEASE, "-memory"),
            )
        ),
        # Who is called, where nothing was known of it; C functions that are called in one way.
        (
            begun("CALL.unseen", version="generic", premises=Premises(operand="class")),
            "CALL.class",
        ),
        (begun("CALL.python", premises=Premises(operand="c")), "CALL.python"),
        (begun("CALL.c-noargs"), "CALL.c-plain"),
        (begun("CALL.c-one"), "CALL.c-plain"),
        (begun("CALL.c-fast"), "CALL.c-fast"),
        # Numbers that get an object as they are moved.
        (begun("RETURN_VALUE", premises=Premises(operand="boxed")), "RETURN_VALUE.boxed"),
        (
            begun("BINARY_SUBSCR.list", harm=Harm.OUTSIDE, premises=Premises(unusual="bound")),
            "BINARY_SUBSCR-helper-bound",
        ),
    ],
)
def test_what_a_step_went_by_names_the_bucket(seen, name):
    assert bucket(seen) == name


@pytest.mark.parametrize("harm", [None, Harm.DEATH, Harm.OUTSIDE, Harm.VALUE, Harm.ABSENCE])
@pytest.mark.parametrize("oracle", ["crash", "result"])
def test_what_comes_of_a_missed_guard_is_chance(harm, oracle):
    seen = begun("LOAD_ATTR.slot", oracle=oracle, harm=harm, premises=GUARD)
    assert bucket(seen) == "LOAD_ATTR-guard-type"


def test_the_instruction_of_a_step_is_found_in_its_program():
    source = "def f(a):\n    a += 1\n    return g(a, b=a)\n"
    code = compile(source, "", "exec").co_consts[0]
    places = {each.opname: each for each in dis.get_instructions(code)}

    def found(kind, first, function="f"):
        return instruction_of(source, Step(function, places[first].offset, "generic", kind))

    assert found("BINARY_OP.add", "BINARY_OP").argrepr == "+="
    assert found("KW_NAMES CALL.python", "KW_NAMES") == places["CALL"]
    assert found("CALL.python", "PRECALL") == places["CALL"]
    assert found("BINARY_OP.add", "BINARY_OP", function="g") is None
    assert found("BINARY_OP.add", "PRECALL") is None


def test_without_an_instruction_the_symptom_names_the_bucket():
    seen = msgspec.structs.replace(begun("SEND"), blame=Blame(functions=("f",)))
    assert bucket(seen) == "result-int-value"


@pytest.mark.parametrize(
    ("source", "functions", "operators"),
    [
        ("def f(a):\n    a += 1\n", (), {"BINARY_OP": {"add": {13}}}),
        (
            "def f(a):\n    a += 1\n    return a + 1 >= 2\n",
            ("f",),
            {"BINARY_OP": {"add": {0, 13}}, "COMPARE_OP": {"ge": {5}}},
        ),
        ("def f(a):\n    return a + 1\n", ("g",), {}),
        ("def f(:\n", ("f",), {}),
        ("f(" * 5000 + ")" * 5000, ("f",), {}),
        ("-" * 100_000 + "1", ("f",), {}),
    ],
)
def test_operators_come_with_the_arguments_that_mean_them(source, functions, operators):
    assert operators_in(source, functions) == operators


def test_warnings_of_a_silly_program_are_not_shown(recwarn):
    assert operators_in("def f():\n    return 1() is 2\n", ("f",)) == {}
    assert list(recwarn) == []
