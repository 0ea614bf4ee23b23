"""Results survive a kill, and are shown to people and machines."""

import json
import re

import pytest

from pyjit_fuzz.execute.errors import SetupError
from pyjit_testbed import report
from pyjit_testbed.known import Known
from pyjit_testbed.model import STOCK, Outcome, Run
from pyjit_testbed.store import FILE, Settings, Store
from pyjit_testbed.summary import summarise

SETTINGS = Settings("tiny", "x86_64", "0", 20)
OK = Outcome("ok")


def run(arm, *, attempt=0, passed=("a", "b"), others=None):
    return Run("unit", arm, attempt, "ended", 0.5, list(passed), others or {}, OK)


def test_a_line_that_was_not_finished_is_dropped(tmp_path):
    store = Store(tmp_path, SETTINGS)
    store.add(run(STOCK))
    store.add(run("jit"))
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-30])
    again = Store(tmp_path, SETTINGS)
    assert again.get("unit", STOCK, 0) == run(STOCK)
    assert again.get("unit", "jit", 0) is None
    again.add(run("jit"))
    assert Store(tmp_path, SETTINGS).get("unit", "jit", 0) == run("jit")


def test_results_of_another_build_are_not_mixed(tmp_path):
    Store(tmp_path, SETTINGS)
    with pytest.raises(SetupError, match="other settings"):
        Store(tmp_path, Settings("tiny", "x86_64", "1", 20))


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / FILE).write_text("no json\n")
    with pytest.raises(SetupError, match=re.escape(str(tmp_path / FILE))):
        Store(tmp_path, SETTINGS)


def summary_of(folder):
    store = Store(folder, SETTINGS)
    failed = {"b": Outcome("failure", "<b> & 'b'"), "c": Outcome("failure", "see the contract")}
    for attempt in (0, 1):
        store.add(run(STOCK, attempt=attempt, passed="abcd"))
        others = failed if attempt else {**failed, "d": Outcome("error")}
        store.add(run("jit", attempt=attempt, passed="ad" if attempt else "a", others=others))
    row = Known("unit", "c", "it looks closely", "`id()`")
    return summarise(store, ["unit", "other"], [STOCK, "jit"], [row])


def test_the_page_has_everything_and_needs_nothing(tmp_path):
    page = report.write(summary_of(tmp_path), tmp_path).read_text()
    assert "1 test differs" in page
    assert "&lt;b&gt; &amp;" in page
    assert "it looks closely (docs/contract.md: `id()`)" in page
    assert "Happened once, not again" in page
    assert "the same command goes on" in page, "a unit has not run"
    assert not re.search(r"(src|href)=|https?:|<script|@import", page)


def test_the_json_file_says_the_same(tmp_path):
    report.write(summary_of(tmp_path), tmp_path)
    data = json.loads((tmp_path / report.DATA).read_text())
    assert [found["test"] for found in data["differences"]] == ["b"]
    assert [found["difference"]["test"] for found in data["explained"]] == ["c"]
    assert [found["test"] for found in data["unsteady"]] == ["d"]
    assert data["arms"][1] == {
        "arm": "jit",
        "units": 1,
        "tests": 4,
        "passed": 1,
        "skipped": 0,
        "not_passed": 3,
        "seconds": 0.5,
    }
