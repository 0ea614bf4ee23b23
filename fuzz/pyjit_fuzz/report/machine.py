"""The report for machines: JSON, and JUnit XML for a CI's list of failures."""

from __future__ import annotations

import io
import itertools
from typing import Any

import msgspec
from junitparser import Failure, JUnitXml, TestCase, TestSuite

from pyjit_fuzz.report.data import ArchNumbers, Sample, Summary, replay_command
from pyjit_fuzz.report.difference import diff_lines


def json_data(summary: Summary, samples: list[Sample]) -> dict[str, Any]:
    """Return the report as data that JSON can carry.

    ``architectures`` have rates per second and shares (0..1); ``findings``
    name their folders, where everything else is.
    """
    data: dict[str, Any] = msgspec.to_builtins(summary)
    data["architectures"] = [
        {
            **msgspec.to_builtins(arch),
            "programs_per_second": round(arch.rate, 2),
            "valid_share": round(arch.valid_share, 4),
            "planned_share": round(arch.planned_share, 4),
            "compiled_share": round(arch.compiled_share, 4),
            "guards_share": round(arch.guards_share, 4),
        }
        for arch in summary.archs
    ]
    del data["archs"]
    data["divergences"] = summary.divergences
    data["findings"] = [
        {
            "id": sample.finding.id,
            "bucket": sample.finding.bucket,
            "state": sample.finding.state.value,
            "oracle": sample.finding.verdict.oracle,
            "signature": sample.finding.verdict.signature,
            "explanation": sample.finding.verdict.explanation,
            "reference": sample.finding.reference.key,
            "tested": sample.finding.tested.key,
            "folder": str(sample.folder),
            "hint": sample.finding.hint,
            "blame": msgspec.to_builtins(sample.finding.blame),
            "source": sample.finding.program.source,
        }
        for sample in samples
    ]
    return data


def json_text(summary: Summary, samples: list[Sample]) -> str:
    """Return the report as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(json_data(summary, samples)), indent=2).decode()


def junit_text(summary: Summary, samples: list[Sample]) -> str:
    """Return JUnit XML: a suite an architecture, a case a profile, a failed case a bucket."""
    report = JUnitXml("pyjit-fuzz")
    for arch in summary.archs:
        report.add_testsuite(_suite(arch, samples))
    stream = io.BytesIO()
    report.write(stream, pretty=True)
    return stream.getvalue().decode()


def _suite(arch: ArchNumbers, samples: list[Sample]) -> TestSuite:
    suite = TestSuite(f"pyjit-fuzz.{arch.arch}")
    suite.add_property("programs", str(arch.programs))
    suite.add_property("programs_per_second", f"{arch.rate:.2f}")
    suite.add_property("valid_share", f"{arch.valid_share:.4f}")
    suite.add_property("compiled_share", f"{arch.compiled_share:.4f}")
    suite.add_property("guards_share", f"{arch.guards_share:.4f}")
    for profile in arch.profiles:
        if not profile.reference:
            name = f"{profile.passed} of {profile.programs} programs passed"
            suite.add_testcase(TestCase(name, classname=profile.key, time=arch.seconds))
    ours = [sample for sample in samples if sample.finding.tested.arch == arch.arch]
    for bucket, group in itertools.groupby(ours, key=lambda sample: sample.finding.bucket):
        first = next(group)
        case = TestCase(bucket, classname=first.finding.tested.key)
        failure = Failure(first.finding.verdict.explanation, first.finding.verdict.signature)
        failure.text = _printable(_failure_text(first))
        case.result = [failure]
        suite.add_testcase(case)
    return suite


def _failure_text(sample: Sample) -> str:
    lines = [replay_command(sample), "", sample.finding.program.source, ""]
    return "\n".join(lines + diff_lines(sample.finding))


def _printable(text: str) -> str:
    """Replace what XML cannot carry: control characters and lone surrogates."""
    return "".join(
        char
        if char in "\n\t" or (char >= " " and not "\ud800" <= char <= "\udfff" and char < "\ufffe")
        else f"\\x{ord(char):02x}"
        for char in text
    )
