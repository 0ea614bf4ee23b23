"""Buckets are stable names by mechanism; new mechanisms are never dropped."""

from pathlib import Path

import msgspec
import pytest

from pyjit_fuzz.model import (
    Blame,
    Finding,
    FindingState,
    Observation,
    Outcome,
    Profile,
    Program,
    Status,
    Verdict,
)
from pyjit_fuzz.triage import (
    IssueState,
    KnownIssue,
    KnownIssueError,
    Severity,
    bucket,
    is_counted_for,
    load_known,
    match_known,
    mechanism,
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


ADDS = "def f(a, b):\n    return a + b\ndef g(a):\n    return a << 2\nRESULT = f(1, g(2))\n"


def blamed(source, oracle="result", **fields):
    program = Program(source)
    return msgspec.structs.replace(
        finding(verdict(oracle, f"{oracle}:int:value")), program=program, blame=Blame(**fields)
    )


@pytest.mark.parametrize(
    ("source", "fields", "name"),
    [
        (ADDS, {"functions": ("f",), "opcodes": ("BINARY_OP",)}, "wrong-BINARY_OP.add"),
        (ADDS, {"functions": ("g",), "opcodes": ("BINARY_OP",)}, "wrong-BINARY_OP.lshift"),
        (ADDS, {"functions": ("f", "g"), "opcodes": ("BINARY_OP",)}, "wrong-BINARY_OP.add.lshift"),
        ("def f(a):\n    a += 1\n", {"opcodes": ("BINARY_OP",)}, "wrong-BINARY_OP.add"),
        ("def f(a):\n    return a >= 1\n", {"opcodes": ("COMPARE_OP",)}, "wrong-COMPARE_OP.ge"),
        ("def f(a):\n    return a.b\n", {"opcodes": ("LOAD_ATTR",)}, "wrong-LOAD_ATTR"),
        (  # too many operators say nothing
            "def f(a):\n    return a + 1 - a * 2\n",
            {"opcodes": ("BINARY_OP",)},
            "wrong-BINARY_OP",
        ),
        (
            "def f(a):\n    return a.b + 1\n",
            {"opcodes": ("LOAD_ATTR", "BINARY_OP")},
            "wrong-BINARY_OP.add",
        ),
        (  # blame has tried them one by one
            "def f(a):\n    return a + 1 - a * 2\n",
            {"opcodes": ("BINARY_OP",), "operators": ("BINARY_OP.mul",)},
            "wrong-BINARY_OP.mul",
        ),
        (  # what the code was made for says more
            ADDS,
            {
                "functions": ("f",),
                "opcodes": ("BINARY_OP",),
                "operators": ("BINARY_OP.add",),
                "kinds": ("BINARY_OP.add-ints",),
            },
            "wrong-BINARY_OP.add-ints",
        ),
        (
            "def f(a):\n    return a.b + a.c()\n",
            {
                "opcodes": ("LOAD_ATTR", "LOAD_METHOD"),
                "kinds": ("LOAD_ATTR.slot", "LOAD_ATTR.value", "LOAD_METHOD.method"),
            },
            "wrong-LOAD_ATTR.slot.value",
        ),
        (  # but not if it is too much
            "def f(a):\n    return a.b\n",
            {"opcodes": ("LOAD_ATTR",), "kinds": tuple(f"LOAD_ATTR.{kind}" for kind in "abc")},
            "wrong-LOAD_ATTR",
        ),
        (  # what the interpreter can do is not guilty
            "def f(a):\n    return a + 1 - a * 2\n",
            {
                "functions": ("f",),
                "instructions": ("BINARY_OP.sub", "LOAD_GLOBAL"),
                "opcodes": ("BINARY_OP",),
            },
            "wrong-BINARY_OP.sub",
        ),
        (
            "def f(a):\n    for b in a:\n        c = a[b] % 2\n",
            {"functions": ("f",), "instructions": ("BINARY_OP.mod", "LOAD_GLOBAL")},
            "wrong-BINARY_OP.mod",
        ),
        (  # what could not be left to the interpreter comes before what never can
            "def f(a):\n    for b in a:\n        c = a % 2\n",
            {"functions": ("f",), "instructions": ("BINARY_OP.mod", "BEFORE_WITH")},
            "wrong-BINARY_OP.mod",
        ),
        (  # several operators that are wrong alike
            ADDS,
            {
                "functions": ("f",),
                "opcodes": ("BINARY_OP",),
                "operators": ("BINARY_OP.add",),
                "alike": ("sub",),
                "kinds": ("BINARY_OP.add-ints",),
            },
            "wrong-operators.add.sub-ints",
        ),
        (
            ADDS,
            {
                "functions": ("f",),
                "instructions": ("BINARY_OP.add", "LOAD_FAST"),
                "alike": ("sub", "mul", "lt"),
            },
            "wrong-operators",
        ),
        # Without a fast path: the rarest opcode of what has to be compiled.
        (
            (
                "def f(a):\n    match a:\n        case {'k': b}:\n            return b + 1\n"
                "def g(a):\n    del a[0]\n"
            ),
            {"functions": ("f",)},
            "wrong-MATCH_KEYS",
        ),
        ("def f(a):\n    yield a\n", {"functions": ("f",)}, "wrong-YIELD_VALUE"),
        (
            "class A:\n    def f(a):\n        del a.b\n",
            {"functions": ("A.f",)},
            "wrong-DELETE_ATTR",
        ),
        # Nothing that could be named.
        (ADDS, {}, "result-int-value"),
        ("def f(a):\n    return a\n", {"functions": ("f",)}, "result-int-value"),
        ("def f(:\n", {"functions": ("f",)}, "result-int-value"),
        ("f(" * 5000 + ")" * 5000, {"functions": ("f",)}, "result-int-value"),
        ("-" * 100_000 + "1", {"functions": ("f",)}, "result-int-value"),
    ],
)
def test_the_guilty_instruction_names_the_bucket(source, fields, name):
    assert bucket(blamed(source, **fields)) == name


@pytest.mark.parametrize(
    ("oracle", "harm"),
    [
        ("result", "wrong"),
        ("order", "wrong"),
        ("exception", "wrong"),
        ("crash", "crash"),
        ("lifetime", "leak"),
        ("timeout", "slow"),
        ("slow", "slow"),
    ],
)
def test_symptoms_of_one_harm_are_one_bucket_and_harms_are_told_apart(oracle, harm):
    seen = blamed(ADDS, oracle, functions=("f",), opcodes=("BINARY_OP",))
    assert bucket(seen) == f"{harm}-BINARY_OP.add"
    hinted = msgspec.structs.replace(seen, hint="inline-caches")
    assert bucket(hinted) == bucket(seen)


@pytest.mark.parametrize("fields", [{"hint": "polymorphic-caches"}, {"parts": ("inline-caches",)}])
def test_where_caches_are_to_blame_it_is_an_opcode_that_has_some(fields):
    left = {"functions": ("f",), "instructions": ("BINARY_SUBSCR", "LOAD_GLOBAL", "LOAD_ATTR")}
    hint = fields.pop("hint", "")
    seen = blamed("pass\n", **left, **fields)
    assert bucket(msgspec.structs.replace(seen, hint=hint)) == "wrong-LOAD_ATTR"
    assert bucket(blamed("pass\n", **left)) == "wrong-BINARY_SUBSCR"


def test_warnings_of_a_silly_program_are_not_shown(recwarn):
    seen = blamed("def f():\n    return 1() is 2\n", functions=("f",))
    assert bucket(seen) == "wrong-IS_OP"
    assert list(recwarn) == []
