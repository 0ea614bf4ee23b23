"""The formats of a report, once: what ``--format`` may be and which files each one writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from pyjit_fuzz.report.data import Sample, Summary
from pyjit_fuzz.report.html import html_page
from pyjit_fuzz.report.machine import json_text, junit_text
from pyjit_fuzz.report.markdown import issue_texts
from pyjit_fuzz.report.sarif import sarif_text

PAGE = "index.html"
ISSUES = "issues"
"""Folder of the Markdown texts, one a bucket."""

Writer: TypeAlias = Callable[[Summary, list[Sample]], Mapping[str, str]]
"""Returns the texts by their path in the report's folder."""

FORMATS: Mapping[str, Writer] = {
    "html": lambda summary, samples: {PAGE: html_page(summary, samples)},
    "json": lambda summary, samples: {"report.json": json_text(summary, samples)},
    "junit": lambda summary, samples: {"junit.xml": junit_text(summary, samples)},
    "sarif": lambda summary, samples: {"report.sarif": sarif_text(summary, samples)},
    "markdown": lambda summary, samples: {
        f"{ISSUES}/{bucket}.md": text for bucket, text in issue_texts(summary, samples).items()
    },
}
