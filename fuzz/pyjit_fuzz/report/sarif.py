"""SARIF 2.1.0, for viewers of static analysis: a rule a bucket, a result a finding.

Places are the findings' ``program.py``, relative to the campaign's folder
(``CAMPAIGN``); a result carries the program, so it can be read elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from pyjit_fuzz.model import ExceptionInfo
from pyjit_fuzz.report.data import BucketNumbers, Sample, Summary, replay_command
from pyjit_fuzz.report.difference import diff_lines

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_BASE = "CAMPAIGN"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
"""Level by severity."""


def sarif_data(summary: Summary, samples: list[Sample]) -> dict[str, Any]:
    """Return the log as data that JSON can carry."""
    places = {bucket.name: place for place, bucket in enumerate(summary.buckets)}
    campaign = Path(summary.campaign).absolute()
    driver = {
        "name": "pyjit-fuzz",
        "version": summary.toolkit,
        "rules": [_rule(bucket) for bucket in summary.buckets],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_BASE: {"uri": f"{campaign.as_uri()}/"}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(summary.buckets[places[sample.finding.bucket]], places, sample, campaign)
            for sample in samples
        ],
        "properties": {
            "seed": summary.seed,
            "generator": summary.generator,
            "started": summary.started,
            "counted": summary.updated,
            "programs": {arch.arch: arch.programs for arch in summary.archs},
        },
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def sarif_text(summary: Summary, samples: list[Sample]) -> str:
    """Return the log as indented JSON."""
    data = sarif_data(summary, samples)
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


def _rule(bucket: BucketNumbers) -> dict[str, Any]:
    return {
        "id": bucket.name,
        "shortDescription": {"text": bucket.mechanism},
        "defaultConfiguration": {"level": _LEVELS[bucket.severity]},
        "properties": {
            "severity": bucket.severity,
            "regression": bucket.regression,
            "seen": bucket.seen,
            "first_seen": bucket.first_seen,
            "last_seen": bucket.last_seen,
        },
    }


def _result(
    bucket: BucketNumbers, places: dict[str, int], sample: Sample, campaign: Path
) -> dict[str, Any]:
    finding = sample.finding
    replay = replay_command(sample)
    said = finding.verdict.explanation or finding.verdict.signature
    text = "\n".join([said, "", *diff_lines(finding), "", replay])
    return {
        "ruleId": bucket.name,
        "ruleIndex": places[bucket.name],
        "kind": "fail",
        "level": _LEVELS[bucket.severity],
        # Lone surrogates, which a program may print, are not to be had in JSON.
        "message": {"text": text.encode("utf-8", "backslashreplace").decode()},
        "locations": [{"physicalLocation": _place(sample, campaign)}],
        "partialFingerprints": {"bucket/v1": bucket.name, "finding/v1": finding.id},
        "properties": {
            "oracle": finding.verdict.oracle,
            "state": finding.state.value,
            "reference": finding.reference.key,
            "tested": finding.tested.key,
            "build": finding.tested.build_id,
            "replay": replay,
            "hint": finding.hint,
            "blame": msgspec.to_builtins(finding.blame),
        },
    }


def _place(sample: Sample, campaign: Path) -> dict[str, Any]:
    """Return the place in the program where the tested profile's exception left it, or its top."""
    path = sample.folder.absolute() / "program.py"
    place: dict[str, Any] = {"uri": path.as_uri()}
    if path.is_relative_to(campaign):
        place = {"uri": quote(str(path.relative_to(campaign))), "uriBaseId": _BASE}
    return {
        "artifactLocation": place,
        "region": {"startLine": _line(sample.finding.observations[1].exception)},
        "contextRegion": {
            "startLine": 1,
            "snippet": {"text": sample.finding.program.source},
        },
    }


def _line(exception: ExceptionInfo | None) -> int:
    return max(1, exception.trace[-1].line) if exception is not None and exception.trace else 1
