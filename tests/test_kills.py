"""``kill -9`` and Ctrl-C: nothing that was found is lost, and the campaign goes on or resumes."""

import contextlib
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from pyjit_fuzz.campaign import Store, read_campaign
from pyjit_fuzz.campaign.settings import DEFAULT_BATCH
from pyjit_fuzz.campaign.state import State
from pyjit_fuzz.execute import open_executor
from pyjit_fuzz.model import FindingState, Profile, Program, Status

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "corpora" / "seeds" / "arithmetic"
ENDLESS = ("--profile", "fake-right", "--programs", 100000, "--jobs", 1)
"""A campaign that no machine is through with before something in it is killed."""


@pytest.fixture
def campaign(command, environment, tmp_path):
    """Start campaigns that run in the background."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [*command, "run", "-o", "out", "--corpus", str(SEEDS), *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.stdout.close()
        process.kill()
        process.wait()


def wait_for(condition, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        assert process.poll() is None, process.stdout.read()
        time.sleep(0.05)
    pytest.fail("nothing happened in time")


def programs_run(folder):
    try:
        return read_campaign(folder)[0].archs[0].programs
    except Exception:  # noqa: BLE001 - it is only just being made
        return 0


def processes(parent, text):
    """Return the processes below another one whose command line has a text."""
    found = []
    for child in psutil.Process(parent.pid).children(recursive=True):
        try:
            if text in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def finished(process, seconds=90):
    output, _ = process.communicate(timeout=seconds)
    return output


def stopped_later(process, folder):
    """Press Ctrl-C some batches from now, and return what the campaign said."""
    enough = programs_run(folder) + 3 * DEFAULT_BATCH
    wait_for(lambda: programs_run(folder) >= enough, process)
    os.killpg(process.pid, signal.SIGINT)
    output = finished(process, 30)
    assert process.returncode == 130, output
    return output


def ran_without_a_hole(folder):
    """Tell whether the generated programs that ran are the first ones, all of them."""
    keys = {int(key) for key in State(folder).done("x86_64") if key.isdecimal()}
    return len(keys) > DEFAULT_BATCH and keys == set(range(len(keys)))


@pytest.mark.timeout(300)
def test_kill_9_of_the_campaign_loses_no_finding_and_it_resumes(campaign, tmp_path):
    folder = tmp_path / "out"
    wrong = ("--profile", "fake-wrong-add", "--programs", 2, "--reduce-seconds", 2)
    process = campaign(*wrong)
    found = wait_for(lambda: list(Store(folder).findings()), process)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    finished(process)
    kept = {finding.id for _, finding in Store(folder).findings()}
    assert kept >= {finding.id for _, finding in found}
    # Jobs and fork servers notice that nobody is left to work for.
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []

    done = campaign(*wrong)
    output = finished(done, 200)
    assert done.returncode == 1, output
    summary, samples = read_campaign(folder)
    assert kept <= {sample.finding.id for sample in samples}
    assert all(
        sample.finding.state not in (FindingState.NEW, FindingState.CONFIRMED) for sample in samples
    )
    assert summary.archs[0].programs == 2 + len(list(SEEDS.glob("*.py")))


def test_kill_9_of_the_campaign_repeats_no_program(campaign, tmp_path):
    folder = tmp_path / "out"
    right = ("--profile", "fake-right", "--programs", 400)
    process = campaign(*right)
    wait_for(lambda: programs_run(folder) >= 20, process)
    process.kill()
    finished(process)
    before = programs_run(folder)
    done = campaign(*right)
    output = finished(done, 200)
    assert done.returncode == 0, output
    assert 20 <= before < programs_run(folder) == 400 + len(list(SEEDS.glob("*.py")))


def test_kill_9_of_a_job_is_survived(campaign, tmp_path):
    folder = tmp_path / "out"
    process = campaign(*ENDLESS)
    wait_for(lambda: programs_run(folder) >= 5, process)
    (job,) = processes(process, "pyjit_fuzz.campaign.job")
    job.kill()
    output = stopped_later(process, folder)
    assert "a job ended with status -9" in output
    assert ran_without_a_hole(folder)


def test_kill_9_of_fork_servers_is_survived(campaign, tmp_path):
    folder = tmp_path / "out"
    process = campaign(*ENDLESS)
    wait_for(lambda: programs_run(folder) >= 5, process)
    servers = processes(process, "pyjit_fuzz/worker")
    killed = 0
    for server in servers:
        # A child that runs a program looks the same, and may have come to its end by now.
        with contextlib.suppress(psutil.NoSuchProcess):
            server.kill()
            killed += 1
    assert killed >= 2
    output = stopped_later(process, folder)
    assert "a job ended" not in output  # it starts the servers again itself
    assert ran_without_a_hole(folder)
    assert read_campaign(folder)[0].divergences == 0


def test_ctrl_c_ends_cleanly_and_keeps_what_was_done(campaign, tmp_path):
    folder = tmp_path / "out"
    process = campaign(*ENDLESS)
    wait_for(lambda: programs_run(folder) >= 5, process)
    children = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    output = finished(process, 30)
    assert process.returncode == 130, output
    assert "Traceback" not in output
    assert "programs run:" in output
    assert (folder / "report" / "index.html").exists()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_kill_9_of_the_running_program_is_a_crash_of_it_alone():
    endless = Program("while True:\n    pass\n")
    with (
        open_executor(Profile(name="interp", arch="x86_64")) as executor,
        ThreadPoolExecutor() as pool,
    ):
        server = executor.pid
        running = pool.submit(executor.run, endless)
        end = time.monotonic() + 20
        while not (children := psutil.Process(server).children()):
            assert time.monotonic() < end
            time.sleep(0.01)
        children[0].kill()
        observation = running.result(timeout=20)
        assert observation.status is Status.CRASH
        assert observation.crash.signal_name == "SIGKILL"
        assert executor.run(Program("RESULT = 1\n")).status is Status.OK
        assert executor.pid == server
