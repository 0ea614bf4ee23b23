"""Exports: Markdown for an issue tracker, SARIF for viewers; foreign text stays text."""

import re
from pathlib import Path

import msgspec
import pytest
from reports import FINDING, REFERENCE, SAMPLES, SUMMARY, TESTED
from sarif_shape import Log

from pyjit_fuzz.model import ExceptionInfo, Program, Status, TraceEntry
from pyjit_fuzz.report import FORMATS, Sample, issue_texts, sarif_text


def of(finding):
    return [Sample(SAMPLES[0].folder, finding)]


def test_an_issue_says_everything_that_a_reader_without_the_folder_needs():
    (text,) = issue_texts(SUMMARY, SAMPLES).values()
    assert text.startswith("# result-int-value\n")
    for words in (
        "| severity | high |",
        "| mechanism | `result:int:value` |",
        "| seen | x86_64 3 times |",
        "| first seen | 2026-01-01T10:00:00+00:00 |",
        "| last seen | 2026-01-01T11:30:00+00:00 |",
        "pyjit-fuzz 0.1.0, generator `typed/1`",
        "| began with | `0123456789ab of 2026-01-01: Change a guard` |",
        "| gone without | `inline-caches` |",
        "| needs functions | `main` |",
        "| went by | not as in its inline cache: type (its code relies on that) |",
        "| needs fast paths of | `LOAD_ATTR` |",
        "```python\nRESULT = '<script>alert(1)</script>'\n```",
        "```diff\n  status: ok\n- RESULT = int 1\n+ RESULT = int -1\n",
        "```sh\npyjit-fuzz replay '/c/findings/result-int-value/a b'\n```",
        "## Machine code of `main`\n\n```\n0 RESUME 0\n    mov rax, 1 ; <b>\n```",
    ):
        assert words in text


def outside_code(text):
    """Return what a Markdown reader takes for markup."""
    without_blocks = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", without_blocks)


def test_no_foreign_text_leaves_its_code_block():
    hostile = "```\n# no title\n@somebody <img src=x>\n````\n"
    finding = msgspec.structs.replace(
        FINDING,
        program=Program(f"RESULT = '''\n{hostile}'''\n"),
        observations=(REFERENCE, msgspec.structs.replace(TESTED, output=hostile)),
        verdict=msgspec.structs.replace(FINDING.verdict, explanation=hostile),
    )
    (text,) = issue_texts(SUMMARY, of(finding)).values()
    markup = outside_code(text)
    for piece in ("@somebody", "<img", "no title"):
        assert piece in text
        assert piece not in markup


def test_a_text_that_is_too_long_for_a_tracker_is_cut_off():
    finding = msgspec.structs.replace(FINDING, program=Program("x = 1\n" * 20_000))
    (text,) = issue_texts(SUMMARY, of(finding)).values()
    assert len(text) < 30_000
    assert "… cut off here" in text


def test_the_samples_of_a_bucket_are_one_issue():
    (text,) = issue_texts(SUMMARY, [*SAMPLES, Sample(Path("/c/other"), FINDING)]).values()
    assert "## More samples" in text
    assert "pyjit-fuzz replay /c/other" in text


def test_sarif_has_the_shape_of_the_standard():
    log = msgspec.json.decode(sarif_text(SUMMARY, SAMPLES), type=Log)
    (run,) = log.runs
    (result,) = run.results
    assert run.tool.driver.rules[result.rule_index].id == result.rule_id == "result-int-value"
    assert result.level == "error"
    assert "+ RESULT = int -1" in result.message.text
    place = result.locations[0].physical_location.artifact_location
    assert run.original_uri_base_ids[place.uri_base_id].uri == "file:///c/"
    assert place.uri == "findings/result-int-value/a%20b/program.py"
    assert result.partial_fingerprints["bucket/v1"] == "result-int-value"


def test_sarif_points_to_the_line_that_raised_and_survives_odd_text():
    error = ExceptionInfo(type="E", args="None", trace=(TraceEntry("f", 9), TraceEntry("g", 4)))
    raised = msgspec.structs.replace(
        TESTED, status=Status.EXCEPTION, exception=error, output="\x00\ud800"
    )
    finding = msgspec.structs.replace(FINDING, observations=(REFERENCE, raised))
    log = msgspec.json.decode(sarif_text(SUMMARY, of(finding)), type=Log)
    place = log.runs[0].results[0].locations[0].physical_location
    assert place.region.start_line == 4
    assert "\\ud800" in log.runs[0].results[0].message.text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_that_a_clean_campaign_is_clean(name):
    clean = msgspec.structs.replace(SUMMARY, buckets=())
    texts = FORMATS[name](clean, [])
    assert len(texts) == (0 if name == "markdown" else 1)
    assert not any("result-int-value" in text for text in texts.values())
