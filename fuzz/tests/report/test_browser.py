"""The page in a real browser (Debian's chromium-headless-shell): on a phone, on a desk, offline."""

import html
import json
import re
import subprocess
from pathlib import Path

import msgspec
import pytest
from reports import FINDING, REFERENCE, SUMMARY, TESTED

from pyjit_fuzz.model import Program
from pyjit_fuzz.report import Sample, html_page

PHONE, DESK = 360, 1280
LONG = "an_identifier_without_a_place_to_break_it_" * 8

PROBE = """
<pre id="probe"></pre><script>
const box = (query) => { const r = document.querySelector(query).getBoundingClientRect();
  return {left: r.left, right: r.right, top: r.top, bottom: r.bottom}; };
const style = (query) => getComputedStyle(document.querySelector(query));
document.querySelectorAll("details").forEach((each) => { each.open = true; });
document.getElementById("probe").textContent = JSON.stringify({
  window: innerWidth,
  page: document.documentElement.scrollWidth,
  loaded: performance.getEntriesByType("resource").map((each) => each.name),
  row: {background: style(".different > :last-child").backgroundColor,
        mark: style(".different > :last-child mark").backgroundColor},
  left: box(".different > :first-child"), right: box(".different > :last-child"),
  keyword: style(".source .kn, .source .k").color, plain: style(".source pre").color,
  chart: box(".bars"), listing: document.querySelector(".listing").innerText,
});
</script></body>
"""


@pytest.fixture
def look(tmp_path):
    """Open a page in a window of a width and return what the probe measured in it."""

    def look(page, width):
        path = tmp_path / "page.html"
        path.write_text(page.replace("</body>", PROBE))
        options = [f"--window-size={width},900", f"--user-data-dir={tmp_path / 'browser'}"]
        done = subprocess.run(
            # The browser's sandbox does not start for root, and the page is our own.
            ["chromium-headless-shell", "--no-sandbox", *options, "--dump-dom", path.as_uri()],
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        found = re.search(r'<pre id="probe">(.+?)</pre>', done.stdout, re.DOTALL)
        assert found, done.stdout[-2000:] + done.stderr
        return json.loads(html.unescape(found[1]))

    return look


@pytest.fixture(scope="module")
def page():
    """A page with everything that could make it too wide."""
    finding = msgspec.structs.replace(
        FINDING,
        program=Program(f"import sys\nRESULT = {LONG!r}\n"),
        observations=(
            msgspec.structs.replace(REFERENCE, output=LONG),
            msgspec.structs.replace(TESTED, output=LONG + "!"),
        ),
        verdict=msgspec.structs.replace(FINDING.verdict, explanation=LONG),
        blame=msgspec.structs.replace(FINDING.blame, functions=(LONG,), listing=LONG),
    )
    folder = Path("/c") / LONG[:200] / "sample"
    summary = msgspec.structs.replace(SUMMARY, campaign=LONG)
    return html_page(summary, [Sample(folder, finding)])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_fits_its_window_and_loads_nothing(look, page, width):
    seen = look(page, width)
    assert seen["window"] == width
    assert seen["page"] <= width
    assert seen["chart"]["right"] <= width
    assert seen["loaded"] == []
    assert seen["listing"] == LONG


def test_both_observations_are_side_by_side_where_there_is_room(look, page):
    wide = look(page, DESK)
    assert wide["left"]["right"] <= wide["right"]["left"]
    assert wide["left"]["top"] == wide["right"]["top"]
    narrow = look(page, PHONE)
    assert narrow["left"]["bottom"] <= narrow["right"]["top"]


def test_differences_and_the_source_are_coloured(look, page):
    seen = look(page, DESK)
    assert seen["row"]["mark"] not in {seen["row"]["background"], "rgba(0, 0, 0, 0)"}
    assert seen["keyword"] != seen["plain"]
