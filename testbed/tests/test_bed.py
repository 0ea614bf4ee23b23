"""The bed on a tiny suite: what differs is found and confirmed, whatever else happens is not."""

import threading
import time

import pytest

from pyjit_testbed.bed import Bed, unit_differences
from pyjit_testbed.child import Stopped, run_unit
from pyjit_testbed.known import Known
from pyjit_testbed.model import CRASHED, ENDED, MISSING, STOCK, TIMED_OUT
from pyjit_testbed.store import Settings, Store
from pyjit_testbed.summary import summarise

SETTINGS = Settings("tiny", "x86_64", "0", 20)


def silent(*_):
    """Show no progress."""


@pytest.fixture
def bed(tmp_path, arms):
    """Run units in a folder of results; return the store."""

    def run(*units, timeout=20, jobs=1, progress=silent):
        store = Store(tmp_path / "results", SETTINGS)
        Bed(arms, store, timeout=timeout).run(units, jobs=jobs, progress=progress)
        return store

    return run


def names(differences):
    return [(found.test.rpartition(".")[2], found.kind) for found in differences]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("differs", "failure"),
        ("skipped", "skip"),
        ("part", "failure"),
        ("raises", "error"),
        ("crashes", CRASHED),
        ("exits", CRASHED),
    ],
)
def test_a_test_that_passes_stock_only_is_a_difference(bed, unit, kind, outcome):
    store = bed(unit(kind))
    kept, dropped = unit_differences(store, "test_tiny", "jit")
    assert names(kept) == [(f"test_d_{kind}", outcome)]
    assert dropped == []
    jitted = store.get("test_tiny", "jit", 0)
    assert "test_tiny.Tests.test_e_last" in jitted.passed, "what is behind it runs as well"
    assert jitted.ending == ENDED


def test_equal_arms_are_equal_and_run_once(bed, unit):
    store = bed(unit("forks"))
    assert unit_differences(store, "test_tiny", "jit") == ([], [])
    stock = store.get("test_tiny", STOCK, 0)
    assert [name.rpartition(".")[2] for name in stock.passed] == [
        *("test_a_same", "test_d_forks", "test_e_last")
    ]
    assert names_of(stock) == {
        "test_b_fails_in_both": "failure",
        "test_c_only_stock_fails": "failure",
    }
    assert store.get("test_tiny", STOCK, 1) is None, "nothing to confirm"


def names_of(run):
    return {name.rpartition(".")[2]: outcome.kind for name, outcome in run.others.items()}


def test_what_happens_once_is_reported_apart(bed, unit):
    kept, dropped = unit_differences(bed(unit("flaky")), "test_tiny", "jit")
    assert kept == []
    assert names(dropped) == [("test_d_flaky", "failure")]


def test_a_crash_counts_even_if_it_happens_once(bed, unit):
    kept, _ = unit_differences(bed(unit("crashes_once")), "test_tiny", "jit")
    assert names(kept) == [("test_d_crashes_once", CRASHED)]
    assert kept[0].detail.startswith("ended by SIGSEGV\n")
    assert "Fatal Python error: Segmentation fault" in kept[0].detail


def test_a_test_that_hangs_is_blamed_and_the_rest_runs(bed, unit):
    store = bed(unit("hangs"), timeout=3)
    kept, _ = unit_differences(store, "test_tiny", "jit")
    assert names(kept) == [("test_d_hangs", TIMED_OUT)]
    assert "time.sleep" in kept[0].detail or "test_d_hangs" in kept[0].detail, "its traceback"
    assert "test_tiny.Tests.test_e_last" in store.get("test_tiny", "jit", 0).passed


def test_a_test_that_is_not_there_when_jitted_is_a_difference(bed, unit, tmp_path):
    tiny = unit()
    path = tmp_path / "suite" / "test_tiny.py"
    path.write_text(path.read_text() + "    if not JITTED:\n        def test_more(self): pass\n")
    kept, _ = unit_differences(bed(tiny), "test_tiny", "jit")
    assert names(kept) == [("test_more", MISSING)]


def test_a_module_that_cannot_be_imported_when_jitted_differs_test_by_test(bed, unit, tmp_path):
    tiny = unit()
    path = tmp_path / "suite" / "test_tiny.py"
    path.write_text(path.read_text() + "\nif JITTED: raise ImportError\n")
    kept, _ = unit_differences(bed(tiny), "test_tiny", "jit")
    assert names(kept) == [("test_a_same", MISSING), ("test_e_last", MISSING)]


def test_a_process_that_dies_behind_its_tests_differs_as_a_whole(bed, unit, tmp_path):
    tiny = unit()
    path = tmp_path / "suite" / "test_tiny.py"
    end = "import atexit; atexit.register(lambda: os.kill(os.getpid(), signal.SIGSEGV))"
    path.write_text(f"{path.read_text()}\nif JITTED: {end}\n")
    kept, _ = unit_differences(bed(tiny), "test_tiny", "jit")
    assert names(kept) == [("", CRASHED)]


@pytest.mark.parametrize(("when", "expected"), [("True", []), ("JITTED", [("", "env-changed")])])
def test_a_module_that_leaves_more_changed_when_jitted_differs(bed, unit, tmp_path, when, expected):
    tiny = unit()
    path = tmp_path / "suite" / "test_tiny.py"
    first, _, _ = path.read_text().partition("    def test_b")
    path.write_text(f"{first}        if {when}: os.environ['LEFT'] = ''\n")
    kept, _ = unit_differences(bed(tiny), "test_tiny", "jit")
    assert names(kept) == expected


def test_interrupted_it_keeps_what_is_there_and_goes_on(bed, unit, tmp_path):
    units = [unit(name=f"test_{letter}") for letter in "abc"]

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bed(*units, progress=interrupt)
    lines = (tmp_path / "results" / "runs.jsonl").read_text().splitlines()
    assert 1 + 2 <= len(lines) < 1 + 6, "the settings, the first unit, not all of them"
    store = bed(*units, jobs=2)
    assert all(store.get(each.name, "jit", 0) for each in units)
    again = (tmp_path / "results" / "runs.jsonl").read_text().splitlines()
    assert again[: len(lines)] == lines, "nothing is run twice"
    assert len(again) == 1 + 6


def test_a_child_is_ended_when_the_user_stops(unit, arms):
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        run_unit(unit("hangs"), arms[1], 0, timeout=60, stop=stop)
    assert time.monotonic() - begun < 20


def test_known_differences_are_listed_apart(bed, unit):
    store = bed(unit("differs", "skipped"))
    row = Known("test_tiny", "*.test_d_differs", reason="it looks", contract="what may differ")
    summary = summarise(store, ["test_tiny"], [STOCK, "jit"], [row])
    assert names(summary.differences) == [("test_d_skipped", "skip")]
    assert names([each.difference for each in summary.explained]) == [("test_d_differs", "failure")]
    stock, jitted = summary.arms
    assert (stock.tests, stock.passed, stock.skipped, stock.not_passed) == (6, 4, 0, 2)
    assert (jitted.tests, jitted.passed, jitted.skipped, jitted.not_passed) == (6, 3, 1, 2)
    assert summary.complete


def test_pytest_tells_as_much(bed, suite_of_pytest):
    tiny = suite_of_pytest("""
jitted = os.environ["ARM"] == "jit"
def test_same(): pass
@pytest.mark.parametrize("x", [1, 2])
def test_differs(x): assert not (jitted and x == 2)
@pytest.fixture
def broken():
    yield
    assert not jitted
def test_teardown(broken): pass
@pytest.mark.xfail
def test_expected(): assert jitted
def test_crashes():
    if jitted: os.kill(os.getpid(), signal.SIGSEGV)
def test_last(): pass
""")
    store = bed(tiny)
    kept, _ = unit_differences(store, "tiny", "jit")
    assert sorted((found.test, found.kind) for found in kept) == [
        ("test_tiny.py::test_crashes", CRASHED),
        ("test_tiny.py::test_differs[2]", "failure"),
        ("test_tiny.py::test_teardown", "error"),
    ]
    assert "test_tiny.py::test_last" in store.get("tiny", "jit", 0).passed
    assert store.get("tiny", STOCK, 0).others["test_tiny.py::test_expected"].kind == (
        "expected-failure"
    )


def test_a_suite_of_which_nothing_runs_is_named(bed, suite_of_pytest):
    store = bed(suite_of_pytest("import nothing_that_is_there"))
    (idle,) = summarise(store, ["tiny"], [STOCK, "jit"], []).idle
    assert idle.unit == "tiny"
    assert "nothing_that_is_there" in idle.why
