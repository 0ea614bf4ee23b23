"""Campaigns on a real Dask cluster: the same results, whoever dies."""

import tempfile
from concurrent.futures import CancelledError
from types import SimpleNamespace

import msgspec
import psutil
import pytest
from campaigns import ADDS, PLAIN, settings

from pyjit_fuzz.campaign import (
    CampaignError,
    Notice,
    Ran,
    Store,
    Stored,
    Working,
    read_campaign,
    run_campaign,
)
from pyjit_fuzz.campaign.protocol import Start
from pyjit_fuzz.campaign.setup import prepare_profiles
from pyjit_fuzz.campaign.state import State
from pyjit_fuzz.cluster import crew as crew_room
from pyjit_fuzz.cluster import on_cluster
from pyjit_fuzz.cluster.station import Station
from pyjit_fuzz.execute import SetupError
from pyjit_fuzz.execute.scratch import PREFIX, sweep
from pyjit_fuzz.model import FindingState

CORPUS = [ADDS, PLAIN]
MANY = 320


@pytest.fixture
def run(tmp_path):
    """Run campaigns on a cluster; ``react`` is called for each event."""
    events = []

    def run(cluster, asked, react=lambda _: None, most=None, on_ready=lambda _: None):
        events.clear()

        def listen(_, message):
            events.append(message)
            react(message)

        return run_campaign(
            tmp_path / "campaign",
            asked,
            CORPUS,
            on_event=listen,
            gather=on_cluster(cluster.address, most),
            on_ready=on_ready,
        )

    run.events = events
    run.folder = tmp_path / "campaign"
    return run


def outcomes(folder):
    state = State(folder)
    rows = state.rows("SELECT key, program_id, outcome FROM programs ORDER BY key")
    state.close()
    return rows


def right(programs=MANY):
    return settings("right", programs=programs, feedback=0, batch=16)


def test_a_cluster_does_what_one_machine_does(cluster, run, tmp_path):
    asked = settings("wrong_add", programs=2, feedback=0, mutants=0, batch=1)
    asked = msgspec.structs.replace(
        asked, reduction=msgspec.structs.replace(asked.reduction, seconds=3)
    )
    _, samples = run(cluster, asked)
    run_campaign(tmp_path / "local", asked, CORPUS, on_event=lambda _, __: None)
    assert outcomes(run.folder) == outcomes(tmp_path / "local")
    local = {finding.id for _, finding in Store(tmp_path / "local").findings()}
    assert {sample.finding.id for sample in samples} == local
    assert all(each.folder.is_relative_to(run.folder) for each in samples)
    (adds,) = [each.finding for each in samples if each.finding.original == ADDS]
    assert adds.state is FindingState.REDUCED
    assert [
        each.state for each in run.events if isinstance(each, Stored) and each.id == adds.id
    ] == [
        "new",
        "confirmed",
        "reduced",
    ]
    assert any(isinstance(each, Working) for each in run.events)
    assert cluster.jobs() == []  # nothing is left on the workers


def test_a_worker_that_is_killed_loses_nothing(cluster, run):
    def kill_one(message):
        if isinstance(message, Ran) and cluster.processes[-1].poll() is None:
            cluster.processes[-1].kill()

    summary, samples = run(cluster, right(), kill_one)
    (arch,) = summary.archs
    assert (arch.programs, arch.lost, samples) == (MANY + len(CORPUS), 0, [])
    assert any(
        isinstance(each, Notice) and each.text == "1 workers in the cluster, before 2"
        for each in run.events
    )


def test_workers_may_join_later(empty_cluster, run):
    empty_cluster.add_worker()
    busy = []

    def add(message):
        if isinstance(message, Ran):
            busy.append(len(empty_cluster.jobs()))
            if len(empty_cluster.processes) == 2:
                empty_cluster.add_worker()

    run(empty_cluster, right(programs=1000), add)
    assert (min(busy), max(busy)) == (1, 2)


@pytest.mark.parametrize(("most", "number"), [(1, 1), (None, 2), (9, 2)])
def test_as_many_orders_at_a_time_as_asked_for_and_there_are_threads(cluster, run, most, number):
    supervisors, busy = [], []

    def count(_):
        busy.append(sum(job.task is not None for job in supervisors[0]._jobs))

    run(cluster, right(), count, most, supervisors.append)
    assert max(busy) == number


def test_a_job_that_is_killed_on_a_worker_is_replaced(cluster, run, tmp_path):
    mark = tmp_path / "mark"
    summary, _ = run(cluster, settings("kill_job", environment={"MARK": str(mark)}))
    assert mark.exists()
    assert (summary.archs[0].programs, summary.archs[0].lost) == (2, 0)
    news = [each.text for each in run.events if isinstance(each, Notice)]
    assert any("a job ended with status -9 on tcp://" in text for text in news)


def test_a_scheduler_that_is_gone_ends_the_sitting_and_the_next_one_goes_on(
    cluster, run, tmp_path, monkeypatch
):
    monkeypatch.setattr(crew_room, "PATIENCE", 3.0)

    def kill_scheduler(message):
        if isinstance(message, Ran) and cluster.scheduler.poll() is None:
            cluster.scheduler.kill()

    with pytest.raises(CampaignError, match="run the same command again"):
        run(cluster, right(), kill_scheduler)
    before = read_campaign(run.folder)[0].archs[0].programs
    assert 0 < before < MANY
    summary, _ = run_campaign(run.folder, right(), CORPUS, on_event=lambda _, __: None)
    assert summary.archs[0].programs == MANY + len(CORPUS)


def test_orders_that_a_lost_scheduler_takes_with_it_are_not_held_against_their_programs():
    class Crew:
        def look(self):
            raise CampaignError("the scheduler is gone")

    class Future:
        def result(self):
            raise CancelledError

    job = crew_room.ClusterJob(Crew())
    job._future = Future()
    with pytest.raises(CampaignError, match="the scheduler is gone"):
        job.receive()


def test_ctrl_c_ends_what_runs_on_the_workers_at_once(cluster, run):
    def interrupt(message):
        if isinstance(message, Working):
            assert cluster.jobs()
            raise KeyboardInterrupt

    long = msgspec.structs.replace(right(programs=5000), batch=1000)
    with pytest.raises(KeyboardInterrupt):
        run(cluster, long, interrupt)
    _, alive = psutil.wait_procs(cluster.jobs(), timeout=5)
    assert alive == []
    assert run(cluster, right())[0].archs[0].lost == 0  # and the workers take new orders


def test_without_a_scheduler_it_says_how_to_start_one(run, monkeypatch, unused_address):
    monkeypatch.setattr(crew_room, "PATIENCE", 1.0)
    with pytest.raises(CampaignError, match=r"no Dask scheduler at tcp://.*`dask scheduler`"):
        run(unused_address, right())


def test_without_a_worker_it_says_how_to_start_one(empty_cluster, run, monkeypatch):
    monkeypatch.setattr(crew_room, "PATIENCE", 1.0)
    with pytest.raises(CampaignError, match=r"no worker has joined .*`dask worker tcp://"):
        run(empty_cluster, right())


def test_when_the_last_worker_leaves_it_says_so(empty_cluster, run, monkeypatch):
    monkeypatch.setattr(crew_room, "PATIENCE", 5.0)
    worker = empty_cluster.add_worker()
    with pytest.raises(CampaignError, match="all workers have left"):
        run(empty_cluster, right(), lambda each: isinstance(each, Ran) and worker.kill())
    assert read_campaign(run.folder)[0].archs[0].programs > 0


def test_what_a_worker_cannot_do_is_an_error_with_its_address(cluster, run):
    asked = right()
    broken = msgspec.structs.replace(asked.profiles[1], executor="nosuch")
    asked = msgspec.structs.replace(asked, profiles=(asked.profiles[0], broken))
    with pytest.raises(CampaignError, match="nosuch"):
        run(cluster, asked)


def station(asked, **fields):
    made = Station("s", msgspec.msgpack.encode(Start(asked, (), "")))
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_a_station_owns_a_scratch_folder_while_it_lives(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = station(right())
    made.setup(SimpleNamespace(address="tcp://here"))
    (folder,) = tmp_path.glob(f"{PREFIX}*")  # by this name it is swept when its owner was killed
    assert sweep(settled=0) == []
    made.teardown(None)
    assert not folder.exists()


def test_another_generator_is_refused():
    with pytest.raises(SetupError, match=r"the generator typed/.*, the campaign's with typed/0"):
        station(right(), generator="typed/0")._start_here()


def test_another_build_is_refused(tmp_path):
    profiles = prepare_profiles(["jit"], ["x86_64"])
    elsewhere = str(tmp_path / "elsewhere" / "0123456789abcdef")
    there = msgspec.structs.replace(profiles[1], python_path=(elsewhere,))
    asked = msgspec.structs.replace(right(), profiles=(profiles[0], there))
    with pytest.raises(
        SetupError, match=r"another build of the JIT .* instead of 0123456789abcdef"
    ):
        station(asked)._start_here()


def test_the_same_build_in_another_place_is_taken(tmp_path):
    profiles = prepare_profiles(["jit"], ["x86_64"])
    (here,) = profiles[1].python_path
    elsewhere = str(tmp_path / here.rpartition("/")[2])
    there = msgspec.structs.replace(profiles[1], python_path=(elsewhere,))
    asked = msgspec.structs.replace(right(), profiles=(profiles[0], there))
    assert station(asked)._start_here().settings.profiles[1].python_path == (here,)
