"""The figures of a triage bench, and its journal."""

import msgspec
import pytest

from pyjit_fuzz.efficacy import Sorted, TriageSettings, quality, run_triage
from pyjit_fuzz.efficacy import triage as room
from pyjit_fuzz.efficacy.faults import Fault
from pyjit_fuzz.execute import SetupError


def found(fault, bucket="b", **fields):
    plain = Sorted(
        fault=fault,
        id=f"{fault}-{bucket}",
        bucket=bucket,
        state="reduced",
        lines_found=100,
        lines=5,
        seconds=1.0,
        reproduced=3,
        reruns=3,
        guilty=("BINARY_OP",),
    )
    return msgspec.structs.replace(plain, **fields)


def test_one_fault_in_one_bucket_is_perfect():
    figures = quality([found("a"), found("a"), found("b", "c"), found("b", "c")])
    assert (figures.precision, figures.recall) == (1.0, 1.0)
    assert (figures.faults, figures.findings) == (2, 4)


def test_two_faults_in_one_bucket_cost_precision():
    figures = quality([found("a"), found("a"), found("b")])
    assert figures.precision == pytest.approx(1 / 3)
    assert figures.recall == 1.0


def test_one_fault_in_two_buckets_costs_recall():
    figures = quality([found("a"), found("a"), found("a", "c")])
    assert figures.precision == 1.0
    assert figures.recall == pytest.approx(1 / 3)


def test_lines_and_seconds_are_those_of_what_was_reduced():
    rows = [found("a", lines=each, seconds=float(each)) for each in range(1, 12)]
    figures = quality([*rows, found("a", lines=300, state="flaky", reproduced=1, guilty=())])
    assert (figures.median_lines, figures.ninth_decile_lines) == (6, 10)
    assert figures.longest_seconds == 10.0
    assert figures.reproducing == pytest.approx(11 / 12)
    assert figures.named == pytest.approx(11 / 12)


def test_of_nothing_there_are_no_figures():
    assert quality([]) is None


FAULTS = [Fault(name, "numbers", ("result",), "") for name in ("one", "two")]
FAULTS.append(Fault("emulated", "masm-a64", ("result",), ""))


def test_what_is_in_the_journal_is_not_done_again(tmp_path, monkeypatch):
    done = []

    def campaign(_, fault, folder):
        done.append(fault)
        assert folder == tmp_path / fault
        return [found(fault)] if fault == "one" else []

    monkeypatch.setattr(room, "_campaign", campaign)
    monkeypatch.setattr(room, "prepare_profiles", lambda *_, **__: ())
    settings = TriageSettings(arch="x86_64", profiles=("jit",))
    said = []
    assert run_triage(settings, FAULTS[:1], tmp_path, said.append) == [found("one")]
    with (tmp_path / "triage.jsonl").open("ab") as stream:
        stream.write(b'{"fault": "tw')  # killed while it wrote this
    for _ in range(2):
        assert run_triage(settings, FAULTS, tmp_path, said.append) == [found("one")]
    assert done == ["one", "two"]
    with pytest.raises(SetupError, match="a bench with other options"):
        run_triage(msgspec.structs.replace(settings, seed=1), FAULTS, tmp_path, said.append)
    assert said == ["one: 1 findings; b", "two: 0 findings; no finding"]
