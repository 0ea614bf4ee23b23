import msgspec
import pytest

from pyjit_fuzz.efficacy import Attempt, Fault, Journal, html_page, score
from pyjit_fuzz.efficacy.faults import Canary
from pyjit_fuzz.efficacy.store import CONTROL, Header
from pyjit_fuzz.execute import SetupError

WRONG = Fault("wrong-add", "numbers", ("result",), "adds wrongly")
LEAK = Fault("leak", "references", ("lifetime",), "keeps a <reference>")
OTHER = Fault("other", "masm-a64", ("crash",), "encodes wrongly")


def attempt(fault, repetition=0, *, reached=0, triggered=0, seconds=10.0, **found):
    return Attempt(
        fault=fault,
        arch="x86_64",
        repetition=repetition,
        reached=reached,
        triggered=triggered,
        programs=50,
        seconds=seconds,
        wall_seconds=seconds,
        **found,
    )


def detected(fault, repetition, seconds, oracle="result"):
    return attempt(
        fault,
        repetition,
        reached=7,
        triggered=3,
        seconds=seconds,
        detected=True,
        oracle=oracle,
        origin="generated",
    )


def header(**changes):
    made = Header(0, 40.0, 120.0, 0.25, ("jit@x86_64",), ("build",), 3, (WRONG, LEAK))
    return msgspec.structs.replace(made, **changes)


def scored(*attempts):
    (arch,) = score([WRONG, LEAK], attempts, 2).archs
    return arch


def test_a_fault_counts_as_found_when_one_repetition_finds_it_and_its_misses_are_told():
    arch = scored(
        detected(WRONG.name, 0, 4.0),
        attempt(WRONG.name, 1, reached=7, triggered=3),
        detected(WRONG.name, 2, 6.0),
    )
    (wrong,) = arch.faults
    assert (wrong.attempts, wrong.reached, wrong.triggered, wrong.detected) == (3, 3, 3, 2)
    assert wrong.seconds == 5.0
    assert wrong.reason == "not seen: had an effect 3 times in 50 programs"
    assert (arch.total.faults, arch.total.detected) == (1, 1)


@pytest.mark.parametrize(
    ("reached", "triggered", "reason"),
    [
        (0, 0, "not reached: none of 50 programs came to its place"),
        (1234, 0, "not triggered: reached 1,234 times in 50 programs, never with an effect"),
        (9, 1, "not seen: had an effect 1 times in 50 programs"),
    ],
)
def test_a_miss_says_how_far_it_got(reached, triggered, reason):
    arch = scored(attempt(LEAK.name, reached=reached, triggered=triggered))
    assert arch.faults[0].reason == reason
    assert arch.median_seconds is None


def test_the_control_arm_is_counted_apart_and_its_findings_are_false_alarms():
    quiet = score([WRONG], [attempt(CONTROL), detected(WRONG.name, 0, 1.0)], 2)
    (arch,) = quiet.archs
    assert (arch.control_programs, arch.control_pairs, quiet.false_alarms) == (50, 100, 0)
    assert arch.total.faults == 1
    loud = score([WRONG], [detected(CONTROL, 0, 1.0)], 2)
    assert loud.false_alarms == 1


def test_an_oracle_that_nobody_expected_is_named():
    arch = scored(detected(LEAK.name, 0, 1.0, oracle="crash"))
    assert arch.faults[0].unexpected == ("crash",)
    assert arch.oracles == {"crash": 1}


def test_the_page_shows_every_fault_and_escapes_what_it_says():
    page = html_page(score([WRONG, LEAK], [detected(WRONG.name, 0, 1.0), attempt(LEAK.name)], 2))
    assert "wrong-add" in page
    assert "keeps a &lt;reference&gt;" in page
    assert "not reached: none of 50 programs" in page


def test_a_back_ends_fault_is_on_its_architecture_only():
    assert OTHER.is_on("aarch64")
    assert not OTHER.is_on("x86_64")
    assert WRONG.is_on("aarch64")


def test_a_journal_is_gone_on_with_and_forgives_the_line_in_which_it_was_killed(tmp_path):
    first = Journal(tmp_path, header())
    first.add(attempt(WRONG.name))
    with first.path.open("ab") as file:
        file.write(b'{"fault":"le')
    again = Journal(tmp_path, header())
    assert again.attempts == first.attempts
    assert again.has(WRONG.name, "x86_64", 0)
    assert not again.has(LEAK.name, "x86_64", 0)
    again.add(attempt(LEAK.name))
    assert len(Journal(tmp_path, header()).attempts) == 2


def test_a_journal_of_another_bench_is_refused(tmp_path):
    Journal(tmp_path, header())
    with pytest.raises(SetupError, match="holds a bench with other options or of another build"):
        Journal(tmp_path, header(seed=1))


def test_a_canary_starts_at_zero_and_is_read_from_the_file(tmp_path):
    canary = Canary(tmp_path / "canary")
    assert canary.read() == (0, 0)
    canary.path.write_bytes((5).to_bytes(8, "little") + (2).to_bytes(8, "little"))
    assert canary.read() == (5, 2)
    canary.reset()
    assert canary.read() == (0, 0)
