"""Bisection over builds: the first bad commit, what cannot be tested, and what is refused."""

import json
import os
import subprocess
import sys

import msgspec
import pytest
from small_history import BROKEN, DEFECT, ELSEWHERE, RIGHT, SOMETIMES, WRONG

from pyjit_fuzz.bisect import Answer, BisectError, Judge, Policy, Repository, bisect
from pyjit_fuzz.campaign import Lane, Store
from pyjit_fuzz.campaign.loop import new_finding
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import FindingState, Profile, Program
from pyjit_fuzz.triage import pick_primary
from pyjit_qemu.build import build_core

PROGRAM = Program("RESULT = [abs(number) for number in (-3, 4)]\n")


@pytest.fixture
def finding_of(history, tmp_path):
    """Return a finding of the core as it lies in the checkout."""

    def finding_of():
        built = build_core("x86_64", core=history.folder / "core", builds=tmp_path / "first")
        reference = Profile(name="interp", arch="x86_64")
        tested = Profile(name="jit", arch="x86_64", jit="pyjit_core", python_path=(str(built),))
        with Lane((reference, tested), Limits()) as lane:
            observations = lane.observe(PROGRAM)
            (verdict,) = pick_primary(lane.judge(PROGRAM, observations))
            return new_finding(PROGRAM, verdict, observations, lane)

    return finding_of


@pytest.fixture
def search(history, tmp_path):
    """Bisect between two commits, by number; returns the result and the answers by number."""

    def search(finding, good, bad, *, repeats=1, policy=Policy.ANY):
        judge = Judge(
            finding, limits=Limits(), repeats=repeats, policy=policy, builds=tmp_path / "builds"
        )
        steps = []
        found = bisect(
            Repository(history.folder / "core"),
            tmp_path / "tree",
            judge,
            good=history.hashes[good],
            bad=history.hashes[bad],
            on_step=steps.append,
        )
        assert tuple(steps) == found.steps
        return found, {history.hashes.index(s.commit.hash): s.trial for s in steps}

    return search


def test_the_first_bad_commit_is_found_in_few_steps(history, finding_of, search):
    history.commit(*[RIGHT] * 5, ELSEWHERE, WRONG, ELSEWHERE, *[WRONG] * 5)
    found, trials = search(finding_of(), 0, 12)
    assert found.first_bad.hash == history.hashes[6]
    assert found.first_bad.subject == "Change 6"
    assert len(trials) <= 6
    assert not {5, 7} & set(trials), "what changes nothing of the core need not be built"


def test_what_does_not_build_or_load_is_passed_over(history, finding_of, search):
    history.commit(RIGHT, RIGHT, BROKEN, DEFECT, RIGHT, WRONG, BROKEN, WRONG)
    found, trials = search(finding_of(), 0, 7)
    assert found.first_bad.hash == history.hashes[5]
    skipped = {number for number, trial in trials.items() if trial.answer is Answer.SKIP}
    assert skipped <= {2, 3, 6}
    assert all(trials[number].reason for number in skipped)


def test_commits_that_cannot_be_tested_hide_the_first_bad_one(history, finding_of, search):
    history.commit(RIGHT, BROKEN, DEFECT, WRONG)
    found, trials = search(finding_of(), 0, 3)
    assert found.first_bad is None
    assert {each.hash for each in found.candidates} == set(history.hashes[1:])
    assert "no such luck" in trials[1].reason
    assert "no_such_name" in trials[2].reason


def test_several_runs_find_what_shows_now_and_then(history, finding_of, search):
    history.commit(RIGHT, RIGHT, SOMETIMES, SOMETIMES, WRONG)
    finding = finding_of()
    found, trials = search(finding, 0, 4, repeats=20)
    assert found.first_bad.hash == history.hashes[2]
    assert trials[0].runs == 20
    assert (trials[4].shown, trials[4].runs) == (1, 1)
    found, trials = search(finding, 0, 4, repeats=5, policy=Policy.MAJORITY)
    assert (trials[4].shown, trials[4].runs) == (3, 3)
    assert (trials[0].shown, trials[0].runs) == (0, 3)


def test_the_checkout_and_its_own_bisection_are_left_alone(history, finding_of, search):
    history.commit(RIGHT, RIGHT, WRONG, WRONG)
    finding = finding_of()
    history.git("bisect", "start", history.hashes[3], history.hashes[0])
    (history.folder / "core" / "work.txt").write_text("under way")

    def state():
        return [
            history.git(*command)
            for command in (
                ("rev-parse", "HEAD"), ("status", "--short"), ("bisect", "log"),
                ("worktree", "list"), ("for-each-ref",),
            )
        ]  # fmt: skip

    before = state()
    found, _ = search(finding, 0, 3)
    assert found.first_bad.hash == history.hashes[2]
    assert state() == before


def test_what_a_killed_search_left_is_no_obstacle(history, finding_of, search, tmp_path):
    history.commit(RIGHT, WRONG)
    finding = finding_of()
    history.git("worktree", "add", "--detach", str(tmp_path / "tree"), history.hashes[0])
    assert search(finding, 0, 1)[0].first_bad.hash == history.hashes[1]
    assert not (tmp_path / "tree").exists()


def test_ends_that_are_wrong_are_told_apart(history, finding_of, search):
    history.commit(RIGHT, RIGHT, WRONG, WRONG, BROKEN, ELSEWHERE)
    history.git("checkout", "--quiet", history.hashes[3])
    finding = finding_of()
    for good, bad, words in (
        (2, 3, "shows with the good commit"),
        (0, 1, "does not show with the bad commit"),
        (3, 1, "wrong way round"),
        (3, 3, "same commit"),
        (0, 4, "cannot be tested"),
        (4, 5, "the build is the same"),
    ):
        with pytest.raises(BisectError, match=words):
            search(finding, good, bad)


def command(finding, *arguments, cwd):
    return run_command(Store(cwd).add(finding), *arguments, cwd=cwd)


def run_command(folder, *arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "pyjit_fuzz.cli.main", "bisect", str(folder), *arguments],
        cwd=cwd, env={**os.environ, "COLUMNS": "200"}, check=False, capture_output=True,
        text=True, timeout=100,
    )  # fmt: skip


def test_the_command_prints_the_commit_and_has_exit_codes(history, finding_of, tmp_path):
    history.commit(RIGHT, BROKEN, WRONG, WRONG)
    finding, where = finding_of(), ("--repository", str(history.folder))
    done = command(finding, "--good", history.hashes[1], *where, "--bad", "main", cwd=tmp_path)
    assert done.returncode == 2
    assert f"{history.hashes[1][:12]} cannot be tested" in done.stderr
    done = command(finding, "--good", "main~3", "--bad", "main", *where, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["first_bad"] is None
    assert [each["hash"] for each in data["candidates"]] == history.hashes[1:3]
    assert f"{history.hashes[1][:12]} skip: " in done.stderr

    history.commit(RIGHT, WRONG)
    done = command(finding, "--good", "main~1", "--bad", "main", *where, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"first bad commit: {history.hashes[5]}\n")
    assert "Change 5" in done.stdout


def test_the_commit_is_kept_with_the_finding(history, finding_of, tmp_path):
    history.commit(RIGHT, WRONG)
    finding, where = finding_of(), ("--repository", str(history.folder))
    done = command(finding, "--good", "main~1", *where, "--bad", "main", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    ((_, kept),) = Store(tmp_path).findings()
    assert kept == msgspec.structs.replace(finding, since=kept.since)
    assert (kept.since.commit, kept.since.subject) == (history.hashes[1], "Change 1")
    assert str(kept.since).startswith(f"{history.hashes[1][:12]} of 20")


def test_of_a_campaign_one_finding_of_each_bucket_is_searched(history, finding_of, tmp_path):
    history.commit(RIGHT, WRONG)
    finding = finding_of()
    variants = (
        ("flaky", "once", FindingState.NOT_REPRODUCED),
        ("more", "first", FindingState.FLAKY),
        ("more", "then", FindingState.REDUCED),
        ("gone", "right", FindingState.REDUCED),
    )
    for bucket, text, state in variants:
        source = "RESULT = 1\n" if text == "right" else f"{PROGRAM.source}# {text}\n"
        changes = {"bucket": bucket, "state": state, "program": Program(source)}
        Store(tmp_path / "campaign").add(msgspec.structs.replace(finding, **changes))
    done = run_command(
        tmp_path / "campaign", "--good", "main~1", "--bad", "main", "--json",
        "--repository", str(history.folder), cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    (answer,) = json.loads(done.stdout)
    assert (answer["bucket"], answer["first_bad"]["hash"]) == ("more", history.hashes[1])
    assert "not searched: The finding does not show with the bad commit" in done.stderr
    kept = {each.program.source: each.since for _, each in Store(tmp_path / "campaign").findings()}
    assert [source for source, since in kept.items() if since] == [f"{PROGRAM.source}# then\n"]


@pytest.mark.parametrize("part", ["findings/", "campaign.sqlite"])
def test_of_a_campaign_without_findings_nothing_is_searched(history, tmp_path, part):
    history.commit(RIGHT, WRONG)
    (tmp_path / "campaign").mkdir()
    if part.endswith("/"):
        (tmp_path / "campaign" / part).mkdir()
    else:  # the folder of findings is made with the first one
        (tmp_path / "campaign" / part).touch()
    done = run_command(
        tmp_path / "campaign", "--good", "main~1", "--bad", "main",
        "--repository", str(history.folder), cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no finding that showed again" in done.stderr


def test_the_command_refuses_what_it_cannot_search(history, finding_of, tmp_path):
    history.commit(WRONG)
    finding = finding_of()
    done = command(finding, "--good", "no-such-tag", "--repository", history.folder, cwd=tmp_path)
    assert done.returncode == 2
    assert "'no-such-tag' is no commit" in done.stderr
    done = command(finding, "--good", "main", cwd=tmp_path)
    assert done.returncode == 2
    assert "not in a git checkout" in done.stderr
    assert command(finding, cwd=tmp_path).returncode == 2
