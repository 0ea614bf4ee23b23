"""The benchmark tool: its arithmetic, its stand-in for pyperf, its errors. Nothing is timed."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
MICRO = sorted((BENCH / "micro").glob("*.py"))


@pytest.fixture(autouse=True)
def tool_on_path(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    yield
    for name in ("arms", "catalogue", "child", "run", "stand_in", "summary"):
        sys.modules.pop(name, None)


def bench(*arguments):
    return subprocess.run(
        [sys.executable, str(BENCH), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def answer(samples, **more):
    usual = {"loops": 1, "first": 0.0, "warmup": [], "result": "1", "jit": {}, "python": "3.11.2"}
    return {**usual, "samples": samples, **more}


def row(*rounds, group="calls", case="fib"):
    from catalogue import Benchmark
    from summary import Round, Row

    return Row(Benchmark("micro", group, case, Path("x")), [Round(a, b) for a, b in rounds])


def test_a_ratio_above_one_means_that_the_jitted_arm_was_faster():
    measured = row((answer([4.0, 2.0]), answer([1.0, 5.0])), (answer([9.0]), answer([3.0])))
    assert measured.ratios == [2.0, 3.0]
    assert measured.ratio == 2.5


def test_means_are_geometric_and_by_group():
    from summary import means

    rows = [
        row((answer([4.0]), answer([1.0])), case="a"),
        row((answer([1.0]), answer([1.0])), case="b"),
        row((answer([2.0]), answer([1.0])), group="loops", case="c"),
    ]
    assert [(title, round(mean, 9), count) for title, mean, count in means(rows)] == [
        ("calls", 2.0, 2),
        ("all", 2.0, 3),
    ]


def test_warmup_cost_ends_at_the_first_usual_sample():
    from summary import warmup_cost

    slow_start = answer([1.0], first=5.0, warmup=[3.0, 1.05, 9.0], loops=10)
    assert warmup_cost(slow_start) == pytest.approx(4.0 + 20.0)


def test_other_results_and_runs_without_compiled_code_are_remarked():
    assert row((answer([1.0]), answer([1.0], result="2"))).remarks == ["RESULTS DIFFER"]
    assert row((answer([1.0]), answer([1.0], jit={"entries": 0}))).remarks == [
        "no compiled code ran"
    ]
    assert row((answer([1.0]), answer([1.0], jit={"entries": 7}))).remarks == []


def test_the_stand_in_takes_both_kinds_of_benchmark(tmp_path, monkeypatch):
    script = tmp_path / "run_benchmark.py"
    script.write_text(
        "import pyperf\n"
        "calls = []\n"
        "def plain(x): calls.append(x)\n"
        "def timing(loops, x):\n"
        "    start = pyperf.perf_counter()\n"
        "    calls.append((loops, x))\n"
        "    return pyperf.perf_counter() - start + 100\n"
        "if __name__ == '__main__':\n"
        "    runner = pyperf.Runner(add_cmdline_args=None)\n"
        "    runner.argparser.add_argument('--n', type=int, default=5)\n"
        "    args = runner.parse_args()\n"
        "    runner.metadata['description'] = 'x'\n"
        "    runner.bench_func('plain', plain, args.n)\n"
        "    runner.bench_time_func('timing', timing, args.n, inner_loops=3)\n"
    )
    for name in ("pyperf", "__main__"):
        monkeypatch.setitem(sys.modules, name, sys.modules["__main__"])  # restored afterwards
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "path", list(sys.path))
    from stand_in import run_script

    cases = run_script(script)
    assert cases["plain"](3) >= 0.0
    assert cases["timing"](4) >= 100.0
    assert sys.modules["__main__"].calls == [5, 5, 5, (4, 5)]


@pytest.mark.parametrize("path", MICRO, ids=lambda path: path.stem)
def test_micro_benchmarks_give_the_same_result_each_time(path):
    import catalogue

    spec = importlib.util.spec_from_file_location(f"micro_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    listed = [b.case for b in catalogue.micro() if b.path == path]
    assert listed == list(module.BENCHMARKS)
    for name, function in module.BENCHMARKS.items():
        assert function() is not None, name
        assert function() == function(), name


def test_stock_against_stock_ends_well(tmp_path):
    done = bench(
        "--null", "--quick", "--suite", "micro", "strings.by_index", "--json", str(tmp_path / "x")
    )
    assert done.returncode == 0, done.stderr
    assert "strings.by_index" in done.stdout
    measured = json.loads((tmp_path / "x").read_text())["benchmarks"][0]
    assert measured["ratio"] > 0
    assert measured["rounds"][0]["stock"]["loops"] == measured["rounds"][0]["jitted"]["loops"]


def test_a_process_of_the_wrong_arm_is_refused(tmp_path):
    request = {"jitted": True, "suite": "micro", "path": str(MICRO[0]), "case": "x", "answer": "x"}
    done = subprocess.run(
        ["/usr/bin/python3.11", "-S", str(BENCH / "child.py"), json.dumps(request)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={},
    )
    assert done.returncode == 1
    assert "the JIT is not enabled" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no_such_benchmark"], "no benchmark is called 'no_such_benchmark'"),
        (["calls.fib", "--python", "/no/such/python"], "no interpreter /no/such/python"),
        (["calls.fib", "--core", "/no/such/core"], "cannot import pyjit_core"),
        (["calls.fib", "--null", "--env", "X"], "NAME=VALUE"),
        (["calls.fib", "--null", "--json", "/no/such/folder/x"], "cannot write"),
        (["--rounds", "0"], "less than 1"),
    ],
)
def test_a_broken_set_up_is_exit_code_2_and_one_clear_message(arguments, words):
    done = bench("--suite", "micro", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
