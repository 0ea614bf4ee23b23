"""Checks what the compiler cannot: which room of the core may know what.

``python core/check_rooms.py`` reads ``core/src`` and prints one line a breach,
as ``file:line: what is wrong; what to do instead``. Exit code 1 if there is one.
A new room, or a new right of one, is a row of a table here.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parent / "src"
MAX_LINES = 800
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)

# Room → the rooms whose headers it may include, besides its own and those of src/ itself.
MAY_INCLUDE = {
    "autoload": {"runtime"},
    "masm": set(),
    "bytecode": {"runtime"},
    "code": set(),
    "runtime": {"bytecode", "code", "tier"},
    "baseline": {"bytecode", "masm", "runtime", "code", "tier"},
    "optimizer": {"bytecode", "masm", "runtime", "code", "tier"},
    "tier": {"baseline", "optimizer", "bytecode", "runtime", "code", "masm"},
    "": {"tier", "baseline", "runtime", "code", "bytecode", "masm"},
}


class Rule(NamedTuple):
    """A text that only some files may contain."""

    pattern: str
    allowed: tuple[str, ...]
    """Prefixes of paths under ``src``."""
    why: str


RULES = (
    Rule(
        r"\bPY_(VERSION_HEX|MINOR_VERSION|MICRO_VERSION)\b",
        ("bytecode/", "runtime/compat"),
        "a CPython version is known in src/bytecode and src/runtime/compat only; "
        "put what differs behind a function there",
    ),
    Rule(
        r"\b(__x86_64__|__aarch64__|__arm64__|__amd64__)\b",
        ("masm/", "code/"),
        "an architecture is known in src/masm and src/code only; ask masm for what differs",
    ),
    Rule(
        r"#\s*include\s*[<\"]asmjit/",
        ("masm/",),
        "asmjit is used in src/masm only; add the operation that is missing to the MacroAssembler",
    ),
    Rule(
        r"#\s*include\s*[<\"](Python\.h|internal/pycore)",
        (
            "autoload/",
            "bytecode/",
            "code/",
            "runtime/",
            "baseline/",
            "optimizer/",
            "tier/",
            "module",
        ),
        "masm knows no CPython; pass it addresses and offsets",
    ),
)


def breaches(source: Path) -> list[str]:
    """Return a line for each breach in the sources under ``source``."""
    found = []
    for path in sorted(p for p in source.rglob("*") if p.suffix in {".c", ".cpp", ".h"}):
        name = path.relative_to(source).as_posix()
        text = COMMENT.sub(lambda part: "\n" * part[0].count("\n"), path.read_text("utf-8"))
        lines = text.splitlines()
        if len(lines) > MAX_LINES:
            found.append(f"{name}:{MAX_LINES}: longer than {MAX_LINES} lines; split it by subject")
        for number, line in enumerate(lines, 1):
            found += [f"{name}:{number}: {text}" for text in _judge(name, line)]
    return found


def _judge(name: str, line: str) -> list[str]:
    """Return what is wrong with one line of the file ``name``."""
    found = [
        rule.why
        for rule in RULES
        if re.search(rule.pattern, line) and not name.startswith(rule.allowed)
    ]
    room = name.rpartition("/")[0].split("/")[0]
    include = re.match(r'\s*#\s*include\s*"(?:\.\./)*(\w+)/', line)
    if include and include[1] in MAY_INCLUDE and include[1] != room:
        allowed = MAY_INCLUDE.get(room, set())
        if include[1] not in allowed:
            may = ", ".join(sorted(allowed)) or "no other room"
            found.append(f"src/{room} may not include {include[1]}; it may know: {may}")
    return found


def main() -> int:
    """Check the checkout's sources."""
    found = breaches(SOURCE)
    for line in found:
        print(f"core/src/{line}")
    if not found:
        print("core/src: every room knows only what it may")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
