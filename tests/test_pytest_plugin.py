"""Corpus files as pytest items: what passes, what fails, and why."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FAKES = Path(__file__).parents[1] / "fuzz" / "tests" / "fakes"
ADDS = (
    "def main():\n    total = 0\n    for number in range(3):\n"
    "        total = total + number\n    return total\nRESULT = main()\n"
)


@pytest.fixture
def corpora(tmp_path):
    (tmp_path / "corpora").mkdir()
    # An empty table keeps pytest from looking for settings further up.
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")

    def run(files, *arguments):
        for name, text in files.items():
            (tmp_path / "corpora" / f"{name}.py").write_text(text)
        inherited = os.environ.get("PYTHONPATH", "")
        path = os.pathsep.join(filter(None, [str(FAKES), inherited]))
        plugin = ["-p", "pyjit_fuzz.pytest_plugin"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-v", *plugin, *arguments, "corpora"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            check=False,
            capture_output=True,
            text=True,
            timeout=100,
        )
        return done.stdout + done.stderr

    return run


def items(output, outcome):
    return re.findall(rf"^corpora/(\S+?)::(\S+) {outcome}", output, re.MULTILINE)


def fake(kind):
    return ("--pyjit-arch", "x86_64", "--pyjit-profile", f"fake-{kind}")


def test_a_file_is_an_item_for_each_profile_and_architecture(corpora):
    output = corpora({"adds": ADDS}, "--collect-only", "-qq")
    found = re.findall(r"^corpora/adds\.py::(\S+)", output, re.MULTILINE)
    assert sorted(found) == [
        "jit-eager@aarch64",
        "jit-eager@x86_64",
        "jit@aarch64",
        "jit@x86_64",
    ]
    left = corpora({}, "--collect-only", "-qq", "-m", "not aarch64")
    assert "aarch64" not in "".join(re.findall(r"^corpora\S+", left, re.MULTILINE))


def test_what_is_the_same_passes(corpora):
    output = corpora({"adds": ADDS}, *fake("right"))
    assert items(output, "PASSED") == [("adds.py", "fake-right@x86_64")]


def test_what_differs_fails_and_is_shown(corpora):
    output = corpora(
        {"adds": ADDS, "plain": "def main(): return 1\nRESULT = main()\n"}, *fake("wrong-add")
    )
    assert items(output, "FAILED") == [("adds.py", "fake-wrong-add@x86_64")]
    assert items(output, "PASSED") == [("plain.py", "fake-wrong-add@x86_64")]
    assert "result:int:value" in output
    assert "- RESULT = int 3" in output
    assert "+ RESULT = int -3" in output


def test_what_never_ran_compiled_code_fails_unless_it_says_why(corpora):
    says = "# pyjit: interpreted-only: it is about the interpreter\n" + ADDS
    output = corpora({"silent": ADDS, "says": says}, *fake("interpreted"))
    assert items(output, "FAILED") == [("silent.py", "fake-interpreted@x86_64")]
    assert items(output, "PASSED") == [("says.py", "fake-interpreted@x86_64")]
    assert "never executed compiled code" in output


def test_what_says_interpreted_only_may_not_run_compiled(corpora):
    says = "# pyjit: interpreted-only: it is about the interpreter\n" + ADDS
    assert "but ran compiled: main" in corpora({"says": says}, *fake("right"))


def test_an_unplanned_exception_fails_and_a_planned_one_passes(corpora):
    raises = "def main(): return 1 // 0\nRESULT = main()\n"
    planned = f"# pyjit: planned-exception: ZeroDivisionError\n{raises}"
    output = corpora({"raises": raises, "planned": planned}, *fake("right"))
    assert items(output, "FAILED") == [("raises.py", "fake-right@x86_64")]
    assert items(output, "PASSED") == [("planned.py", "fake-right@x86_64")]
    assert "did not end as planned" in output


def test_bad_files_and_broken_setups_fail_with_one_message(corpora):
    output = corpora({"bad": "def f(:\n"}, *fake("right"))
    assert "bad.py, line 1 is not a Python program" in output
    assert "Traceback" not in output
    output = corpora({"bad": ADDS}, *fake("missing"))
    assert "/no/such/python3.11" in output
    assert "Traceback" not in output
