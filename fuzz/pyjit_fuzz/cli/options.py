"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pyjit_fuzz.campaign.setup import DEFAULT_PROFILES
from pyjit_fuzz.execute import Limits

FOUND, BROKEN, INTERRUPTED = 1, 2, 130
"""Exit codes, see ``pyjit_fuzz.cli``."""
ARCHITECTURES = ("x86_64", "aarch64")
REGISTRY = Path("corpora/known.toml")
CAMPAIGN_SECONDS = 0.25
"""Processor seconds of a campaign's program: a hundred times what a usual one takes.

One program in eighty, a mutant, does not end; with two seconds for each, these took more than
half of a campaign's time.
"""

Archs = Annotated[
    list[str] | None,
    typer.Option(
        "--arch",
        help="Architecture to run on: x86_64 or aarch64; may be repeated. Default: this machine's.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        min=0.1,
        help="Processor seconds that one program may take; emulated, many times that. Default: "
        f"{CAMPAIGN_SECONDS:g} in campaigns, {Limits().seconds:g} elsewhere.",
    ),
]
Profiles = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        help="JIT profile to test; may be repeated. "
        f"Default: {', '.join(DEFAULT_PROFILES[1:])}. The reference, interp, always runs.",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Programs at a time.")]
StopAfter = Annotated[
    int, typer.Option(min=0, metavar="N", help="Stop this sitting after N findings.")
]
Known = Annotated[
    Path | None,
    typer.Option(
        help="TOML registry of known issues: which are not to be reported, and which were "
        f"fixed. Default: {REGISTRY} of the checkout that it is run in."
    ),
]
Faults = Annotated[
    str, typer.Option(metavar="NAME", hidden=True, help="Plant a fault in a test-only build.")
]
FindingFolder = Annotated[
    Path,
    typer.Argument(help="Folder of a finding (with finding.json).", metavar="FOLDER"),
]
CampaignFolder = Annotated[
    Path,
    typer.Argument(help="Folder of a campaign (with campaign.sqlite).", metavar="FOLDER"),
]


def architectures(archs: Sequence[str] | None) -> list[str]:
    """Return the wanted architectures; raises ``typer.BadParameter``."""
    wanted = list(dict.fromkeys(archs or [platform.machine()]))
    for arch in wanted:
        if arch not in ARCHITECTURES:
            raise typer.BadParameter(
                f"unknown architecture {arch!r}; known are {', '.join(ARCHITECTURES)}",
                param_hint="--arch",
            )
    return wanted


def program_bounds(values: Sequence[str] | None, archs: Sequence[str]) -> dict[str, int]:
    """Read ``N`` and ``ARCH=N``; raises ``typer.BadParameter``."""
    bounds: dict[str, int] = {}
    for value in values or ():
        arch, separator, number = value.rpartition("=")
        if not number.isdecimal() or (separator and arch not in archs):
            raise typer.BadParameter(
                f"{value!r} is neither a number nor ARCH=NUMBER with a chosen architecture",
                param_hint="--programs",
            )
        for each in [arch] if separator else archs:
            bounds[each] = int(number)
    return bounds


def limits(seconds: float | None, default: float = Limits().seconds) -> Limits:
    """Return the limits of one run of a program."""
    return Limits(seconds=default if seconds is None else seconds)
