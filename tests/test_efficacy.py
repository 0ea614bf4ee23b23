"""The efficacy bench against the real JIT, and the canaries of its seeded faults."""

import json
import os
import platform
import struct
import subprocess
import sys

import pytest

from pyjit_fuzz.efficacy import fault_table
from pyjit_fuzz.triage.bucket import ORACLES
from pyjit_qemu.build import build_core

ARCHITECTURES = ["x86_64", pytest.param("aarch64", marks=pytest.mark.aarch64)]
FEWEST = 80
SUMS = """
import pyjit_core
pyjit_core.enable()
def add(a, b):
    return a + b + 0
for i in range(300):
    add(i, {other})
print(add(1, {other}))
"""


@pytest.fixture
def sums(tmp_path):
    """Run a program of sums under the faulty build; return what it prints and the canary."""

    def run(fault, other):
        canary = tmp_path / f"canary-{other}"
        built = build_core(platform.machine(), variant="faults")
        done = subprocess.run(
            ["/usr/bin/python3.11", "-c", SUMS.format(other=other)],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(built),
                "PYJIT_FAULT": fault,
                "PYJIT_FAULT_CANARY": str(canary),
                "PYJIT_RECOMPILE_AFTER": "20",
                "PYJIT_COMPILE_SHARE": "0",
            },
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return int(done.stdout), struct.unpack("=QQ", canary.read_bytes())

    return run


def test_a_canary_tells_a_place_that_was_reached_from_a_fault_that_was_triggered(sums):
    answer, (reached, triggered) = sums("wrong-add", 5)
    assert answer == 6
    assert reached > 0
    assert triggered == 0
    answer, (reached, triggered) = sums("wrong-add", 5000)
    assert answer > 5001
    assert reached > 0
    assert triggered > 0


def test_a_canary_is_silent_where_no_fault_is_planted(sums):
    assert sums("", 5000) == (5001, (0, 0))


def test_the_table_of_faults_is_whole():
    faults = fault_table()
    assert len(faults) >= FEWEST
    assert len({fault.name for fault in faults}) == len(faults)
    for fault in faults:
        assert fault.oracles, fault
        assert set(fault.oracles) <= set(ORACLES), fault
        assert fault.part
        assert fault.what


@pytest.mark.timeout(300)
@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_bench_finds_a_fault_and_goes_on_where_it_was(cli, tmp_path, arch):
    command = (
        *("efficacy", "--arch", arch, "--fault", "wrong-add", "--fault", "range-bound"),
        *("--seconds", 60, "--control-seconds", 5, "--no-corpus", "-o", "out", "--json"),
    )
    done = cli(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    (numbers,) = json.loads(done.stdout)["archs"]
    assert numbers["total"] == {
        "name": "all", "faults": 2, "reached": 2, "triggered": 2, "detected": 2,
    }  # fmt: skip
    assert numbers["control_findings"] == 0
    assert numbers["control_programs"] > 0
    assert "wrong-add" in (tmp_path / "out" / "index.html").read_text()
    journal = (tmp_path / "out" / "attempts.jsonl").read_text()
    assert len(journal.splitlines()) == 4
    assert cli(*command).returncode == 0
    assert (tmp_path / "out" / "attempts.jsonl").read_text() == journal


@pytest.mark.timeout(300)
def test_what_campaigns_make_of_a_fault_is_measured(cli, tmp_path):
    command = (
        *("triage", "--fault", "wrong-add", "--samples", 2, "--seconds", 60),
        *("--reduce-seconds", 15, "-o", "out", "--json"),
    )
    done = cli(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    figures = answer["quality"]
    assert figures["findings"] == len(answer["findings"]) >= 2
    assert figures["reproducing"] == figures["precision"] == 1.0
    assert figures["median_lines"] <= 20
    assert all("BINARY_OP" in each["guilty"] for each in answer["findings"])
    assert all(each["seconds"] > 0 for each in answer["findings"])
    assert json.loads(cli(*command).stdout) == answer  # from the journal


def test_a_bench_of_other_options_does_not_go_into_the_folder(cli, tmp_path):
    options = ("efficacy", "--fault", "wrong-add", "--control-seconds", 1, "--no-corpus")
    (tmp_path / "efficacy").mkdir()
    (tmp_path / "efficacy" / "attempts.jsonl").write_text("{}\n")
    done = cli(*options)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "holds a bench with other options" in done.stderr


def test_an_unknown_fault_is_refused_by_name(command, environment):
    done = subprocess.run(
        [*command, "efficacy", "--fault", "no-such-fault"],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 2
    assert "no-such-fault" in done.stderr


def test_a_build_without_faults_has_nothing_to_count(tmp_path):
    built = build_core(platform.machine())
    done = subprocess.run(
        [sys.executable, "-c", "import pyjit_core"],
        env={"PYTHONPATH": str(built), "PYJIT_FAULT_CANARY": str(tmp_path / "canary")},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "this build has no planted faults to count" in done.stderr
    assert not (tmp_path / "canary").exists()


def test_the_list_of_faults_has_a_line_for_each_where_no_terminal_bounds_it(cli):
    done = cli("efficacy", "--list")
    names = [line.split()[0] for line in done.stdout.splitlines()[1:]]
    assert names == [fault.name for fault in fault_table()]
