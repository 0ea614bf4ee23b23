"""Profiles made ready to run: by name, with the built JIT put on their path."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pyjit_fuzz.execute import load_profiles
from pyjit_fuzz.model import Profile
from pyjit_qemu.build import build_core, is_built

REFERENCE = "interp"
"""The profile that is taken as the truth: the stock interpreter."""
DEFAULT_PROFILES = (REFERENCE, "jit", "jit-eager")
_CORE = "pyjit_core"
_FAULT = "PYJIT_FAULT"
NO_FAULT = "none"
"""The test-only build with no fault chosen: it must behave."""


def prepare_profiles(
    names: Sequence[str], archs: Sequence[str], *, fault: str = "", seed: int = 0
) -> tuple[Profile, ...]:
    """Return profiles for each architecture, the reference first; raises ``SetupError``.

    Builds the JIT where that is needed. ``fault`` plants one: a test-only
    build that miscompiles on demand. ``seed`` chooses the points of profiles with a space.
    """
    wanted = (REFERENCE, *(name for name in dict.fromkeys(names) if name != REFERENCE))
    profiles = load_profiles(wanted, archs)
    profiles.sort(key=lambda each: (archs.index(each.arch), wanted.index(each.name)))
    seeded = (msgspec.structs.replace(p, space_seed=seed if p.space else 0) for p in profiles)
    return tuple(_ready(profile, fault) for profile in seeded)


def native_helpers(
    names: Sequence[str], archs: Sequence[str], *, fault: str = ""
) -> tuple[Profile, ...]:
    """Return the native profiles that make reduction quicker, if nothing need be built for it."""
    host = platform.machine()
    if host in archs or not is_built(host, variant="faults" if fault else "plain"):
        return ()
    return prepare_profiles(names, [host], fault=fault)


def make_ready_again(profile: Profile) -> Profile:
    """Return a stored profile with the JIT rebuilt if its build is gone; raises ``SetupError``."""
    if all(Path(path).is_dir() for path in profile.python_path):
        return profile
    bare = msgspec.structs.replace(profile, python_path=(), build_id="")
    return _ready(bare, profile.environment.get(_FAULT, ""))


def _ready(profile: Profile, fault: str) -> Profile:
    if profile.jit != _CORE or profile.python_path:
        return profile
    built = build_core(profile.arch, variant="faults" if fault else "plain")
    chosen = {_FAULT: fault} if fault not in ("", NO_FAULT) else {}
    environment = {**profile.environment, **chosen}
    return msgspec.structs.replace(profile, python_path=(str(built),), environment=environment)
