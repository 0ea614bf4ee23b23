"""Builds the test-only extension that calls the runtime's helpers from Python."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CORE = HERE.parent.parent
SOURCE = CORE / "src"
RUNTIME_FILES = (
    "async.c",
    "attributes.c",
    "caches.c",
    "containers.c",
    "dictkeys.c",
    "dunders.c",
    "events.c",
    "exceptions.c",
    "functions.c",
    "groups.c",
    "iteration.c",
    "names.c",
    "numbers.c",
    "patterns.c",
    "subscripts.c",
    "tracing.c",
)
FLAGS = (
    *("-std=gnu11", "-O1", "-g", "-DNDEBUG", "-fPIC", "-shared", "-fvisibility=hidden"),
    *("-fno-strict-aliasing", "-Wall", "-Wextra", "-Werror", "-Wno-cast-function-type"),
    *("-Wno-missing-field-initializers", "-Wno-unused-parameter"),
)


def compile_helpers(include: str, suffix: str, *, faults: bool = False) -> Path:
    """Compile the helpers for the interpreter with these headers; the path of the extension."""
    runtime = [SOURCE / "runtime" / name for name in RUNTIME_FILES]
    sources = [SOURCE / "shared_file.c", *runtime, *HERE.glob("*.c")]
    flags = [*FLAGS, *(["-DPYJIT_FAULTS=1"] if faults else [])]
    headers = [
        *HERE.glob("*.h"),
        *SOURCE.glob("*.def"),
        *SOURCE.glob("*.h"),
        *(SOURCE / "runtime").glob("*.[hd]*"),
    ]
    digest = hashlib.sha256(" ".join([*flags, include]).encode())
    for path in sorted([*sources, *headers]):
        digest.update(path.read_bytes())
    target = CORE.parent / ".cache" / "test-helpers" / digest.hexdigest()[:16] / f"_helpers{suffix}"
    if not target.exists():
        compiler = shutil.which("cc") or pytest.fail("no C compiler: apt install gcc")
        target.parent.mkdir(parents=True, exist_ok=True)
        # Test processes run in parallel: each builds its own and the last rename wins.
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            made = Path(folder) / target.name
            subprocess.run(
                [compiler, *flags, f"-I{include}", f"-I{SOURCE}", "-o", made, *sources, "-lm"],
                check=True,
                timeout=300,
            )
            made.replace(target)
    return target


def load(name: str, path: Path):
    """Import a file, extension or Python, under a name of our own."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_helpers(path: Path):
    return load("_helpers", path)


def here(*, faults: bool = False) -> Path:
    return compile_helpers(
        sysconfig.get_path("include"), sysconfig.get_config_var("EXT_SUFFIX"), faults=faults
    )


@pytest.fixture(scope="session")
def helpers_module():
    return load_helpers(here())


@pytest.fixture
def h(helpers_module):
    """The helpers, with inline caches as by default."""
    helpers_module.set_inline_caches(4)
    yield helpers_module
    helpers_module.set_inline_caches(4)


@pytest.fixture(scope="session")
def lockstep():
    return load("pyjit_test_lockstep", HERE / "lockstep.py")


@pytest.fixture(scope="session")
def assembled():
    """Makes functions out of single opcodes."""
    return load("pyjit_test_assembled", HERE / "assembled.py").function


@pytest.fixture(scope="session")
def outcome():
    """What a call does, in a form that two calls can be compared by."""
    return load("pyjit_test_observe", HERE / "observe.py").outcome


@pytest.fixture(scope="session")
def faulty():
    """The helpers of a build with planted faults."""
    return load_helpers(here(faults=True))


@pytest.fixture(scope="session")
def build_helpers():
    """Builds for another interpreter: (include folder, extension suffix) -> path."""
    return compile_helpers


@pytest.fixture(scope="session")
def folder():
    return HERE
