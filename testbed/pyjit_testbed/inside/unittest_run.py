"""``python -m pyjit_testbed.inside.unittest_run --pyjit-journal=FILE MODULE``.

Runs one module of CPython's regression suite as that suite's own runner does, without optional
resources, and writes the outcome of each test to the journal. ``--testdir=FOLDER`` takes the module
from that folder instead of the package ``test``; ``--pyjit-ignore=ID`` leaves a test out.

The exit code is 0 whatever the tests did; anything else means that the process did not get as far.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from pyjit_testbed.inside.journal import IGNORE_OPTION, OPTION, Journal

OUTCOMES = {
    "Passed": "ok",
    # Something was left behind (a thread, a changed setting): the suite's runner warns, and passes.
    "EnvChanged": "env-changed",
    "Skipped": "skip",
    "ResourceDenied": "skip",
    "DidNotRun": "empty",
    "Failed": "failure",
    "UncaughtException": "error",
}
"""What the suite's runner says of a module → outcome; what is not here is an error."""


def recording(base: type[Any], journal: Journal) -> type[Any]:
    """Return a class of test results like ``base`` that also writes ``journal``."""

    class Recording(base):  # type: ignore[misc] # the class of whatever suite is at hand
        def startTest(self, test: Any) -> None:  # noqa: N802 -- unittest's names
            journal.start(identifier(test))
            super().startTest(test)

        def addSuccess(self, test: Any) -> None:  # noqa: N802
            journal.outcome(identifier(test), "ok")
            super().addSuccess(test)

        def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
            journal.outcome(identifier(test), "skip", str(reason))
            super().addSkip(test, reason)

        def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802
            journal.outcome(identifier(test), "failure", self._exc_info_to_string(err, test))
            super().addFailure(test, err)

        def addError(self, test: Any, err: Any) -> None:  # noqa: N802
            journal.outcome(identifier(test), "error", self._exc_info_to_string(err, test))
            super().addError(test, err)

        def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802
            journal.outcome(identifier(test), "expected-failure")
            super().addExpectedFailure(test, err)

        def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
            journal.outcome(identifier(test), "unexpected-success")
            super().addUnexpectedSuccess(test)

        def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
            # Descriptions of subtests contain addresses; what fails is the test.
            if err is not None:
                kind = "failure" if issubclass(err[0], test.failureException) else "error"
                text = f"{subtest}\n{self._exc_info_to_string(err, test)}"
                journal.outcome(identifier(test), kind, text)
            super().addSubTest(test, subtest, err)

    return Recording


def identifier(test: Any) -> str:
    """Return the identifier of a test, as ``unittest`` has it."""
    try:
        return str(test.id())
    except Exception:  # noqa: BLE001 -- tests of unittest use tests that are none
        return str(test)


def run(journal: Journal, module: str, arguments: list[str]) -> None:
    """Run ``module`` with the options of the suite's runner."""
    # The suite is there in the tested interpreter only, and is imported only when it is wanted.
    parts = (
        "libregrtest.cmdline",
        "libregrtest.setup",
        "libregrtest.runtest",
        "support.testresult",
    )
    cmdline, setup, runtest, testresult = (import_module(f"test.{part}") for part in parts)
    namespace = cmdline._parse_args(arguments)  # noqa: SLF001 -- what its own main calls
    setup.setup_tests(namespace)
    # Looked up at each call by those who make one.
    recorder = recording(testresult.RegressionTestResult, journal)
    setattr(testresult, recorder.__mro__[1].__name__, recorder)
    result = runtest.runtest(namespace, module)
    journal.unit(OUTCOMES.get(type(result).__name__, "error"), str(result))


def main(arguments: list[str]) -> None:
    """Read the command line, which the test bed has written."""
    path, ignored, others = "", [], []
    for argument in arguments:
        name, _, value = argument.partition("=")
        if name == OPTION:
            path = value
        elif name == IGNORE_OPTION:
            ignored += ["--ignore", value]
        else:
            others.append(argument)
    # Tests of unittest's own command line look at what is in sys.argv.
    sys.argv[1:] = []
    run(Journal(path), others.pop(), [*others, *ignored])


if __name__ == "__main__":
    main(sys.argv[1:])
