"""The report: self-contained, escaped, and the same numbers in every format."""

import json
import re
from xml.etree import ElementTree as ET

import msgspec
import pytest
from reports import FINDING, REFERENCE, SAMPLES, SUMMARY, TESTED

from pyjit_fuzz.model import Crash, ExceptionInfo, Observation, Status, TraceEntry
from pyjit_fuzz.report import (
    Across,
    Feedback,
    IssueNumbers,
    Minute,
    Sample,
    compare,
    elide,
    html_page,
    issue_texts,
    json_text,
    junit_text,
    observation_lines,
    value_lines,
)
from pyjit_fuzz.report.timeline import timeline


def test_the_page_is_self_contained_and_escaped():
    page = html_page(SUMMARY, SAMPLES)
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "1 against -1 &amp; &lt;i&gt;" in page
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page


def test_the_page_says_the_numbers_and_how_to_replay():
    text = re.sub(r"<[^>]+>", " ", html_page(SUMMARY, SAMPLES))
    for words in (
        "1,234",
        "123.4",
        "97.2%",
        "99.7%",
        "6.5%",
        "50.0%",
        "1,227",
        "result-int-value",
        "3\u00d7",
        "began with 0123456789ab of 2026-01-01: Change a guard",
    ):
        assert words in text
    assert "pyjit-fuzz replay &#39;/c/findings/result-int-value/a b&#39;" in text


def test_the_difference_is_marked_and_nothing_else():
    page = html_page(SUMMARY, SAMPLES)
    marks = re.findall(r"<mark>([^<]*)</mark>", page)
    assert marks == ["-"]


def test_the_page_of_a_clean_campaign_says_so():
    clean = msgspec.structs.replace(SUMMARY, buckets=())
    page = html_page(clean, [])
    assert "No divergence in 1,234 programs" in page
    assert "<mark>" not in page


def test_the_page_says_when_and_what_of_the_jit_it_needs():
    page = html_page(SUMMARY, SAMPLES)
    assert "2026-01-01 10:00,<br>2026-01-01 11:30" in page
    assert page.count("<rect") == 2
    assert page.count('<rect class="found"') == 1
    text = re.sub(r"<[^>]+>", " ", page)
    assert "went by  not as in its inline cache: type" in text
    for words in ("fast paths of  LOAD_ATTR", "PYJIT_RECOMPILE_AFTER=2", "mov rax, 1 ; &lt;b&gt;"):
        assert words in text


def test_a_regression_and_the_registry_are_on_the_page_and_in_the_issue():
    (bucket,) = SUMMARY.buckets
    summary = msgspec.structs.replace(
        SUMMARY,
        buckets=(msgspec.structs.replace(bucket, regression="lost-sign"),),
        issues=(
            IssueNumbers("lost-sign", "regression", 3, "<b> was lost", fixed_in="1d3e3ce"),
            IssueNumbers("depth", "expected", 12, "less stack"),
        ),
    )
    text = re.sub(r"<[^>]+>", " ", html_page(summary, SAMPLES))
    for words in (
        "A regression: the issue lost-sign was fixed.",
        "&lt;b&gt; was lost; fixed in 1d3e3ce",
        "less stack",
    ):
        assert words in text
    assert "regression" not in html_page(SUMMARY, SAMPLES)
    (issue,) = issue_texts(summary, SAMPLES).values()
    assert "| regression | the issue `lost-sign` was fixed |" in issue


def test_the_page_says_what_was_reached_and_what_was_not():
    page = html_page(SUMMARY, SAMPLES)
    assert re.search(r"events that happened</dt><dd>44<", page)
    assert re.search(r"never happened</dt><dd>2<", page)
    assert "add-ints.exit, power-floats.raised" in page
    assert "87 programs reached something new" in page
    assert "Last new: 2026-01-01 11:20 UTC" in page
    nothing = msgspec.structs.replace(SUMMARY, feedback=Feedback())
    assert "reached" not in html_page(nothing, SAMPLES)


def test_the_page_says_whether_architectures_agree():
    assert "ran on several architectures" not in html_page(SUMMARY, SAMPLES)
    agreed = msgspec.structs.replace(SUMMARY, across=Across(1200))
    text = html_page(agreed, SAMPLES)
    assert "1,200 programs ran on several architectures" in text
    assert "agree on all of them" in text
    apart = msgspec.structs.replace(SUMMARY, across=Across(1200, ("17", "corpus:<b>")))
    text = html_page(apart, SAMPLES)
    assert "do not agree on 2" in text
    assert "17, corpus:&lt;b&gt;" in text


def test_minutes_are_put_together_until_they_fit():
    history = [
        Minute(at=60 * number, arch="x86_64", programs=1, different=number == 6)
        for number in (0, 1, 2, 6)
    ]
    assert timeline(history, "aarch64") is None
    fine, coarse = timeline(history, "x86_64"), timeline(history, "x86_64", bins=4)
    assert [each.programs for each in fine.bins] == [1, 1, 1, 0, 0, 0, 1]
    assert (coarse.minutes, [each.programs for each in coarse.bins]) == (2, [2, 1, 0, 1])
    assert [each.different for each in coarse.bins] == [0, 0, 0, 1]
    assert (coarse.start, coarse.end) == ("01 January 1970 00:00", "01 January 1970 00:08")


def test_json_has_the_same_numbers():
    data = json.loads(json_text(SUMMARY, SAMPLES))
    (arch,) = data["architectures"]
    assert (arch["programs"], arch["programs_per_second"]) == (1234, 123.4)
    assert (arch["valid_share"], arch["compiled_share"]) == (0.9724, 0.9968)
    assert (arch["planned_share"], arch["guards_share"]) == (0.0648, 0.5)
    assert data["divergences"] == 3
    assert data["findings"][0]["folder"] == str(SAMPLES[0].folder)


def test_junit_fails_once_a_bucket_and_survives_odd_text():
    odd = msgspec.structs.replace(
        FINDING, observations=(REFERENCE, msgspec.structs.replace(TESTED, output="\x00\ud800\x1b"))
    )
    root = ET.fromstring(junit_text(SUMMARY, [Sample(SAMPLES[0].folder, odd)]))
    (suite,) = root
    assert suite.get("failures") == "1"
    cases = [case.get("name") for case in suite.findall("testcase")]
    assert cases == ["1227 of 1234 programs passed", "result-int-value"]
    assert "+ RESULT = int -1" in suite.find("testcase/failure").text


def test_rows_mark_what_the_other_side_does_not_have():
    rows = compare(["a", "same", "abcdef", "gone"], ["a", "same", "abcxef"])
    assert [row.different for row in rows] == [False, False, True, True]
    assert [text for text, marked in rows[2].left if marked] == ["d"]
    assert [text for text, marked in rows[2].right if marked] == ["x"]
    assert rows[3].right == ()


def test_long_equal_runs_are_elided():
    lines = [str(number) for number in range(100)]
    rows = elide(compare(lines, [*lines[:50], "other", *lines[51:]]))
    assert [row.elided for row in rows if row.elided] == [47, 46]
    assert len(rows) == 9


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("int:5", ["int 5"]),
        ("float:0x1.8p+1", ["float 3.0"]),
        ("float:nan", ["float nan"]),
        ("str:a\nb", ["str 'a\\nb'"]),
        ("None", ["None"]),
        (["list", 0, "", ["int:1", "ref:0"]], ["list #0 [int 1, ref 0]"]),
        (["dict", 1, "", ["str:a", "int:1"]], ["dict #1 {str 'a': int 1}"]),
    ],
)
def test_values_are_written_with_their_types(node, expected):
    assert value_lines(node) == expected


def test_an_exception_is_written_with_its_place_and_chain():
    inner = ExceptionInfo(type="KeyError", args="None")
    error = ExceptionInfo(
        type="ValueError",
        args=["tuple", 0, "", ["str:bad"]],
        trace=(TraceEntry(function="main", line=3, column=4, end_column=9),),
        context=inner,
    )
    lines = observation_lines(Observation(profile="p", status=Status.EXCEPTION, exception=error))
    assert "  ValueError" in lines
    assert "    in main, line 3, columns 4-9" in lines
    assert lines.index("      KeyError") > lines.index("    context:")


def test_a_crash_is_written_with_its_stacks():
    crash = Crash(
        signal=11,
        signal_name="SIGSEGV",
        native_backtrace=("list_dealloc",),
        python_backtrace=("main:3",),
        stderr_tail="Fatal Python error",
    )
    text = "\n".join(observation_lines(Observation(profile="p", status=Status.CRASH, crash=crash)))
    for part in ("died of: SIGSEGV", "list_dealloc", "main:3"):
        assert part in text


def test_survivors_are_shown_where_they_are_the_point():
    seen = msgspec.structs.replace(TESTED, survivors={"A": 9})
    assert "  9 of A" in observation_lines(seen, "lifetime")
    assert not any("of A" in line for line in observation_lines(seen, "result"))
