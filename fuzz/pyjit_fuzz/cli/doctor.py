"""``pyjit-fuzz doctor``: what this machine lacks, and how to get it."""

from __future__ import annotations

import msgspec
import typer

from pyjit_fuzz.cli.options import ARCHITECTURES, BROKEN, Archs, Json, architectures
from pyjit_qemu.doctor import broken, checks


def doctor(*, arch: Archs = None, json: Json = False) -> int:
    """Look at interpreter, compilers, emulator and builds; change nothing.

    Looks at everything unless --arch is given. Exits with 2 if something that
    is required is missing.
    """
    wanted = architectures(arch) if arch else ARCHITECTURES
    ignored = set(ARCHITECTURES) - set(wanted)
    found = [check for check in checks() if check.needed_for not in ignored]
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        for check in found:
            mark = "ok" if check.ok else "MISSING" if check.required else "absent"
            typer.echo(f"{mark:<8} {check.name} (for {check.needed_for})")
            typer.echo(f"         {check.found if check.ok else check.problem}")
            if not check.ok:
                typer.echo(f"         -> {check.remedy}")
    return BROKEN if broken(found) else 0
