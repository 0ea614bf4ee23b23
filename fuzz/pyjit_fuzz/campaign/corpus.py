"""The corpus: programs as files, read, checked and added.

A corpus file is one program (see ``pyjit_fuzz.model.program``). Its first
comment lines may hold directives:

    # pyjit: interpreted-only: REASON     it is known not to run compiled code
    # pyjit: planned-exception: TYPE      it means to end with this exception
    # pyjit: unmutated: REASON            no other program is made from it
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pyjit_fuzz.model import Program

_DIRECTIVE = re.compile(r"#\s*pyjit:\s*(?P<name>[a-z-]+)(?:\s*:\s*(?P<value>.*\S))?\s*$")
_DIRECTIVES = frozenset({"interpreted-only", "planned-exception", "unmutated"})


class CorpusError(Exception):
    """A corpus file is unreadable or not a program; the text names it and says why."""


class CorpusFile(msgspec.Struct, frozen=True):
    """A corpus file that was read and compiles."""

    path: Path
    program: Program
    interpreted_only: str = ""
    """Why it may run without compiled code; empty: it may not."""


def read_corpus_file(path: Path) -> CorpusFile:
    """Read one file; raises ``CorpusError``."""
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CorpusError(f"cannot read the corpus file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not a Python program: not UTF-8 ({error.reason})") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a program does is not our concern here
            compile(source, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        raise CorpusError(f"{path}{line} is not a Python program: {text}") from error
    directives = _directives(path, source)
    program = Program(
        source=source,
        origin=f"corpus:{path.parent.name}/{path.name}",
        features=(path.parent.name,),
        planned_exception=directives.get("planned-exception", ""),
        unmutated="unmutated" in directives,
    )
    return CorpusFile(path, program, directives.get("interpreted-only", ""))


def read_corpus(paths: Iterable[Path]) -> list[CorpusFile]:
    """Read files and all ``*.py`` below folders, each program once; raises ``CorpusError``."""
    files: dict[str, CorpusFile] = {}
    for path in corpus_paths(paths):
        file = read_corpus_file(path)
        files.setdefault(file.program.id, file)
    return list(files.values())


def corpus_paths(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the corpus files that paths stand for; raises ``CorpusError``."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.py"))
        elif path.exists():
            yield path
        else:
            raise CorpusError(f"there is no corpus file or folder {path}")


def add_to_corpus(folder: Path, name: str, program: Program, *, note: str) -> Path:
    """Write a program as a new corpus file and return its path; raises ``CorpusError``."""
    path = folder / f"{re.sub(r'[^A-Za-z0-9_]+', '_', name).strip('_')}.py"
    if path.exists():
        raise CorpusError(f"{path} exists already")
    header = f"# {' '.join(note.split())}\n"
    if program.planned_exception:
        header += f"# pyjit: planned-exception: {program.planned_exception}\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(header + program.source, encoding="utf-8")
    except OSError as error:
        raise CorpusError(f"cannot write the corpus file {path}: {error.strerror}") from error
    return path


def store_program(folder: Path, program: Program) -> bool:
    """Write a program as a corpus file named by its id; tell whether it was not there already."""
    name = f"kept_{program.id}"
    if (folder / f"{name}.py").exists():
        return False
    add_to_corpus(folder, name, program, note=f"Kept by a campaign; it was a {program.origin} one.")
    return True


def _directives(path: Path, source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(source.splitlines(), 1):
        if not line.startswith("#"):
            break
        match = _DIRECTIVE.match(line)
        if match is None:
            continue
        name, value = match["name"], match["value"]
        if name not in _DIRECTIVES or not value:
            known = ", ".join(f"`# pyjit: {each}: …`" for each in sorted(_DIRECTIVES))
            raise CorpusError(f"{path}, line {number}: unknown directive; known are {known}")
        found[name] = value
    return found
