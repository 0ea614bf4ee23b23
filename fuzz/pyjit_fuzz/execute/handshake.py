"""Start a worker and check that it is the interpreter that the profile means.

Contract: every way in which that can go wrong is a ``SetupError`` that names
the profile, the file, and what to do.
"""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Mapping, Sequence

from pyjit_fuzz.execute.addresses import fixed_addresses
from pyjit_fuzz.execute.errors import SetupError
from pyjit_fuzz.execute.protocol import PROTOCOL, Hello, WorkerGoneError, WorkerSilentError
from pyjit_fuzz.execute.server import WorkerProcess
from pyjit_fuzz.model import Profile
from pyjit_fuzz.worker.channel import COLLECT_EVERY

SUPPORTED_PYTHONS = ((3, 11),)
"""Versions that programs are written for and that the JIT compiles."""
OWN_OPTIONS = (COLLECT_EVERY,)
"""Options that the worker has, whatever the JIT; by environment variable, as all are."""


def start(
    profile: Profile,
    command: Sequence[str],
    environment: Mapping[str, str],
    options: Sequence[str],
    seconds: float,
) -> WorkerProcess:
    """Start the worker and wait ``seconds`` for its hello."""
    shown = shlex.join(command)
    try:
        # The reference's stay at random: so a program shows that it tells of addresses.
        addresses = fixed_addresses() if profile.jit else contextlib.nullcontext()
        with addresses:
            return WorkerProcess(command, environment, options, hello_seconds=seconds)
    except OSError as error:
        raise SetupError(
            f"Profile {profile.key}: cannot start {shown}: {error.strerror or error}. "
            f"Check 'interpreter' of the profile."
        ) from error
    except WorkerSilentError as error:
        raise SetupError(
            f"Profile {profile.key}: the worker in {shown} never answered within {seconds:g} "
            f"seconds. Try the command by hand; an interpreter prints its version with "
            f"--version{_quoted(error)}."
        ) from error
    except WorkerGoneError as error:
        raise SetupError(
            f"Profile {profile.key}: {shown} did not start the worker: {error}. "
            f"Is it a Python interpreter?"
        ) from error


def _quoted(error: WorkerGoneError) -> str:
    said = str(error).partition("; it said:\n")[2]
    return f". It said:\n{said}\n" if said else ""


def check(hello: Hello, profile: Profile, command: Sequence[str]) -> None:
    """Compare the hello with what the profile asks for."""
    shown = shlex.join(command)
    version = ".".join(map(str, hello.python))
    if hello.protocol != PROTOCOL:
        raise SetupError(
            f"Profile {profile.key}: the worker speaks protocol {hello.protocol}, the toolkit "
            f"{PROTOCOL}. Is there another version of pyjit-fuzz on its path?"
        )
    if hello.python[:2] not in SUPPORTED_PYTHONS:
        wanted = " or ".join(f"{major}.{minor}" for major, minor in SUPPORTED_PYTHONS)
        raise SetupError(
            f"Profile {profile.key}: {shown} is Python {version}, but {wanted} is needed. "
            f"Set 'interpreter' of the profile to a Python {wanted}."
        )
    if hello.arch != profile.arch:
        raise SetupError(
            f"Profile {profile.key}: {shown} is an {hello.arch} interpreter, not {profile.arch}."
        )
    if hello.jit_error:
        where = ", ".join(profile.python_path) or "its site-packages"
        raise SetupError(
            f"Profile {profile.key}: {shown} (Python {version}) cannot import the JIT "
            f"{profile.jit} (looked in {where}): {hello.jit_error}. Build the JIT for this "
            f"interpreter and put its folder into 'python_path' of the profile."
        )
    for variable in profile.space:
        option = variable.partition("_")[2].lower()
        if variable not in OWN_OPTIONS and option not in hello.options:
            raise SetupError(
                f"Profile {profile.key}: its space has {variable}, but the JIT {profile.jit} has "
                f"no option 'config.{option}' (known: {', '.join(hello.options) or 'none'})."
            )
