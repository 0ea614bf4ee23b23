"""The search: both ends first, then whatever git wants to know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from pyjit_fuzz.bisect.judge import Answer, Judge, Trial
from pyjit_fuzz.bisect.repository import BisectError, BisectTree, Commit, Repository

CORE = "core"
"""The folder of a checkout that builds are made of; other commits are not tested."""


class Step(msgspec.Struct, frozen=True):
    """One commit that was tested."""

    commit: Commit
    trial: Trial


class Bisection(msgspec.Struct, frozen=True):
    """What a bisection came to."""

    good: Commit
    bad: Commit
    steps: tuple[Step, ...]
    candidates: tuple[Commit, ...]
    """The first bad commit; several where those between cannot be tested."""

    @property
    def first_bad(self) -> Commit | None:
        """The commit with which the finding began to show, if it is known."""
        return self.candidates[0] if len(self.candidates) == 1 else None


def bisect(
    repository: Repository,
    tree: Path,
    judge: Judge,
    *,
    good: str,
    bad: str,
    on_step: Callable[[Step], None],
) -> Bisection:
    """Find the first commit with which the finding shows; ``tree`` is a scratch folder.

    Raises:
        BisectError: unknown revisions, a good commit that shows it, a bad one that does not.
        SetupError: git, or what a build needs, is missing.
    """
    ends = repository.commit(good), repository.commit(bad)
    repository.check_order(*ends, CORE)
    steps: list[Step] = []

    def look(commit: Commit) -> Trial:
        steps.append(Step(commit, judge.judge(tree / CORE)))
        on_step(steps[-1])
        return steps[-1].trial

    with repository.bisecting(tree, *ends, CORE) as bisecting:
        _check_ends(bisecting, *ends, look)
        left = bisecting.start()
        while not left:
            left = bisecting.tell(look(bisecting.next()).answer.value)
    return Bisection(*ends, steps=tuple(steps), candidates=tuple(left))


def _check_ends(
    bisecting: BisectTree, good: Commit, bad: Commit, look: Callable[[Commit], Trial]
) -> None:
    """See that the finding shows where it should, and only there."""
    for commit, wanted in ((bad, Answer.BAD), (good, Answer.GOOD)):
        bisecting.check_out(commit)
        trial = look(commit)
        if trial.answer is Answer.SKIP:
            raise BisectError(
                f"The {wanted.value} commit {commit.short} cannot be tested: {trial.reason}"
            )
        if trial.answer is not wanted:
            raise BisectError(_WRONG_END[wanted].format(commit=commit, trial=trial))


_WRONG_END = {
    Answer.BAD: (
        "The finding does not show with the bad commit {commit.short} ({commit.subject}), in "
        "{trial.runs} runs. Does it show with the core as it is (pyjit-fuzz replay)? For one "
        "that shows now and then, raise --repeats."
    ),
    Answer.GOOD: (
        "The finding shows with the good commit {commit.short} ({commit.subject}) already, in "
        "{trial.shown} of {trial.runs} runs. Choose an older one as --good."
    ),
}
