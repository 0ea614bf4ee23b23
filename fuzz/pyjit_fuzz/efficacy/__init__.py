"""The efficacy bench: how many seeded faults of the JIT the toolkit finds, and how soon.

A test-only build of the core miscompiles on demand, one fault at a time. Each fault has a canary of
two counters: its place was *reached*, and it was *triggered*, which means that it changed what is
computed. The bench runs the programs of a campaign against each fault for a bounded processor time
and writes down what the canary says, and when which oracle *detected* it. Beside that runs the
control arm, the same build with no fault chosen, in which nothing may be found. ``triage`` lets
whole campaigns find faults, and measures what reduction, blame and buckets make of them.
"""

from pyjit_fuzz.efficacy.bench import Bench, BenchSettings
from pyjit_fuzz.efficacy.faults import Fault, fault_table
from pyjit_fuzz.efficacy.page import html_page
from pyjit_fuzz.efficacy.score import Score, score
from pyjit_fuzz.efficacy.store import Attempt, Journal
from pyjit_fuzz.efficacy.triage import Quality, Sorted, TriageSettings, quality, run_triage

__all__ = [
    "Attempt",
    "Bench",
    "BenchSettings",
    "Fault",
    "Journal",
    "Quality",
    "Score",
    "Sorted",
    "TriageSettings",
    "fault_table",
    "html_page",
    "quality",
    "run_triage",
    "score",
]
