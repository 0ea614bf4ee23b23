"""The executor ``qemu-aarch64``: the fork server of the toolkit, in an emulated interpreter.

It is the native executor with another command; what differs is written here
once. A profile needs nothing of its own for it: the interpreter is the
sysroot's, and the JIT is built for it when the profile names ours and says not
where it lies.
"""

from __future__ import annotations

import msgspec

from pyjit_fuzz.execute import ForkServerExecutor, Limits, SetupError
from pyjit_fuzz.model import Profile
from pyjit_qemu.build import build_core
from pyjit_qemu.command import emulator_prefix, interpreter_path

ARCH = "aarch64"
SLOWDOWN = 6
"""Processor seconds of an emulated interpreter for one of a native one, generously."""
_OUR_JIT = "pyjit_core"
_HELLO_SECONDS = 120.0
"""An emulated interpreter needs a second to start, on a busy machine several."""


def open_qemu(profile: Profile, limits: Limits) -> ForkServerExecutor:
    """Open an executor on the interpreter of the sysroot, or on the profile's own, emulated.

    The time limit is stretched by ``SLOWDOWN``, so that one limit fits a
    profile on both architectures.

    Raises:
        SetupError: the profile is for another architecture, or the emulator, the sysroot, the
            cross compiler or the JIT cannot be had.
    """
    if profile.arch != ARCH:
        raise SetupError(
            f"Profile {profile.key}: the executor qemu-{ARCH} emulates {ARCH}, "
            f"not {profile.arch}. Set 'arch' or 'executor' of the profile."
        )
    if profile.jit == _OUR_JIT and not profile.python_path:
        profile = msgspec.structs.replace(profile, python_path=(str(build_core(ARCH)),))
    interpreter = profile.interpreter or interpreter_path(ARCH)
    return ForkServerExecutor(
        profile,
        limits,
        command=(*emulator_prefix(ARCH), interpreter),
        slowdown=SLOWDOWN,
        # The emulator's own memory counts to the process, so the limit would say nothing.
        limit_address_space=False,
        hello_seconds=_HELLO_SECONDS,
        # gdb would show the emulator's frames.
        gdb=False,
    )
