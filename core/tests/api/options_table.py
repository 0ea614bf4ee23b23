"""Writes the tables of core/README.md: `python core/tests/api/options_table.py [--write]`."""

import re
import sys
from pathlib import Path

import pyjit_core

CORE = Path(__file__).parents[2]
README = CORE / "README.md"


def table(head, rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def option_table() -> str:
    """The options, from config.def by way of the native module."""
    return table(
        ["`config.`", "environment", "values", "default", "meaning"],
        [
            [
                f"`{option.name}`",
                f"`{option.variable}`",
                option.allowed.replace("2147483647", "2³¹ - 1"),
                f"`{option.default!r}`",
                option.help,
            ]
            for option in pyjit_core.config
        ],
    )


def counter_table() -> str:
    """The counters, from counters.def."""
    text = (CORE / "src/runtime/counters.def").read_text()
    rows = re.findall(r'^(?:COUNTER|AMOUNT)\((\w+),\s*"([^"]*)"\)', text, re.MULTILINE)
    return table(["`stats()`", "meaning"], [[f"`{name}`", meaning] for name, meaning in rows])


def replace(text: str, name: str, new: str) -> str:
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    head, rest = text.split(begin)
    return head + begin + new + rest[rest.index(end) :]


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        text = replace(README.read_text(), "options", option_table())
        README.write_text(replace(text, "counters", counter_table()))
    else:
        print(option_table(), counter_table(), sep="\n")
