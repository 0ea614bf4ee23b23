"""One sitting of a campaign, begun or resumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from pyjit_fuzz.campaign.crew import Gather, LocalCrew
from pyjit_fuzz.campaign.protocol import Event, Ran
from pyjit_fuzz.campaign.settings import Settings
from pyjit_fuzz.campaign.state import State, utc_now
from pyjit_fuzz.campaign.summary import load_settings, read_campaign
from pyjit_fuzz.campaign.supervisor import CampaignError, OnEvent, Supervisor
from pyjit_fuzz.generate import GENERATOR
from pyjit_fuzz.model import Program
from pyjit_fuzz.report import Sample, Summary


def run_campaign(
    folder: Path,
    settings: Settings,
    corpus: Sequence[Program],
    *,
    on_event: OnEvent,
    on_ready: Callable[[Supervisor], None] = lambda _: None,
    gather: Gather = LocalCrew,
    storage: str | None = None,
) -> tuple[Summary, list[Sample]]:
    """Run, or go on with, the campaign in a folder and return its numbers.

    ``gather`` makes the crew that does the work; ``storage`` is a URL, see ``exchange``. Ends
    cleanly on ``KeyboardInterrupt`` and then raises it again. Raises ``CampaignError``,
    ``StateError``, ``StoreError`` or ``ExchangeError`` when it cannot go on.
    """
    builds: set[tuple[str, str]] = set()

    def listen(arch: str, message: Event) -> None:
        if isinstance(message, Ran):
            _note_builds(supervisor.state, message, builds)
        on_event(arch, message)

    supervisor = Supervisor(folder, settings, corpus, listen, gather, storage)
    try:
        _check_same_campaign(folder, settings, supervisor.state)
        supervisor.state.set_setting("settings", msgspec.json.encode(settings).decode())
        supervisor.state.set_setting("generator", GENERATOR)
        if supervisor.state.setting("started") is None:
            supervisor.state.set_setting("started", utc_now())
        supervisor.state.commit()
        on_ready(supervisor)
        supervisor.run()
    finally:
        supervisor.close()
    return read_campaign(folder)


def _check_same_campaign(folder: Path, settings: Settings, state: State) -> None:
    """Refuse to mix campaigns: programs are named by seed and generator."""
    before = load_settings(state)
    if before is None:
        return
    generator = state.setting("generator")
    for what, old, new in (
        ("seed", before.seed, settings.seed),
        ("generator", generator, GENERATOR),
    ):
        if old != new:
            raise CampaignError(
                f"the campaign in {folder} was started with {what} {old}, not {new}; "
                "go on with that one or choose another --output"
            )


def _note_builds(state: State, message: Ran, known: set[tuple[str, str]]) -> None:
    for run in message.runs:
        if run.build_id and (run.profile, run.build_id) not in known:
            known.add((run.profile, run.build_id))
            state.set_setting(f"build:{run.profile}", run.build_id)
