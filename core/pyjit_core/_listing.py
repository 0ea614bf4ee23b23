"""Compiled code as people read it: source lines, bytecode and machine code side by side.

`_native.disassemble` says in comments which bytecode instruction each line of machine code is of;
this reads them and adds what the code object and its source file know.
"""

from __future__ import annotations

import dis
import linecache
from types import CodeType

from pyjit_core import _native

TYPE_CHECKING = False  # see _config.py
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FunctionType
    from typing import Any, Literal

    from pyjit_core._native import Compilable

_BYTECODE = 38  # columns
_PARTS = {"entry": "(entry)", "return": "(return)", "exits": "(exits)"}
_HERE = {"hot", "fused"}


def disassemble(code: Compilable | Any, arch: Literal["x86_64", "aarch64"] | None = None) -> str:
    """Return the machine code of a function with the bytecode and the source it comes from.

    It is compiled for the listing, for `arch` (None: this machine), as its newest version is and
    from what is known of it now; what runs is not touched. The code of the usual way comes first,
    in the order of the bytecode. Behind it is what is out of line; there a word says what it means
    that the path is taken: `exit` (a guard failed, on to the generic version), `helper`, `raised`,
    `freed`, `traced`, `aside` (another unusual way), `cold` (none of these). An instruction without
    machine code of its own only moves something on the operand stack, which exists while compiling,
    or is compiled together with the one in front of it.

    Raises TypeError and ValueError for wrong arguments, and ValueError with the reason for a
    function that stays with the interpreter.
    """
    text = _native.disassemble(code, arch)
    return "\n".join(_lines(_code_of(code), arch or _native.build_info()["arch"], text))


def _code_of(code: Any) -> CodeType:
    """Return the code object of what `_native.disassemble` has taken."""
    if isinstance(code, CodeType):
        return code
    function: FunctionType = getattr(code, "__func__", code)
    linecache.lazycache(function.__code__.co_filename, function.__globals__)
    return function.__code__


def _groups(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each comment that says what lines are of, and these lines."""
    about = ""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("; "):
            yield about, lines
            about, lines = line[2:], []
        else:
            lines.append(_aligned(line))
    yield about, lines


def _aligned(line: str) -> str:
    instruction, semicolon, comment = (part.strip() for part in line.partition(";"))
    if instruction.endswith(":"):
        return instruction
    return f"    {instruction:<40}; {comment}" if semicolon else f"    {instruction}"


def _lines(code: CodeType, arch: str, text: str) -> Iterator[str]:
    bytecode = {each.offset // 2: each for each in dis.get_instructions(code)}
    source = {
        start // 2 + i: number
        for start, end, number in code.co_lines()
        for i in range((end - start) // 2)
    }
    line = 0
    out_of_line = False
    for about, machine_code in _groups(text):
        index, _, rest = about.partition(" ")
        if index == "version":
            kind, comma, remark = rest.partition(",")
            place = f"{code.co_filename}:{code.co_firstlineno}"
            yield f"{code.co_qualname}  {place}  {arch}, {kind} version{comma}{remark}"
        elif index in _PARTS:
            if index == "exits" and not machine_code:
                continue
            yield ""
            yield from _beside(_PARTS[index], machine_code)
        elif index.isdecimal():
            what = rest.split()[-1]
            if what in _HERE:
                here = source.get(int(index))
                if here and here != line:
                    line = here
                    yield ""
                    yield f"{line}: {linecache.getline(code.co_filename, line).strip()}".rstrip()
                yield from _beside(_instruction(bytecode[int(index)]), machine_code)
            else:
                if not out_of_line:
                    yield "\nout of line"
                out_of_line = True
                yield from _beside(_instruction(bytecode[int(index)], what), machine_code)


def _instruction(instruction: dis.Instruction, what: str = "") -> str:
    text = f"{instruction.offset:>5} {instruction.opname} {instruction.argrepr}".rstrip()
    room = _BYTECODE - 2 - len(what)
    text = text if len(text) <= room else f"{text[: room - 1]}…"
    return f"{text:<{room}} {what}" if what else text


def _beside(left: str, machine_code: list[str]) -> Iterator[str]:
    for each in machine_code or [""]:
        yield f"{left:<{_BYTECODE}}{each}".rstrip()
        left = ""
