"""A campaign: many programs, the findings they lead to, and a folder that outlives both.

Read ``loop.py`` first: the road of a program. A campaign's folder holds
``campaign.sqlite`` (what ran, counts), ``findings/`` (the truth) and ``lock``.
"""

from pyjit_fuzz.campaign.corpus import (
    CorpusError,
    CorpusFile,
    add_to_corpus,
    corpus_paths,
    read_corpus,
    read_corpus_file,
    store_program,
)
from pyjit_fuzz.campaign.exchange import ExchangeError
from pyjit_fuzz.campaign.lane import Lane, Lanes
from pyjit_fuzz.campaign.protocol import Done, Event, FromJob, Notice, Ran, Stored, Working
from pyjit_fuzz.campaign.run import run_campaign
from pyjit_fuzz.campaign.settings import Settings
from pyjit_fuzz.campaign.setup import prepare_profiles
from pyjit_fuzz.campaign.state import STATE_FILE, StateError
from pyjit_fuzz.campaign.store import Store, StoreError, read_finding
from pyjit_fuzz.campaign.summary import kept_programs, read_campaign
from pyjit_fuzz.campaign.supervisor import CampaignError, Supervisor

__all__ = [
    "STATE_FILE",
    "CampaignError",
    "CorpusError",
    "CorpusFile",
    "Done",
    "Event",
    "ExchangeError",
    "FromJob",
    "Lane",
    "Lanes",
    "Notice",
    "Ran",
    "Settings",
    "StateError",
    "Store",
    "StoreError",
    "Stored",
    "Supervisor",
    "Working",
    "add_to_corpus",
    "corpus_paths",
    "kept_programs",
    "prepare_profiles",
    "read_campaign",
    "read_corpus",
    "read_corpus_file",
    "read_finding",
    "run_campaign",
    "store_program",
]
