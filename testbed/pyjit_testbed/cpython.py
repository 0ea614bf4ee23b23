"""CPython's own regression suite as units: a module each."""

from __future__ import annotations

import fnmatch
import tomllib
from pathlib import Path

from pyjit_fuzz.execute.errors import SetupError
from pyjit_testbed.model import Unit

SPLIT = ("test_asyncio", "test_email", "test_importlib", "test_json")
"""Packages whose modules are units of their own."""
RESOURCES = (
    *("audio", "cpu", "curses", "decimal", "gui", "largefile", "network", "subprocess"),
    *("urlfetch", "extralargefile", "tzdata"),
)
"""What the suite's own ``--use`` takes, besides ``all`` and ``none``."""
_RUNNER = "pyjit_testbed.inside.unittest_run"
_LANGUAGE = Path(__file__).with_name("tables") / "language.toml"


def modules(folder: Path) -> list[str]:
    """Return the names of all test modules in ``folder``, in the order of the alphabet."""
    names = []
    for path in sorted(folder.iterdir()):
        if not path.name.startswith("test_"):
            continue
        if path.name in SPLIT:
            inner = [part.stem for part in sorted(path.glob("test_*.py"))]
            inner += [
                part.name for part in sorted(path.iterdir()) if (part / "__init__.py").exists()
            ]
            names += [f"{path.name}.{part}" for part in inner if part != "data"]
        elif path.suffix == ".py" or (path / "__init__.py").is_file():
            names.append(path.stem)
    return names


def language() -> dict[str, list[str]]:
    """Return topic → patterns of modules: the part that is about the language and the runtime."""
    return dict(tomllib.loads(_LANGUAGE.read_text("utf-8"))["topics"])


def chosen(folder: Path, patterns: list[str]) -> list[str]:
    """Return the modules that match ``patterns``, in the order of the patterns; all if none.

    Raises:
        SetupError: a pattern matches nothing.
    """
    names = modules(folder)
    if not patterns:
        return names
    found: dict[str, None] = {}
    for pattern in patterns:
        matching = fnmatch.filter(names, pattern) or fnmatch.filter(names, f"{pattern}.*")
        if not matching:
            raise SetupError(f"No module of CPython's regression suite is called {pattern}.")
        found.update(dict.fromkeys(matching))
    return list(found)


def units(python: Path, names: list[str], use: str = "") -> list[Unit]:
    """Return the modules ``names`` as units, with the optional resources ``use`` (``cpu,decimal``).

    Raises:
        SetupError: there is no such resource.
    """
    for resource in filter(None, use.split(",")):
        if resource.removeprefix("-") not in (*RESOURCES, "all", "none"):
            raise SetupError(f"There is no resource {resource}. Choose of: {', '.join(RESOURCES)}.")
    start = (str(python), "-m", _RUNNER)
    options = (f"--use={use}",) if use else ()
    return [Unit(name, (*start, *options, name), options_at=len(start)) for name in names]
