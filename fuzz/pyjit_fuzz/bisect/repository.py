"""Git as a bisection needs it: revisions, and ``git bisect`` in a work tree of its own.

Contract: what belongs to the user's checkout is left as it is. Git keeps the
state of a bisection with its work tree, so one that the user is at goes on
undisturbed; the scratch work tree is removed, and what a killed run left of it
is removed by the next.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pyjit_fuzz.execute import SetupError
from pyjit_qemu.tools import ToolError, run

_FOUND = re.compile(r"^([0-9a-f]{40,}) is the first (?:bad|'bad') commit$", re.MULTILINE)
_ONLY_SKIPPED = "There are only 'skip'ped commits left to test."
_HASH = re.compile(r"^[0-9a-f]{40,}$", re.MULTILINE)


class BisectError(SetupError):
    """There is nothing to bisect here; the text says why and what to do."""


class Commit(msgspec.Struct, frozen=True):
    """A commit as people speak of it."""

    hash: str
    subject: str
    date: str
    """ISO 8601, of the commit."""

    @property
    def short(self) -> str:
        """First digits of the hash."""
        return self.hash[:12]


class Repository:
    """A git checkout."""

    def __init__(self, folder: Path) -> None:
        """Find the checkout that a folder is in; raises ``BisectError``."""
        try:
            top = run("git", "-C", str(folder), "rev-parse", "--show-toplevel", what="Asking git")
        except ToolError as error:
            raise BisectError(
                f"{folder} is not in a git checkout: {_said(error)}. Run this in a clone of "
                "pyjit, or name one with --repository."
            ) from error
        self.root = Path(top.strip())

    def commit(self, revision: str) -> Commit:
        """Return the commit of a revision (a hash, tag, branch); raises ``BisectError``."""
        try:
            # --end-of-options: a revision that begins with a dash is no option of git's.
            full = self._git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
            shown = self._git("show", "--no-patch", "--format=%H%n%cI%n%s", full.split()[-1])
        except ToolError as error:
            raise BisectError(
                f"{revision!r} is no commit of {self.root}: {_said(error)}. If it is one of "
                "another clone, fetch it first."
            ) from error
        name, date, subject = shown.splitlines()[:3]
        return Commit(name, subject, date)

    def check_order(self, good: Commit, bad: Commit, part: str) -> None:
        """Refuse pairs between which there is nothing to look for; raises ``BisectError``."""
        if good.hash == bad.hash:
            raise BisectError(f"--good and --bad are the same commit, {good.short}.")
        try:
            self._git("merge-base", "--is-ancestor", good.hash, bad.hash)
        except ToolError as error:
            raise BisectError(
                f"The good commit {good.short} is not an ancestor of the bad one, {bad.short}. "
                "Are they the wrong way round? Otherwise take the merge base of the two as "
                f"--good: git merge-base {good.short} {bad.short}"
            ) from error
        if not self._git("rev-list", "-1", f"{good.hash}..{bad.hash}", "--", part).strip():
            raise BisectError(
                f"No commit between {good.short} and {bad.short} changes {part}/: the build is "
                "the same."
            )

    @contextlib.contextmanager
    def bisecting(self, tree: Path, good: Commit, bad: Commit, part: str) -> Iterator[BisectTree]:
        """Bisect commits that change ``part``, in a work tree at ``tree`` while it lasts."""
        self._remove(tree)
        tree.parent.mkdir(parents=True, exist_ok=True)
        self._git("worktree", "add", "--quiet", "--detach", str(tree), bad.hash)
        try:
            yield BisectTree(self, tree, good, bad, part)
        finally:
            self._remove(tree)

    def _remove(self, tree: Path) -> None:
        with contextlib.suppress(ToolError):  # it is not there
            self._git("worktree", "remove", "--force", str(tree))
        self._git("worktree", "prune")

    def _git(self, *arguments: str) -> str:
        return git(self.root, *arguments)


class BisectTree:
    """The work tree of one bisection; what is checked out in it is what to test next."""

    def __init__(
        self, repository: Repository, tree: Path, good: Commit, bad: Commit, part: str
    ) -> None:
        self.tree = tree
        self._repository = repository
        self._ends = good, bad
        self._part = part

    def check_out(self, commit: Commit) -> None:
        """Check out a commit, while the search has not begun."""
        git(self.tree, "checkout", "--quiet", "--detach", commit.hash)

    def start(self) -> list[Commit]:
        """Begin the search; return what is left to be said, as ``tell`` does."""
        good, bad = self._ends
        return self._answer("start", bad.hash, good.hash, "--", self._part)

    def next(self) -> Commit:
        """Return the commit that is checked out."""
        return self._repository.commit(git(self.tree, "rev-parse", "HEAD").strip())

    def tell(self, answer: str) -> list[Commit]:
        """Say ``good``, ``bad`` or ``skip`` of what is checked out.

        Returns nothing as long as there is more to test, then the first bad
        commit, or all that could be it and cannot be tested.
        """
        return self._answer(answer)

    def _answer(self, *arguments: str) -> list[Commit]:
        try:
            said = git(self.tree, "bisect", *arguments)
        except ToolError as error:
            said = error.output
            if _ONLY_SKIPPED not in said:
                raise
            names = _HASH.findall(said)
        else:
            names = _FOUND.findall(said)
        return [self._repository.commit(name) for name in names]


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it said; raises ``ToolError``."""
    return run("git", "-C", str(folder), *arguments, what=f"git {arguments[0]}")


def _said(error: ToolError) -> str:
    lines = [line.strip() for line in error.output.splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ") if lines else "git failed"
