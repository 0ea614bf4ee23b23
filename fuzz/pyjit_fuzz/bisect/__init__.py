"""Bisection over builds: the commit of the core with which a finding began to show.

``git bisect`` does the search, in a work tree of its own (``repository``); a
commit is judged by building its core and replaying the finding
(``judge``); ``search`` puts the two together. A checkout's own work tree,
index and bisections are not touched.
"""

from pyjit_fuzz.bisect.judge import Answer, Judge, Policy, Trial
from pyjit_fuzz.bisect.repository import BisectError, Commit, Repository
from pyjit_fuzz.bisect.search import CORE, Bisection, Step, bisect

__all__ = [
    "CORE",
    "Answer",
    "BisectError",
    "Bisection",
    "Commit",
    "Judge",
    "Policy",
    "Repository",
    "Step",
    "Trial",
    "bisect",
]
