"""Reports: one HTML page, JSON and JUnit XML, from a campaign's numbers and findings.

Contract: nothing here knows how a campaign runs or is stored; the caller reads
the campaign folder and passes data. Programs and observations are foreign
text: all of it is escaped.
"""

from pyjit_fuzz.report.compare import Row, compare, elide
from pyjit_fuzz.report.data import ArchNumbers, BucketNumbers, ProfileNumbers, Sample, Summary
from pyjit_fuzz.report.html import html_page
from pyjit_fuzz.report.machine import json_text, junit_text
from pyjit_fuzz.report.text import observation_lines, value_lines

__all__ = [
    "ArchNumbers",
    "BucketNumbers",
    "ProfileNumbers",
    "Row",
    "Sample",
    "Summary",
    "compare",
    "elide",
    "html_page",
    "json_text",
    "junit_text",
    "observation_lines",
    "value_lines",
]
