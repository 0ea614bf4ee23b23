"""The other architecture: sysroot, cross-build, emulated interpreter, and what they need.

Everything in here works on one checkout and keeps what it makes in its
``.cache`` folder; nothing outside of it is changed, and root is not needed.
Processes are started through ``plumbum``. A broken set-up is always a
``SetupError`` that says what is missing and how to get it.

    paths     where a checkout keeps things
    sysroot   Debian's arm64 packages, downloaded, checked and unpacked
    build     the core, built for either architecture, in several variants
    command   the command line of an interpreter of either architecture
    executor  that interpreter as an executor of the toolkit
    doctor    what this machine lacks, and the command that gets it
"""

from pyjit_qemu.build import build_core
from pyjit_qemu.command import interpreter_command
from pyjit_qemu.doctor import Check, checks
from pyjit_qemu.sysroot import ensure_sysroot

__all__ = ["Check", "build_core", "checks", "ensure_sysroot", "interpreter_command"]
