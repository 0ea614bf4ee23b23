"""Programs that are compiled once, rather than in every tested interpreter.

Contract
- The stock interpreter, which is the first to run a program, answers what it has compiled it to;
  other interpreters of the same release are sent that. It is only handed on: whatever comes out of
  a worker is loaded by nobody but another worker, and what a compiler dies of ends a child.
- Where compiling is slow (under an emulator), and where no interpreter here has run the program,
  it is compiled in this process.
- What the compiler has something to say of, which is a program's output, is sent as source; so is
  every program that is run alone: what a finding rests on was compiled by the interpreter that it
  is about.
"""

from __future__ import annotations

import functools
import marshal
import sys
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER
from typing import Final, TypeAlias

from pyjit_fuzz.execute.protocol import Hello
from pyjit_fuzz.execute.server import Text
from pyjit_fuzz.model import Profile, Program, compiled

_KEPT: Final = 256
"""Programs of a batch go to several interpreters, one after another."""
_Key: TypeAlias = tuple[tuple[int, int, int], str, str]


class CodeStore:
    """The code of the last programs, by the release that made it."""

    def __init__(self) -> None:
        """Know no program."""
        self._codes: dict[_Key, bytes] = {}

    def keep(self, program: Program, hello: Hello, code: bytes) -> None:
        """Keep what an interpreter answered; empty: it is to be sent as source."""
        key = (hello.python, hello.magic, program.source)
        self._codes.pop(key, None)
        self._codes[key] = code
        if len(self._codes) > _KEPT:
            del self._codes[next(iter(self._codes))]

    def get(self, program: Program, hello: Hello) -> bytes | None:
        """Return what was kept for an interpreter of that release, None if nothing was."""
        return self._codes.get((hello.python, hello.magic, program.source))


def as_source(program: Program, profile: Profile, options: Mapping[str, str] | None = None) -> Text:
    """Return the program as it was written, with its point in the profile's space."""
    source = program.source.encode("utf-8", "surrogatepass")
    return Text("source", source, {**profile.point(program), **(options or {})})


def as_code(program: Program, profile: Profile, hello: Hello, store: CodeStore) -> Text:
    """Return the program as code, if the worker that said ``hello`` can have that."""
    code = store.get(program, hello)
    if code is None:
        same = hello.python == sys.version_info[:3] and hello.magic == MAGIC_NUMBER.hex()
        code = _marshalled(program.source) if same else b""
    return Text("code", code, profile.point(program)) if code else as_source(program, profile)


@functools.lru_cache(_KEPT)
def _marshalled(source: str) -> bytes:
    made = compiled(source)
    if made is None or made.warned:
        return b""
    try:
        return marshal.dumps(made.code)
    except ValueError:  # nested too deeply for it, and not for the compiler
        return b""
