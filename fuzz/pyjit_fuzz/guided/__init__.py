"""Guided by coverage: atheris drives the JIT's compiler from raw choice bytes.

An input is bytes, the bytes are the choices of the generator, and so the input is a program. The
engine (libFuzzer, in atheris) keeps inputs that reach another edge of the core, which is built with
clang's coverage instrumentation; it sees inside the compiler what the map of JIT events does not
tell. It judges nothing: what it keeps, and what crashes or never ends, a campaign then runs under
all profiles (``inputs.programs``).

Contract: ``inside.py`` runs in a process of its own, as the engine's target; the rest starts it and
reads its folder. An input is a file, written as soon as it is kept, so nothing is lost.
"""

from pyjit_fuzz.guided.engine import Engine, Progress
from pyjit_fuzz.guided.inputs import Kind, programs

__all__ = ["Engine", "Kind", "Progress", "programs"]
