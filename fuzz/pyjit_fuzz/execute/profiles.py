"""Profiles from TOML files: ours in ``profiles/``, those of others by entry points.

Contract: a file has the fields of ``Profile`` but for ``arch`` and ``build_id``;
a table ``[arch.<name>]`` overrides them for one architecture. An entry point
of the group ``pyjit_fuzz.profiles`` is a callable that returns a folder of such
files. A table ``[space]`` has lists of values for environment variables of options; such a
variable, say ``PYJIT_FAIL_GUARDS``, has to be the attribute ``fail_guards`` of the JIT module's
``config``, where it is set before each program, or an option of the worker's own
(``OWN_OPTIONS``). Where no executor is named it is
``native`` for this machine's architecture and ``qemu-<arch>`` for another.
"""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import msgspec

from pyjit_fuzz.execute.errors import SetupError
from pyjit_fuzz.model import Profile

GROUP = "pyjit_fuzz.profiles"
ARCHITECTURES = ("x86_64", "aarch64")

_OURS = Path(__file__).with_name("profiles")


def profile_names() -> list[str]:
    """Return the names of all profiles that ``load_profiles`` knows."""
    return sorted(_files())


def load_profiles(names: Sequence[str], archs: Sequence[str]) -> list[Profile]:
    """Return the profiles ``names`` for each of ``archs``, in this order, by architecture.

    Raises ``SetupError`` for a name or an architecture that is not known, and
    for a file that is not a profile.
    """
    files = _files()
    for arch in archs:
        if arch not in ARCHITECTURES:
            raise SetupError(
                f"There is no architecture {arch}; known are {', '.join(ARCHITECTURES)}."
            )
    for name in names:
        if name not in files:
            raise SetupError(f"There is no profile {name}; known are {', '.join(sorted(files))}.")
    return [_load(files[name], name, arch) for arch in archs for name in names]


def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    folders = [_OURS]
    for point in entry_points(group=GROUP):
        try:
            folders.append(Path(point.load()()))
        except ImportError as error:
            raise SetupError(f"The profiles {point.name} cannot be loaded: {error}.") from error
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            found.setdefault(path.stem, path)
    return found


def _load(path: Path, name: str, arch: str) -> Profile:
    try:
        fields: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        overrides = fields.pop("arch", {}).get(arch, {})
        machine = platform.machine()
        fields.setdefault("executor", "native" if arch == machine else f"qemu-{arch}")
        merged = {**fields, **overrides, "name": name, "arch": arch}
        return msgspec.convert(merged, Profile)
    except (OSError, ValueError, AttributeError, msgspec.ValidationError) as error:
        raise SetupError(f"The profile {path} cannot be read: {error}.") from error
