"""A pytest plugin that writes the journal: ``-p pyjit_testbed.inside.pytest_plugin``.

Runs in whatever pytest the tested suite asks for, from 6 on. An identifier is pytest's node id.
"""

from __future__ import annotations

from typing import Any

from pyjit_testbed.inside.journal import IGNORE_OPTION, OPTION, Journal

_PARTS = {"setup": "error", "call": "failure", "teardown": "error"}
"""Part of a test → what it is called when that part fails."""


def pytest_addoption(parser: Any) -> None:
    """Take the options of the test bed."""
    parser.addoption(OPTION, default="")
    parser.addoption(IGNORE_OPTION, action="append", default=[])


def pytest_configure(config: Any) -> None:
    """Begin the journal if one is asked for: a pytest that a test starts has none."""
    path = config.getoption(OPTION)
    if path:
        config.pluginmanager.register(Recorder(Journal(path), config.getoption(IGNORE_OPTION)))


class Recorder:
    """The hooks that write."""

    def __init__(self, journal: Journal, ignored: list[str]) -> None:
        self._journal = journal
        self._ignored = frozenset(ignored)

    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> None:
        """Leave out what is to be ignored."""
        left = [item for item in items if item.nodeid in self._ignored]
        if left:
            config.hook.pytest_deselected(items=left)
            items[:] = [item for item in items if item.nodeid not in self._ignored]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note that a test begins."""
        self._journal.start(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how a part of a test ended."""
        if report.failed:
            self._journal.outcome(report.nodeid, _PARTS[report.when], str(report.longreprtext))
        elif report.skipped:
            outcome = "expected-failure" if hasattr(report, "wasxfail") else "skip"
            self._journal.outcome(report.nodeid, outcome)
        elif report.when == "call":
            self._journal.outcome(report.nodeid, "ok")

    def pytest_collectreport(self, report: Any) -> None:
        """Note a file that cannot be collected."""
        if report.failed:
            self._journal.outcome(report.nodeid, "error", str(report.longreprtext))
        elif report.skipped:
            self._journal.outcome(report.nodeid, "skip")

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Note how the whole ended."""
        names = {0: "ok", 1: "failure", 5: "empty"}
        outcome = names.get(int(exitstatus), "error")
        self._journal.unit(outcome, f"pytest ended with status {int(exitstatus)}")
