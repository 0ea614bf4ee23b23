"""What campaigns of several machines leave for each other in a storage."""

import time

import msgspec
import pytest
from campaigns import ADDS, PLAIN, settings
from reports import FINDING

from pyjit_fuzz.campaign import Store, read_campaign, run_campaign
from pyjit_fuzz.campaign.exchange import Exchange, ExchangeError
from pyjit_fuzz.campaign.state import State
from pyjit_fuzz.model import Finding, FindingState, Program

SOON = 0.05


def finding(state=FindingState.NEW):
    return msgspec.structs.replace(FINDING, state=state)


@pytest.fixture
def storage(tmp_path):
    """Open connections with one storage, which are closed again."""
    opened = []

    def open_(*offered):
        said = []
        exchange = Exchange(f"file://{tmp_path}/share", said.append, seconds=SOON)
        exchange.said = said
        exchange.offer(offered)
        exchange.begin()
        opened.append(exchange)
        return exchange

    open_.folder = tmp_path / "share"
    yield open_
    for exchange in opened:
        exchange.close()


def arrived(exchange, number=1):
    """Return the news as soon as there are so many."""
    news, end = [], time.monotonic() + 20
    while len(news) < number and time.monotonic() < end:
        news += exchange.news()
        time.sleep(0.01)
    return news


def nothing_more(exchange):
    time.sleep(10 * SOON)
    return exchange.news() == []


def test_what_one_offers_the_others_get_once(storage):
    one, other = storage(ADDS), storage()
    assert arrived(other) == [ADDS]
    one.offer([finding(), PLAIN])
    assert sorted(map(type, arrived(other, 2)), key=str) == [Finding, Program]
    assert nothing_more(other)
    assert nothing_more(one)


def test_each_state_of_a_finding_is_there(storage):
    one, other = storage(), storage()
    for state in (FindingState.NEW, FindingState.CONFIRMED, FindingState.REDUCED):
        one.offer([finding(state=state)])
        assert [each.state for each in arrived(other)] == [state]


def test_who_comes_later_gets_everything_but_what_it_has(storage):
    storage(ADDS, PLAIN).close()
    assert arrived(storage(PLAIN)) == [ADDS]


def test_what_is_offered_last_is_there_after_the_end(storage):
    one = storage()
    one.offer([ADDS])
    one.close()
    assert arrived(storage()) == [ADDS]
    assert one.said == []


def test_a_damaged_file_is_left_alone_and_told_of_once(storage):
    one = storage()
    (storage.folder / "programs" / "0123.json").write_text('{"source": ')
    one.offer([PLAIN])
    other = storage()
    assert arrived(other) == [PLAIN]
    end = time.monotonic() + 20
    while not other.said and time.monotonic() < end:
        time.sleep(0.01)
    assert nothing_more(other)
    (said,) = other.said
    assert "programs/0123.json is damaged" in said


def test_a_file_with_another_name_than_its_program_is_damaged(storage):
    storage(ADDS).close()
    for path in (storage.folder / "programs").iterdir():
        path.rename(path.with_name("0123.json"))
    other = storage()
    end = time.monotonic() + 20
    while not other.said and time.monotonic() < end:
        time.sleep(0.01)
    assert f"it holds programs/{ADDS.id}.json" in other.said[0]
    assert other.news() == []


def test_a_file_that_is_being_written_is_read_when_it_is_whole(storage):
    other = storage()
    path = storage.folder / "programs" / f"{ADDS.id}.json"
    text = msgspec.json.encode(ADDS)
    path.write_bytes(text[:20])
    time.sleep(SOON)
    path.write_bytes(text)
    assert arrived(other) == [ADDS]
    assert other.said == []


def test_what_a_killed_writer_has_left_half_written_is_written_again(storage):
    storage()  # makes the folders
    part = storage.folder / "programs" / f"{ADDS.id}.json.part"
    part.write_text('{"source": ')
    storage(ADDS).close()
    assert not part.exists()
    assert arrived(storage()) == [ADDS]


def test_a_storage_that_is_gone_for_a_while_loses_nothing(storage, tmp_path):
    one = storage()
    storage.folder.rename(tmp_path / "away")
    storage.folder.write_text("no folder")
    one.offer([ADDS])
    end = time.monotonic() + 20
    while not one.said and time.monotonic() < end:
        time.sleep(0.01)
    storage.folder.unlink()
    (tmp_path / "away").rename(storage.folder)
    assert arrived(storage()) == [ADDS]
    (said,) = one.said
    assert "cannot reach the storage" in said


def test_what_could_not_be_copied_is_told_of_at_the_end(storage, tmp_path):
    one = storage()
    storage.folder.rename(tmp_path / "away")
    storage.folder.write_text("no folder")
    one.offer([ADDS])
    one.close()
    assert "1 findings and programs could not be copied" in one.said[-1]


@pytest.mark.parametrize("url", ["nosuch://place", "file:///proc/pyjit"])
def test_a_storage_that_cannot_be_used_is_an_error(url):
    with pytest.raises(ExchangeError, match="cannot use the storage"):
        Exchange(url, print)


def test_a_campaign_reports_what_another_one_has_found(tmp_path):
    def run(name, kind):
        return run_campaign(
            tmp_path / name,
            settings(kind),
            [ADDS, PLAIN],
            on_event=lambda _, __: None,
            storage=f"file://{tmp_path}/share",
        )

    _, [found] = run("one", "wrong_add")
    summary, [shown] = run("other", "right")
    assert shown.finding == found.finding
    assert shown.folder.is_relative_to(tmp_path / "other")
    (bucket,) = summary.buckets
    assert (bucket.seen, summary.archs[0].different) == ({"x86_64": 1}, 0)


def test_a_later_state_from_elsewhere_replaces_an_earlier_one_and_never_the_reverse(tmp_path):
    url = f"file://{tmp_path}/share"
    early, late = finding(), finding(state=FindingState.NOT_REPRODUCED)
    Store(tmp_path / "one").add(early)
    Store(tmp_path / "two").add(late)
    for name in ("two", "one", "two"):
        asked = msgspec.structs.replace(settings("right"), stop_after=1)
        run_campaign(tmp_path / name, asked, [], on_event=lambda _, __: None, storage=url)
    for name in ("one", "two"):
        (sample,) = read_campaign(tmp_path / name)[1]
        assert sample.finding.state is FindingState.NOT_REPRODUCED


def test_a_campaign_runs_what_another_one_has_kept(tmp_path):
    url = f"file://{tmp_path}/share"
    exchange = Exchange(url, print)
    exchange.offer([ADDS])
    exchange.begin()
    exchange.close()
    for _ in range(2):  # the second sitting finds it done
        run_campaign(
            tmp_path / "c",
            settings("right", programs=64, mutants=0),
            [],
            on_event=lambda _, __: None,
            storage=url,
        )
    state = State(tmp_path / "c")
    assert [each.id for each in state.guests()] == [ADDS.id]
    assert f"kept:{ADDS.id}" in state.done("x86_64")
    state.close()
