"""Suites of well-known packages as units: each in a virtual environment of its own.

A package is installed from its source distribution, whose tests run where it was unpacked. What is
there is used again; a changed row, or a preparation that was interrupted, makes it anew.
"""

from __future__ import annotations

import fnmatch
import shutil
import tomllib
from pathlib import Path

import msgspec

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.paths import INTERPRETER, locked
from pyjit_qemu.tools import run
from pyjit_testbed.environments import bed_folder, put_in
from pyjit_testbed.model import Unit

TABLE = Path(__file__).with_name("tables") / "packages.toml"
PYTEST = "pytest==8.3.3"
_STAMP = "prepared.json"
_SITE_PACKAGES = Path("lib", "python3.11", "site-packages")
_PLUGIN = "pyjit_testbed.inside.pytest_plugin"


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the table."""

    version: str
    arguments: list[str]
    requirements: list[str] = []


def load(path: Path = TABLE) -> dict[str, Package]:
    """Read the table.

    Raises:
        SetupError: it cannot be read.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, Package])
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise SetupError(f"The table {path} cannot be read: {error}.") from error


def chosen(patterns: list[str]) -> dict[str, Package]:
    """Return the packages that match ``patterns``; all if there are none.

    Raises:
        SetupError: a pattern matches nothing.
    """
    table = load()
    for pattern in patterns:
        if not fnmatch.filter(table, pattern):
            raise SetupError(f"There is no package {pattern}; known are {', '.join(table)}.")
    if not patterns:
        return table
    return {
        name: package
        for name, package in table.items()
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    }


def prepare(name: str, package: Package, core: Path) -> Unit:
    """Install ``package`` and return its suite as a unit, with ``core`` beside it.

    Raises:
        SetupError: it cannot be had or installed.
    """
    folder = bed_folder() / "packages" / f"{name}-{package.version}"
    with locked(folder.with_name(f"{folder.name}.lock")):
        stamp = folder / _STAMP
        wanted = msgspec.json.encode([PYTEST, package])
        if not stamp.exists() or stamp.read_bytes() != wanted:
            _install(name, package, folder)
            stamp.write_bytes(wanted)
        # Otherwise pytest looks for settings further up, and finds those of this checkout.
        (folder / "source" / "pytest.ini").write_text("[pytest]\n", "utf-8")
        put_in(folder / "env" / _SITE_PACKAGES, core)
    start = (str(folder / "env" / "bin" / "python"), "-m", "pytest", "-p", _PLUGIN)
    options = ("-p", "no:cacheprovider", "-q", "--color=no", *package.arguments)
    return Unit(name, (*start, *options), len(start), str(_source(folder)))


def _install(name: str, package: Package, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    env, download = folder / "env", folder / "download"
    download.mkdir(parents=True)
    run(INTERPRETER, "-m", "venv", str(env), what=f"Making an environment for {name}")
    pip = (str(env / "bin" / "python"), "-m", "pip", "--quiet")
    wanted = f"{name}=={package.version}"
    run(
        *(*pip, "download", "--no-deps", "--no-binary", name, "--dest", str(download), wanted),
        what=f"Downloading the source of {wanted} (is the network there?)",
    )
    (archive,) = download.iterdir()
    shutil.unpack_archive(archive, folder / "source")
    run(
        *(*pip, "install", str(_source(folder)), PYTEST, *package.requirements),
        what=f"Installing {wanted} and what its tests need",
    )


def _source(folder: Path) -> Path:
    """Return the one folder in a source distribution."""
    return next(path for path in (folder / "source").iterdir() if path.is_dir())
