"""The boundary of a command: where errors become messages and results exit codes."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import NoReturn, ParamSpec

import typer
from rich.console import Console
from rich.markup import escape

from pyjit_fuzz.campaign import CampaignError, CorpusError, ExchangeError, StateError, StoreError
from pyjit_fuzz.cli.options import BROKEN, INTERRUPTED
from pyjit_fuzz.execute import SetupError
from pyjit_fuzz.triage import KnownIssueError

EXPECTED = (
    SetupError,
    CampaignError,
    CorpusError,
    ExchangeError,
    StateError,
    StoreError,
    KnownIssueError,
)
"""What can be wrong outside the toolkit; the text of each is a whole message."""

_P = ParamSpec("_P")


def command(function: Callable[_P, int]) -> Callable[_P, NoReturn]:
    """Make a command of a function that returns an exit code."""

    @functools.wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> NoReturn:
        try:
            code = function(*args, **kwargs)
        except EXPECTED as error:
            console = Console(stderr=True, soft_wrap=True, highlight=False)
            console.print(f"[bold red]pyjit-fuzz:[/] {escape(str(error))}")
            code = BROKEN
        except KeyboardInterrupt:
            code = INTERRUPTED
        except BrokenPipeError as error:
            # The command line's library takes every broken pipe for that of standard output, and
            # ends without a word.
            sys.stdout.flush()  # raises it if that is so
            raise RuntimeError("a pipe to another process broke") from error
        raise typer.Exit(code)

    return run
