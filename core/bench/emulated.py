"""The arms on an emulated 64-bit ARM machine, with executed instructions for a clock.

Contract: no time of an emulated program says anything about real hardware, so none is taken. A
plugin of ours, `instructions.c`, compiled here with the C compiler, has qemu-user count every guest
instruction into a file which the measured process maps and reads. Equal programs give equal counts
but for some parts in ten thousand; one sample is enough. Instructions are a measure of the quality
of generated code, not of time: a load that misses the cache counts like a move.

The emulator's sysroot and the cross-built core are those of pyjit_qemu.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from arms import Arm, Plan, added_variables, link_into, search_path
from catalogue import SetupError

SOURCE = Path(__file__).resolve().parent / "instructions.c"
PLAN = Plan(1, 1, sample_seconds=0.02, warmup_seconds=0.1, timeout=600.0, warmup_samples=1)
"""20 million instructions a sample, and 100 million of warm-up at least."""


def compile_plugin(folder: Path) -> Path:
    """Return our plugin as a shared library in `folder`; raises `SetupError`."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SetupError("there is no C compiler for the plugin; on Debian: apt install gcc")
    library = folder / "libinstructions.so"
    flags = ("-O2", "-shared", "-fPIC", "-fvisibility=hidden")
    done = subprocess.run(
        [compiler, *flags, "-o", str(library), str(SOURCE)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise SetupError(f"{compiler} cannot compile {SOURCE}:\n{done.stderr.strip()}")
    return library


def counted(command: Sequence[str], library: Path, counter: Path) -> list[str]:
    """Return an emulator's command with the plugin, which counts into the file `counter`."""
    counter.write_bytes(bytes(8))
    emulator, *rest = command
    return [emulator, "-plugin", f"{library},counter={counter}", *rest]


def make_emulated_arms(
    core: Path | None, variables: Sequence[str], scratch: Path, *, null: bool
) -> tuple[Arm, Arm]:
    """Return the stock arm and the jitted one, both under qemu-aarch64; raises `SetupError`."""
    try:
        from pyjit_fuzz.execute.errors import (  # noqa: PLC0415 - the toolkit is needed here only
            SetupError as ToolkitError,
        )
        from pyjit_qemu.build import build_core  # noqa: PLC0415
        from pyjit_qemu.command import interpreter_command  # noqa: PLC0415
    except ImportError as error:
        raise SetupError(
            f"the emulator is set up by the toolkit, which is missing ({error}).\n"
            "Install it from the checkout: pip install -e ."
        ) from error
    added = added_variables(variables)
    try:
        python = interpreter_command("aarch64")
        if not null:
            link_into(search_path(scratch), (core or build_core("aarch64")) / "pyjit_core")
    except ToolkitError as error:
        raise SetupError(str(error)) from error
    counter = scratch / "instructions"
    command = counted(python, compile_plugin(scratch), counter)
    # Compiling must not wait for a time that means nothing here.
    environment = {"PYTHONPATH": str(search_path(scratch)), "PYJIT_COMPILE_SHARE": "0"}
    stock = Arm("stock", command, environment, counter=counter)
    if null:
        return stock, Arm("stock again", command, environment, counter=counter)
    return stock, Arm("jitted", command, environment | added, jit="pyjit_core", counter=counter)
