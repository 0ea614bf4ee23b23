"""The one error of this room that users meet."""

from __future__ import annotations


class SetupError(Exception):
    """The set-up is broken: the message says what, where, and what to do.

    The command line turns it into exit code 2; it never says anything about a
    program or about the JIT's correctness.
    """
