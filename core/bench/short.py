"""Short programs, measured as whole processes: what starting with the JIT costs, and what it gains.

Contract: a program is the arguments of the interpreter, and a function that puts its files into the
folder it runs in. Its time is the processor time of the whole process, start-up included; its
output is compared between the arms. In the jitted arm the JIT is loaded as `PYJIT=1` does it. Files
are written anew for each process, so that nothing is cached in between.
"""

from __future__ import annotations

import json
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class ShortProgram(NamedTuple):
    """A program that is over soon."""

    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    modules: tuple[str, ...] = ()
    """What it imports that is not in the standard library."""


def nothing(folder: Path) -> None:
    """Need no files."""


def small_package(folder: Path) -> None:
    """Copy the standard library's package `json`, sources only."""
    source = Path(sysconfig.get_path("stdlib")) / "json"
    target = folder / "package"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def small_document(folder: Path) -> None:
    """Write a JSON document of some 50 KiB."""
    people = [
        {"id": number, "name": f"person {number}", "tags": ["a", "b"], "score": number / 7}
        for number in range(500)
    ]
    (folder / "document.json").write_text(json.dumps(people), encoding="utf-8")


TESTS = """
import json

import pytest


@pytest.mark.parametrize("number", range(100))
def test_round_trip(number):
    data = {"number": number, "items": list(range(number))}
    assert json.loads(json.dumps(data)) == data


@pytest.fixture
def words():
    return [str(number) for number in range(100)]


@pytest.mark.parametrize("size", range(1, 20))
def test_joined_words_can_be_split(words, size):
    assert " ".join(words[:size]).split() == words[:size]
"""


def small_tests(folder: Path) -> None:
    """Write a file of tests."""
    (folder / "test_small.py").write_text(TESTS, encoding="utf-8")


SHORT = {
    "nothing": ShortProgram(("-c", "pass"), nothing),
    "json_tool": ShortProgram(("-m", "json.tool", "document.json"), small_document),
    "compileall": ShortProgram(("-m", "compileall", "-q", "package"), small_package),
    "pytest": ShortProgram(
        ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "test_small.py"),
        small_tests,
        ("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments"),
    ),
}
