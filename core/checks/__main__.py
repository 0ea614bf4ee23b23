"""`python core/checks references|sanitizers|refusals`: checks that take longer than a test may.

Exit codes: 0 nothing found, 1 findings, 2 the set-up is broken (the text says what to do).
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import references
import refusals
import sanitizers
from common import SETTINGS, programs

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.paths import ARCHITECTURES

OVER_PROGRAMS = ("references", "sanitizers")


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = argparse.ArgumentParser(prog="core/checks", description=__doc__)
    commands = made.add_subparsers(dest="check", required=True)
    for name in OVER_PROGRAMS:
        command = commands.add_parser(name)
        command.add_argument("files", nargs="*", help="programs; default: the whole corpus")
        command.add_argument(
            "--setting", action="append", choices=SETTINGS, help="may be repeated; default: all"
        )
        command.add_argument(
            "--fault", default="", help="plant a fault (core/src/faults.def): is it noticed?"
        )
        if name == "references":
            command.add_argument("--arch", choices=ARCHITECTURES, default=platform.machine())
            command.add_argument(
                "--rounds",
                type=int,
                default=references.ROUNDS,
                help="runs of a program that are compared; from "
                f"{references.STEADY_ROUNDS} on memory has to be steady too; default: %(default)s",
            )
    command = commands.add_parser("refusals")
    command.add_argument("folders", nargs="*", help="default: the standard library", type=Path)
    command.add_argument("--emulated", action="store_true", help="install code under qemu as well")
    return made


def findings(chosen: argparse.Namespace) -> Iterator[str]:
    """Run the chosen check."""
    if chosen.check == "refusals":
        return refusals.check(chosen.folders, emulated=chosen.emulated)
    settings = chosen.setting or list(SETTINGS)
    files = programs(chosen.files)
    if chosen.check == "references":
        check = references.Check(chosen.arch, chosen.rounds)
        return check.findings(files, settings, chosen.fault)
    return sanitizers.check(files, settings, chosen.fault)


def main() -> int:
    """Run a check, print what it finds as it is found."""
    chosen = parser().parse_args()
    start, number = time.monotonic(), 0
    try:
        for number, text in enumerate(findings(chosen), 1):  # noqa: B007
            print(text, flush=True)
    except SetupError as error:
        print(f"core/checks: {error}", file=sys.stderr)
        return 2
    print(f"{chosen.check}: {number} findings in {time.monotonic() - start:.0f} s")
    return 1 if number else 0


if __name__ == "__main__":
    raise SystemExit(main())
