"""Programs that were not written for the JIT do under it what they do without it.

Each is run as ``python -m X`` and as ``python -m pyjit_core -m X``, as users have it and with
everything compiled at its first call. That compiled code ran is read from ``--stats``.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import pyjit_core

CORE = Path(pyjit_core.__file__).parents[1]
STDLIB = Path(sysconfig.get_paths()["stdlib"])
EAGER = {
    "PYJIT_THRESHOLD_CALLS": "1",
    "PYJIT_THRESHOLD_LOOPS": "1",
    "PYJIT_RECOMPILE_AFTER": "2",
}
PACKAGES = ("asyncio", "collections", "email", "importlib", "json", "logging", "unittest")
"""Of the standard library."""
DOCUMENT_BYTES = 2_000_000

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def run(tmp_path):
    """Run ``python -m …``, jitted with the options given or, for None, interpreted."""

    def start(options, *arguments):
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYJIT")
        }
        environment |= {"PYTHONPATH": str(CORE), "PYTHONHASHSEED": "0", **(options or {})}
        jit = [] if options is None else ["-m", "pyjit_core", "--stats"]
        done = subprocess.run(
            [sys.executable, *jit, "-m", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )
        if options is not None:
            compiled = re.search(r"^  compiled +([\d,]+)$", done.stderr, re.MULTILINE)
            assert compiled, done.stderr
            assert int(compiled[1].replace(",", "")) >= 10
        return done

    return start


# Programs that are over in half a second would hardly be compiled: here they may take their time.
UNBOUNDED = {"PYJIT_COMPILE_SHARE": "0"}
by_options = pytest.mark.parametrize("options", [UNBOUNDED, EAGER], ids=["jit", "jit-eager"])


def document():
    """Make nested data with every kind of JSON value."""
    choices = random.Random(1)
    rows, size = [], 0
    while size < DOCUMENT_BYTES:
        row = {
            "id": len(rows),
            "name": "".join(choices.choices('abc é"\\\n', k=choices.randrange(3, 30))),
            "score": choices.random() * 10 ** choices.randrange(-20, 20),
            "tags": choices.choices(["x", "", "zz"], k=choices.randrange(5)),
            "nested": {"a": None, "b": [True, False, -len(rows)], "c": {"d": {}}},
        }
        rows.append(row)
        size += len(json.dumps(row))
    return rows


@by_options
def test_json_tool_formats_a_large_file(run, tmp_path, options):
    (tmp_path / "in.json").write_text(json.dumps(document()))
    expected = run(None, "json.tool", "--sort-keys", "in.json", "expected.json")
    jitted = run(options, "json.tool", "--sort-keys", "in.json", "jitted.json")
    assert (expected.returncode, jitted.returncode) == (0, 0), jitted.stderr
    written = (tmp_path / "jitted.json").read_bytes()
    assert len(written) > DOCUMENT_BYTES
    assert written == (tmp_path / "expected.json").read_bytes()


@by_options
def test_json_tool_reports_a_broken_file(run, tmp_path, options):
    (tmp_path / "in.json").write_text(json.dumps(document())[:-1])
    expected = run(None, "json.tool", "in.json")
    jitted = run(options, "json.tool", "in.json")
    assert expected.returncode == jitted.returncode == 1
    assert expected.stderr.startswith("Expecting")
    assert jitted.stderr.startswith(expected.stderr)


@by_options
def test_compileall_compiles_packages_of_the_standard_library(run, tmp_path, options):
    def compiled(options):
        shutil.rmtree(tmp_path / "lib", ignore_errors=True)
        for package in PACKAGES:
            shutil.copytree(
                STDLIB / package,
                tmp_path / "lib" / package,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        done = run(options, "compileall", "-q", "--invalidation-mode", "checked-hash", "lib")
        assert done.returncode == 0, done.stdout + done.stderr
        return {
            path.relative_to(tmp_path): path.read_bytes()
            for path in (tmp_path / "lib").rglob("*.pyc")
        }

    expected = compiled(None)
    assert len(expected) > 100
    assert compiled(options) == expected


@by_options
def test_pytest_runs_the_tests_of_a_package(run, options):
    """pyperf comes with its tests; those taken start no processes and time nothing."""
    command = ("pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider", "--color=no")
    chosen = ("--pyargs", "pyperf.tests.test_utils", "pyperf.tests.test_bench")

    def summary(done):
        return re.sub(r" in [\d.]+s", "", done.stdout.splitlines()[-1])

    expected = run(None, *command, *chosen)
    jitted = run(options, *command, *chosen)
    assert re.fullmatch(r"\d\d+ passed(, .*)?", summary(expected)), expected.stdout
    assert (jitted.returncode, summary(jitted)) == (expected.returncode, summary(expected)), (
        jitted.stdout
    )
