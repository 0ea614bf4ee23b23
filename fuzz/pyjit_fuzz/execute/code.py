"""Programs compiled here, once, rather than in every tested interpreter.

Contract: code is made only for an interpreter of the same release, and only where
compiling says nothing that a program's output would show. All other programs are sent
as source, and so is every program that is run alone: what a finding rests on was
compiled by the interpreter that it is about.
"""

from __future__ import annotations

import functools
import marshal
import sys
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER

from pyjit_fuzz.execute.protocol import Hello
from pyjit_fuzz.execute.server import Text
from pyjit_fuzz.model import Profile, Program, compiled

_KEPT = 256
"""Programs of a batch go to several interpreters, one after another."""


def as_source(program: Program, profile: Profile, options: Mapping[str, str] | None = None) -> Text:
    """Return the program as it was written, with its point in the profile's space."""
    source = program.source.encode("utf-8", "surrogatepass")
    return Text("source", source, {**profile.point(program), **(options or {})})


def as_code(program: Program, profile: Profile, hello: Hello) -> Text:
    """Return the program as code, if the worker that said ``hello`` can have that."""
    same = hello.python == sys.version_info[:3] and hello.magic == MAGIC_NUMBER.hex()
    code = _marshalled(program.source) if same else b""
    return Text("code", code, profile.point(program)) if code else as_source(program, profile)


@functools.lru_cache(_KEPT)
def _marshalled(source: str) -> bytes:
    made = compiled(source)
    return b"" if made is None or made.warned else marshal.dumps(made.code)
