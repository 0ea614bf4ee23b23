"""Compiles every code object of the Python files in some folders, without running any.

compile_everything.py [WAY[,WAY...]] FOLDER... prints a line of JSON for each code object that is
refused (the way, the reason, file, line, name) and, last, an object with the totals. Each is
compiled as at run time (`installed`), and freed with its code object. The ways come on top of that:
`<arch>-first` or `<arch>-optimised`, which are the version of the first calls, and the one that is
made with feedback (here of none), emitted for that architecture and thrown away.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pyjit_core

SKIPPED = {"dist-packages", "site-packages"}  # not of the standard library


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code object and those nested in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def sources(folders: list[str]) -> Iterator[Path]:
    """Yield the Python files, in order."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.py")):
            if not SKIPPED.intersection(path.parts):
                yield path


def parse(path: Path) -> CodeType | None:
    """Return a file's code; None for those that are wrong, as some of the tests mean to be."""
    try:
        return compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None


def refusals(code: CodeType, ways: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Compile in all ways; yield (way, reason) for those that failed."""
    # What is not compiled yet is listed as optimised code; what is, as its newest version.
    yield from listed(code, [arch for arch, version in ways if version == "optimised"], "optimised")
    before = pyjit_core.stats()["refused"]
    if not pyjit_core.compile(code):
        after = pyjit_core.stats()["refused"]
        yield "installed", next(r for r in after if after[r] != before.get(r, 0))
        return
    yield from listed(code, [arch for arch, version in ways if version == "first"], "first")


def listed(code: CodeType, archs: list[Any], version: str) -> Iterator[tuple[str, str]]:
    """Emit what would be compiled now for some architectures; yield as above."""
    for arch in archs:
        try:
            pyjit_core.disassemble(code, arch)
        except ValueError as error:
            yield f"{arch}-{version}", str(error).rpartition(": ")[2]


def main() -> None:
    """Compile everything."""
    warnings.simplefilter("ignore")
    ways, folders = [way.split("-") for way in sys.argv[1].split(",") if way], sys.argv[2:]
    files = wrong = number = 0
    for path in sources(folders):
        files += 1
        top = parse(path)
        if top is None:
            wrong += 1
            continue
        for code in codes(top):
            number += 1
            for way, reason in refusals(code, ways):
                place = str(path), code.co_firstlineno, code.co_qualname
                print(json.dumps([way, reason, *place]), flush=True)
        del top, code
        if files % 100 == 0:
            gc.collect()
            print(f"{files} files, {number} code objects", file=sys.stderr, flush=True)
    stats = pyjit_core.stats()
    totals = {
        "files": files,
        "wrong_files": wrong,
        "code_objects": number,
        "bytecodes": stats["bytecodes_compiled"],
        "code_bytes": stats["code_bytes"],
        "left_bytes": stats["code_memory_bytes"],
    }
    print(json.dumps(totals))


main()
