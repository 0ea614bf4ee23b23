"""Whole campaigns, with real jobs and interpreters and JITs that are wrong on purpose."""

import sys
import types

import msgspec
import pytest
from campaigns import ADDS, PLAIN, settings

from pyjit_fuzz.campaign import (
    CampaignError,
    Notice,
    Ran,
    Store,
    Stored,
    crew,
    read_campaign,
    run_campaign,
)
from pyjit_fuzz.campaign.store import rewrite_finding
from pyjit_fuzz.model import FindingState, Program
from pyjit_fuzz.triage import IssueState, KnownIssue

CORPUS = [ADDS, PLAIN]


@pytest.fixture
def run(tmp_path):
    events = []

    def run(asked, corpus=CORPUS):
        events.clear()
        return run_campaign(
            tmp_path, asked, corpus, on_event=lambda _, message: events.append(message)
        )

    run.events = events
    run.store = Store(tmp_path)
    run.folder = tmp_path
    return run


def test_a_jit_that_is_right_has_no_divergence(run):
    summary, samples = run(settings("right", programs=10, mutants=0))
    (arch,) = summary.archs
    assert samples == []
    assert summary.divergences == 0
    assert (arch.programs, arch.valid, arch.compiled) == (12, 12, 12)
    assert [profile.passed for profile in arch.profiles] == [0, 12]
    assert arch.profiles[1].build_id == "wrong"


def test_a_wrong_result_is_found_confirmed_and_reduced(run):
    summary, samples = run(settings("wrong_add"))
    ((finding,), (bucket,)) = [each.finding for each in samples], summary.buckets
    assert finding.state is FindingState.REDUCED
    assert (finding.reproduced, finding.reruns) == (3, 3)
    assert finding.original == ADDS
    assert len(finding.program.source.splitlines()) <= 3
    assert bucket.name == "result-int-value"
    assert bucket.seen == {"x86_64": 1}
    assert summary.archs[0].different == 1
    assert summary.started <= bucket.first_seen <= bucket.last_seen <= summary.updated
    assert sum(minute.programs for minute in summary.history) == summary.archs[0].programs
    # It is safe on disk, in its early states too, before anybody heard of it.
    states = [message.state for message in run.events if isinstance(message, Stored)]
    assert states == ["new", "confirmed", "reduced"]


def test_a_crash_is_found_with_its_place(run):
    summary, samples = run(settings("crash"))
    assert [bucket.severity for bucket in summary.buckets] == ["critical"]
    finding = samples[0].finding
    assert finding.verdict.oracle == "crash"
    assert finding.observations[1].crash.signal_name == "SIGSEGV"
    assert summary.buckets[0].seen == {"x86_64": 1}


def test_what_does_not_show_every_time_is_a_class_of_its_own(run):
    _, samples = run(settings("sometimes"))
    (finding,) = [each.finding for each in samples]
    assert finding.state in (FindingState.FLAKY, FindingState.NOT_REPRODUCED)
    assert finding.bucket.startswith("flaky-")


def test_what_shows_behind_other_programs_only_is_counted_and_no_finding(run):
    summary, samples = run(settings("in_company"), [PLAIN, ADDS])
    assert samples == []
    assert summary.divergences == 0
    assert summary.in_company == {"result:int:value": 1}


def test_programs_that_never_ran_compiled_code_have_not_passed(run):
    summary, samples = run(settings("right", environment={"NEVER_COMPILES": "1"}))
    assert samples == []
    assert summary.archs[0].compiled == 0
    assert summary.archs[0].profiles[1].passed == 0


def test_a_fixed_issue_that_shows_again_is_a_regression(run):
    known = (
        KnownIssue(name="fine", signature="result:str*", reason="a test", state=IssueState.FIXED),
        KnownIssue(name="adds", signature="result:int*", reason="a test", state=IssueState.FIXED),
    )
    summary, samples = run(settings("wrong_add", known=known))
    assert len(samples) == 1
    assert summary.buckets[0].regression == "adds"
    assert [(issue.name, issue.state, issue.programs) for issue in summary.issues] == [
        ("fine", "fixed", 0),
        ("adds", "regression", 1),
    ]


def test_known_issues_are_counted_and_not_reported(run):
    known = KnownIssue(name="adds", signature="result:int:*", reason="a test")
    summary, samples = run(settings("wrong_add", known=(known,)))
    assert samples == []
    assert summary.known == {"result:int:value": 1}
    assert [(issue.state, issue.programs) for issue in summary.issues] == [("expected", 1)]
    assert summary.divergences == 0


def test_a_sixth_sample_of_a_mechanism_is_counted_and_not_kept(run):
    corpus = [
        Program(ADDS.source.replace("range(3)", f"range({number})"), origin="corpus:x")
        for number in range(3, 10)
    ]
    summary, samples = run(settings("wrong_add"), corpus)
    assert len(samples) == 5
    assert summary.buckets[0].seen == {"x86_64": 7}


def test_a_bucket_was_seen_as_often_as_all_that_its_samples_show(run):
    text = Program(ADDS.source.replace("return total", "return 'x' * total"), origin="corpus:text")
    summary, samples = run(settings("wrong_add"), [ADDS, text])
    assert [bucket.seen for bucket in summary.buckets] == [{"x86_64": 1}] * 2
    for sample in samples:  # as blame does, which finds that it is one fault
        rewrite_finding(sample.folder, msgspec.structs.replace(sample.finding, bucket="fault"))
    (bucket,) = read_campaign(run.folder)[0].buckets
    assert (bucket.samples, bucket.seen) == (2, {"x86_64": 2})


def test_a_second_sitting_goes_on_where_the_first_stopped(run):
    run(settings("right", programs=3))
    run(settings("right", programs=5))
    keys = [message.program_id for message in run.events if isinstance(message, Ran)]
    assert len(keys) == 2
    assert read_campaign(run.folder)[0].archs[0].programs == 7
    run(settings("right", programs=5))
    assert run.events == []


def test_a_finding_left_unfinished_is_finished_by_the_next_sitting(run):
    _, samples = run(settings("wrong_add"))
    (sample,) = samples
    from pyjit_fuzz.campaign.lane import Lane
    from pyjit_fuzz.campaign.loop import new_finding
    from pyjit_fuzz.execute import Limits

    with Lane(settings("wrong_add").profiles, Limits()) as lane:
        observations = lane.observe(ADDS)
        verdict = lane.judge(ADDS, observations)[0]
        raw = new_finding(ADDS, verdict, observations, lane)
    run.store.add(raw)
    assert raw.id == sample.finding.id
    _, samples = run(settings("wrong_add"))
    assert [each.finding.state for each in samples] == [FindingState.REDUCED]


ADDING = [
    Program(ADDS.source.replace("range(3)", f"range({number})"), origin="corpus:adds")
    for number in (3, 4, 5)
]


def test_enough_findings_end_it_in_the_middle_of_a_batch(run):
    summary, samples = run(settings("wrong_add", stop_after=1), ADDING)
    assert [each.finding.state for each in samples] == [FindingState.REDUCED]
    assert summary.archs[0].programs == 1
    summary, samples = run(settings("wrong_add"), ADDING)
    assert [each.finding.state for each in samples] == [FindingState.REDUCED] * 3
    assert summary.archs[0].programs == 3


def test_what_was_found_when_the_time_is_over_is_confirmed_and_reduced_later(run):
    summary, samples = run(settings("wrong_add", seconds=5e-3), ADDING)
    assert [each.finding.state for each in samples] == [FindingState.CONFIRMED]
    assert summary.archs[0].programs == 1
    summary, samples = run(settings("wrong_add"), ADDING)
    assert [each.finding.state for each in samples] == [FindingState.REDUCED] * 3


def test_another_seed_is_another_campaign(run):
    import msgspec

    run(settings("right"))
    with pytest.raises(CampaignError, match="was started with seed 1, not 2"):
        run(msgspec.structs.replace(settings("right"), seed=2))


def test_a_job_that_is_killed_is_replaced_and_its_program_tried_again(run, tmp_path):
    summary, _ = run(settings("kill_job", environment={"MARK": str(tmp_path / "mark")}))
    assert (tmp_path / "mark").exists()
    assert summary.archs[0].programs == 2
    assert summary.archs[0].lost == 0
    news = [message.text for message in run.events if isinstance(message, Notice)]
    assert any("a job ended with status -9" in text and "tried again" in text for text in news)


def test_a_program_that_kills_its_job_every_time_is_noted_as_lost(run, tmp_path):
    mark = tmp_path / "no" / "folder" / "mark"  # touching it fails, so the job dies each time
    summary, _ = run(settings("kill_job", environment={"MARK": str(mark)}))
    assert summary.archs[0].programs == 1
    assert summary.archs[0].lost == 1


def test_two_jobs_run_every_program_once(run):
    summary, _ = run(settings("right", programs=20, jobs=2))
    keys = [message.program_id for message in run.events if isinstance(message, Ran)]
    assert len(keys) == summary.archs[0].programs == 22


def test_an_interpreter_that_cannot_be_started_any_more_ends_it(run):
    with pytest.raises(CampaignError, match="cannot be started any more"):
        run(settings("give_up", programs=20, batch=1))
    assert read_campaign(run.folder)[0].archs[0].programs == 3


def test_one_supervisor_a_folder(run):
    from pyjit_fuzz.campaign import Supervisor

    supervisor = Supervisor(run.folder, settings("right"), [], lambda _, __: None)
    try:
        with pytest.raises(CampaignError, match="another pyjit-fuzz is running"):
            run(settings("right"))
    finally:
        supervisor.close()


@pytest.fixture
def sickly(tmp_path, monkeypatch):
    """Let the first jobs die before they begin; returns a function that says how many."""

    def sickly(number):
        left = tmp_path / "left"
        left.write_text("x" * number)
        script = tmp_path / "python"
        script.write_text(
            f'#!/bin/sh\n[ -s {left} ] || exec {sys.executable} "$@"\n'
            f"truncate -s -1 {left}; exit 3\n"
        )
        script.chmod(0o755)
        monkeypatch.setattr(crew.sys, "executable", str(script))

    return sickly


def test_jobs_that_die_before_they_begin_cost_no_program(run, sickly, monkeypatch):
    monkeypatch.setattr(crew, "sys", types.SimpleNamespace(executable=sys.executable))
    sickly(3)
    summary, samples = run(settings("right"))
    assert (summary.archs[0].programs, summary.archs[0].lost, samples) == (2, 0, [])


def test_when_no_job_can_begin_it_says_so_and_loses_nothing(run, sickly, monkeypatch):
    monkeypatch.setattr(crew, "sys", types.SimpleNamespace(executable=sys.executable))
    sickly(99)
    with pytest.raises(CampaignError, match="5 jobs in a row ended with status 3 before"):
        run(settings("right"))
    monkeypatch.undo()
    assert read_campaign(run.folder)[0].archs[0].lost == 0


def test_a_finding_of_a_space_stays_at_its_point(run):
    asked = settings("at_a_point", mutants=0)
    space = {"SPOT": ("right", "wrong")}
    for seed in range(20):  # at one of them this program is run at the wrong spot
        tested = msgspec.structs.replace(asked.profiles[1], space=space, space_seed=seed)
        if tested.point(ADDS)["SPOT"] == "wrong":
            break
    asked = msgspec.structs.replace(asked, profiles=(asked.profiles[0], tested))
    _, [sample] = run(asked, [ADDS])
    finding = sample.finding
    assert finding.state is FindingState.REDUCED
    assert (finding.reproduced, finding.reruns) == (3, 3)
    assert len(finding.program.source.splitlines()) <= 3
    assert finding.tested.environment["SPOT"] == "wrong"
    assert finding.tested.space == {}
