"""The benchmark tool: its arithmetic, its stand-in for pyperf, its errors. Nothing is timed."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
MICRO = sorted((BENCH / "micro").glob("*.py"))


@pytest.fixture(autouse=True)
def tool_on_path(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    yield
    for path in BENCH.glob("[!_]*.py"):
        sys.modules.pop(path.stem, None)


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
    return {**usual, "samples": samples, "peak_kib": 1000, **more}


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


def test_memory_is_jitted_by_stock_and_unknown_without_figures():
    known = row((answer([1.0]), answer([1.0], peak_kib=1500)))
    assert known.memory == 1.5
    assert row((answer([1.0]), answer([1.0], peak_kib=0))).memory is None


def test_what_compiling_costs_is_by_instruction_over_all_benchmarks():
    from summary import costs, costs_text

    few = {"bytecodes_compiled": 100, "compile_nanoseconds": 90_000, "code_bytes": 5000}
    many = {"bytecodes_compiled": 300, "compile_nanoseconds": 310_000, "code_bytes": 35_000}
    rows = [row((answer([1.0]), answer([1.0], jit=jit))) for jit in (few, many)]
    assert costs(rows)["compile_ns_per_bytecode"] == 1000
    assert costs(rows)["code_bytes_per_bytecode"] == 100
    assert "1000 ns and 100 bytes" in costs_text(rows, emulated=False)[0]
    assert "ns" not in costs_text(rows, emulated=True)[0].split()


def test_a_chart_has_a_bar_for_each_ratio_on_its_side_of_the_line():
    from chart import svg

    rows = [
        row((answer([4.0]), answer([1.0])), case="<fast>"),
        row((answer([1.0]), answer([2.0])), case="slow"),
    ]
    root = ET.fromstring(svg(rows, "a & b", "note"))
    space = "{http://www.w3.org/2000/svg}"
    bars = {bar.get("class"): bar for bar in root.iter(f"{space}rect")}
    one = next(line for line in root.iter(f"{space}line") if line.get("class") == "one").get("x1")
    assert bars["faster"].get("x") == one
    slow = bars["slower"]
    assert float(slow.get("x")) + float(slow.get("width")) == pytest.approx(float(one), abs=0.2)
    # A quarter of the time is twice as long a bar as twice the time, on a logarithmic scale.
    length = float(bars["faster"].get("width")) / float(slow.get("width"))
    assert length == pytest.approx(2, rel=0.01)
    words = [text.text for text in root.iter(f"{space}text")]
    assert {"calls.<fast>", "calls.slow", "4.00", "0.50", "a & b"} <= set(words)


def test_results_that_are_read_again_give_the_same_table_and_chart(tmp_path):
    from arms import Failure
    from results import Results, read_results

    jit = {"bytecodes_compiled": 10, "compile_nanoseconds": 9000, "code_bytes": 500, "entries": 1}
    rows = [
        row((answer([4.0]), answer([1.0], jit=jit)), (answer([3.0]), answer([1.0], jit=jit))),
        row(case="broken")._replace(failure=Failure("exit code 1", "details")),
    ]
    context = {
        "emulated": False,
        "machine": "x86_64",
        "date": "2020-02-02",
        "jit": "pyjit_core",
        "python": "3.11.2",
    }
    written = Results(rows, context)
    file = tmp_path / "x.json"
    file.write_text(written.to_json())
    read = read_results(file)
    for markdown in (True, False):
        assert read.table(markdown=markdown) == written.table(markdown=markdown)
    assert "calls.broken" in read.table(markdown=False)
    assert read.chart() == written.chart()
    shown = bench("--read", str(file))
    assert shown.stdout == written.table(markdown=False) + "\n"
    assert shown.returncode == 1


SCRIPT = """
import pyperf
calls = []
def plain(x): calls.append(x)
async def waiting(x): calls.append([x])
def timing(loops, x):
    start = pyperf.perf_counter()
    calls.append((loops, x))
    return pyperf.perf_counter() - start + 100
if __name__ == '__main__':
    runner = pyperf.Runner(add_cmdline_args=None)
    runner.argparser.add_argument('--n', type=int, default=5)
    args = runner.parse_args()
    runner.metadata['description'] = 'x'
    runner.bench_func('plain', plain, args.n)
    runner.bench_async_func('waiting', waiting, args.n)
    runner.bench_time_func('timing', timing, args.n, inner_loops=3)
    calls.append('cleaned up')
"""


@pytest.fixture
def stage_script(tmp_path, monkeypatch):
    """Return a function that runs `SCRIPT` for a case, and returns its seconds and its calls."""
    script = tmp_path / "run_benchmark.py"
    script.write_text(SCRIPT)
    for name in ("pyperf", "__main__"):
        monkeypatch.setitem(sys.modules, name, sys.modules["__main__"])  # restored afterwards
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def stage(case, *arguments, loops):
        from stand_in import Stage, run_script

        seconds = []
        clock = iter(range(1000)).__next__
        run_script(script, list(arguments), Stage(case, clock, lambda t: seconds.append(t(loops))))
        return seconds, sys.modules["__main__"].calls

    return stage


@pytest.mark.parametrize(
    ("case", "seconds", "calls"),
    [("plain", 1, [7, 7, 7]), ("waiting", 1, [[7], [7], [7]]), ("timing", 101, [(3, 7)])],
)
def test_the_stand_in_measures_the_case_before_the_script_cleans_up(
    stage_script, case, seconds, calls
):
    assert stage_script(case, "--n", "7", loops=3) == ([seconds], [*calls, "cleaned up"])


def test_a_case_that_the_script_does_not_name_is_an_error(stage_script):
    with pytest.raises(LookupError, match="names no benchmark other"):
        stage_script("other", loops=1)


def test_every_name_of_the_catalogue_is_there_once_and_enough_is_pure_python():
    import catalogue

    names = [each.name for each in catalogue.select("all", [])]
    assert len(names) == len(set(names))
    assert len(catalogue.pyperformance()) >= 45


def test_short_programs_are_measured_as_whole_processes(tmp_path):
    file = tmp_path / "x"
    done = bench("--null", "--rounds", "1", "--samples", "1", "short.nothing", "--json", str(file))
    assert done.returncode == 0, done.stderr
    (measured,) = json.loads(file.read_text())["benchmarks"]
    # Python's start alone takes more than a millisecond of processor time on any machine.
    assert measured["rounds"][0]["stock"]["samples"][0] > 0.001


def test_a_missing_package_is_one_line_about_each_benchmark(tmp_path):
    from arms import link_modules
    from catalogue import Benchmark, SetupError

    needy = Benchmark("pyperformance", "x", "y", tmp_path, modules=("json", "no_such_module"))
    with pytest.raises(SetupError, match=r"^y needs the package no_such_module\nInstall"):
        link_modules([needy], tmp_path)
    assert (tmp_path / "path" / "json" / "decoder.py").is_file()


@pytest.mark.aarch64
def test_the_plugin_counts_each_instruction_once(tmp_path):
    from emulated import compile_plugin, counted

    source = tmp_path / "loop.c"
    source.write_text(
        "void _start(void) {"
        '__asm__ volatile("mov x0, #1000\\n1: subs x0, x0, #1\\n b.ne 1b\\n"'
        '                 "mov x0, #0\\n mov x8, #93\\n svc #0\\n"); }'
    )
    program = tmp_path / "loop"
    command = ["aarch64-linux-gnu-gcc", "-O2", "-nostdlib", "-static", "-o", program, source]
    subprocess.run(command, check=True, timeout=60)
    counter = tmp_path / "count"
    run = counted(["qemu-aarch64", str(program)], compile_plugin(tmp_path), counter)
    subprocess.run(run, check=True, timeout=60)
    # Two for each of the thousand rounds, four around the loop.
    assert int.from_bytes(counter.read_bytes(), "little") == 2004


@pytest.mark.aarch64
def test_the_clock_of_the_emulated_machine_is_its_instructions(tmp_path):
    file = tmp_path / "x"
    options = ("--null", "--arch", "aarch64", "--warmup-seconds", "0", "--sample-seconds", "0")
    done = bench(*options, "--rounds", "3", "strings.by_index", "--json", str(file))
    assert done.returncode == 0, done.stderr
    measured = json.loads(file.read_text())
    assert measured["context"]["unit"].startswith("executed instructions")
    # Equal work gives equal counts, which no clock on a shared machine would; the median of
    # three rounds, as a single one was seen to be off by a hundredth on a busy machine.
    assert measured["benchmarks"][0]["ratio"] == pytest.approx(1, abs=0.001)


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


def test_two_jits_side_by_side_have_the_mean_of_what_both_ran(tmp_path):
    from results import Results

    def measured(jit, ratios):
        rows = [row((answer([r]), answer([1.0])), case=case) for case, r in ratios.items()]
        file = tmp_path / jit
        context = {"emulated": False, "jit": jit, "python": "3.11.2"}
        file.write_text(Results(rows, context).to_json())
        return str(file)

    ours = measured("pyjit_core", {"a": 4.0, "b": 1.0, "c": 9.0})
    theirs = measured("pyston_lite", {"a": 2.0, "b": 2.0})
    done = bench("--read", ours, "--beside", theirs)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "| Benchmark | pyjit_core, 3.11.2 | pyston_lite, 3.11.2 |",
        "|---|--:|--:|",
        "| calls.a | 4.00 | 2.00 |",
        "| calls.b | 1.00 | 2.00 |",
        "| calls.c | 9.00 | - |",
        "| *geometric mean of these 2* | **2.00** | **2.00** |",
    ]


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
    request = {
        "jit": "pyjit_core",
        "suite": "micro",
        "path": str(MICRO[0]),
        "case": "x",
        "answer": "x",
    }
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
        (["calls.fib", "--null", "--chart", "/no/such/folder/x"], "cannot write"),
        (["--read", "/no/such/file"], "cannot read /no/such/file: No such file"),
        (["--read", __file__], "is not what --json writes"),
        (["--rounds", "0"], "less than 1"),
        (["--suite", "short", "--arch", "aarch64"], "short programs are measured natively only"),
        (["calls.fib", "--jit", "pyston_lite"], "cannot import pyston_lite"),
        (["--beside", "x"], "--beside FILE goes with --read FILE"),
    ],
)
def test_a_broken_set_up_is_exit_code_2_and_one_clear_message(arguments, words):
    done = bench(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
