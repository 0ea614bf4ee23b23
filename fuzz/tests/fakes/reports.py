"""A small campaign as a report gets it, with text that wants to be markup."""

from pathlib import Path

import msgspec

from pyjit_fuzz.model import (
    Blame,
    Finding,
    FindingState,
    Observation,
    Outcome,
    Premises,
    Profile,
    Program,
    Since,
    Status,
    Step,
    Verdict,
)
from pyjit_fuzz.report import (
    ArchNumbers,
    BucketNumbers,
    Feedback,
    Minute,
    OpcodeEvents,
    ProfileEvents,
    ProfileNumbers,
    Sample,
    Summary,
)

REFERENCE = Observation(profile="interp@x86_64", status=Status.OK, result="int:1", output="<b>\n")
TESTED = msgspec.structs.replace(REFERENCE, profile="jit@x86_64", result="int:-1")
FINDING = Finding(
    program=Program("RESULT = '<script>alert(1)</script>'\n"),
    original=Program("x = 1\nRESULT = '<script>alert(1)</script>'\n"),
    verdict=Verdict(
        oracle="result",
        outcome=Outcome.DIFFERENT,
        reference="interp@x86_64",
        tested="jit@x86_64",
        signature="result:int:value",
        explanation="1 against -1 & <i>",
    ),
    reference=Profile(name="interp", arch="x86_64"),
    tested=Profile(name="jit", arch="x86_64"),
    observations=(REFERENCE, TESTED),
    state=FindingState.REDUCED,
    bucket="result-int-value",
    hint="inline-caches",
    since=Since("0123456789ab" + 28 * "c", "2026-01-01T08:00:00+00:00", "Change a guard"),
    blame=Blame(
        functions=("main",),
        step=Step("main", 4, "optimised", "LOAD_ATTR.slot"),
        premises=Premises(guard="type"),
        opcodes=("LOAD_ATTR",),
        parts=("inline-caches",),
        settings=("PYJIT_RECOMPILE_AFTER=2",),
        listing="0 RESUME 0\n    mov rax, 1 ; <b>",
        trials=17,
    ),
    reruns=3,
    reproduced=3,
)
SUMMARY = Summary(
    campaign="/c",
    seed=7,
    generator="typed/1",
    toolkit="0.1.0",
    started="2026-01-01",
    updated="2026-01-02",
    archs=(
        ArchNumbers(
            arch="x86_64",
            programs=1234,
            seconds=10.0,
            valid=1200,
            planned=80,
            guards=617,
            compiled=1230,
            different=3,
            profiles=(
                ProfileNumbers(key="interp@x86_64", reference=True, programs=1234),
                ProfileNumbers(
                    key="jit@x86_64",
                    reference=False,
                    programs=1234,
                    compiled=1230,
                    passed=1227,
                    different=3,
                    statuses={"ok": 1200, "exception": 34},
                ),
            ),
        ),
    ),
    buckets=(
        BucketNumbers(
            name="result-int-value",
            severity="high",
            mechanism="result:int:value",
            samples=1,
            lines=1,
            seen={"x86_64": 3},
            states={"reduced": 1},
            first_seen="2026-01-01T10:00:00+00:00",
            last_seen="2026-01-01T11:30:00+00:00",
        ),
    ),
    feedback=Feedback(
        profiles=(
            ProfileEvents(
                "jit-eager@x86_64",
                (
                    OpcodeEvents("BINARY_OP", 41, ("add-ints.exit", "power-floats.raised")),
                    OpcodeEvents("RETURN_VALUE", 3),
                ),
            ),
        ),
        kept=87,
        bred=1500,
        useful=12,
        last_new="2026-01-01T11:20:30+00:00",
    ),
    history=(
        Minute(at=1_767_261_600, arch="x86_64", programs=600, different=0),
        Minute(at=1_767_261_660, arch="x86_64", programs=634, different=3),
    ),
)
SAMPLES = [Sample(Path("/c/findings/result-int-value/a b"), FINDING)]
