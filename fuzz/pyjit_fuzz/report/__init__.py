"""Reports from a campaign's numbers and findings: HTML, JSON, JUnit XML, SARIF, Markdown.

Contract: nothing here knows how a campaign runs or is stored; the caller reads
the campaign folder and passes data. Programs and observations are foreign
text: all of it is escaped.
"""

from pyjit_fuzz.report.compare import Row, compare, elide
from pyjit_fuzz.report.data import (
    Across,
    ArchNumbers,
    BucketNumbers,
    Feedback,
    IssueNumbers,
    Minute,
    OpcodeEvents,
    ProfileEvents,
    ProfileNumbers,
    Sample,
    Summary,
)
from pyjit_fuzz.report.formats import FORMATS, ISSUES, PAGE
from pyjit_fuzz.report.html import html_page
from pyjit_fuzz.report.machine import json_text, junit_text
from pyjit_fuzz.report.markdown import issue_texts
from pyjit_fuzz.report.sarif import sarif_text
from pyjit_fuzz.report.text import observation_lines, value_lines

__all__ = [
    "FORMATS",
    "ISSUES",
    "PAGE",
    "Across",
    "ArchNumbers",
    "BucketNumbers",
    "Feedback",
    "IssueNumbers",
    "Minute",
    "OpcodeEvents",
    "ProfileEvents",
    "ProfileNumbers",
    "Row",
    "Sample",
    "Summary",
    "compare",
    "elide",
    "html_page",
    "issue_texts",
    "json_text",
    "junit_text",
    "observation_lines",
    "sarif_text",
    "value_lines",
]
