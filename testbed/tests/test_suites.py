"""What is run: the tables, and CPython's suite itself through the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.paths import checkout
from pyjit_testbed import cpython, environments, known, packages
from pyjit_testbed.child import is_jitted
from pyjit_testbed.model import Difference

MODULES = ["test_bool", "test_with"]


@pytest.fixture
def command(tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "pyjit_testbed", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )

    return run


def test_every_module_of_the_language_part_is_there():
    folder = environments.test_folder()
    for names in cpython.language().values():
        assert cpython.chosen(folder, names)


def test_modules_are_chosen_by_name_pattern_and_package():
    folder = environments.test_folder()
    assert cpython.chosen(folder, ["test_with", "test_b[oi]*"])[0] == "test_with"
    assert "test_bool" in cpython.chosen(folder, ["test_with", "test_b[oi]*"])
    assert "test_asyncio.test_tasks" in cpython.chosen(folder, ["test_asyncio"])
    assert len(cpython.chosen(folder, [])) > 400
    with pytest.raises(SetupError, match="test_nothing"):
        cpython.chosen(folder, ["test_nothing"])


def test_known_differences_are_rows_of_the_contract():
    contract = (checkout() / "docs" / "contract.md").read_text()
    for row in known.load():
        assert row.reason
        assert f"| {row.contract}" in contract, row


def test_a_row_explains_only_what_it_says_and_no_crash(tmp_path):
    table = tmp_path / "known.toml"
    table.write_text(
        "[[difference]]\nunit = 'u'\ntest = 'a.*'\nreason = 'r'\ncontract = 'c'\nprofiles = ['jit']"
    )
    (row,) = known.load(table)
    assert row.explains(Difference("u", "a.b", "jit", "failure"))
    assert not row.explains(Difference("u", "a.b", "jit", "crash"))
    assert not row.explains(Difference("u", "a.b", "jit-eager", "failure"))
    assert not row.explains(Difference("u", "b", "jit", "failure"))
    assert not row.explains(Difference("v", "a.b", "jit", "failure"))
    table.write_text("[[difference]]\nunits = 'u'")
    with pytest.raises(SetupError, match="cannot be read"):
        known.load(table)


def test_packages_have_exact_versions_and_at_least_eight_are_there():
    table = packages.load()
    assert len(table) >= 8
    for name, package in table.items():
        assert package.arguments, name
        assert all("==" in requirement for requirement in package.requirements), name
    with pytest.raises(SetupError, match="no package nothing"):
        packages.chosen(["nothing"])


def test_the_jit_is_on_in_jitted_arms_only():
    python, _ = environments.make_cpython("x86_64")
    arms = environments.arms(["jit", "jit-eager"], "x86_64")
    assert [is_jitted((str(python),), arm) for arm in arms] == [False, True, True]


def test_an_interpreter_that_does_not_start_is_a_broken_set_up(tmp_path):
    (arm,) = environments.arms([], "x86_64")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho broken; exit 1\n")
    python.chmod(0o755)
    with pytest.raises(SetupError, match="does not start in the arm interp: broken"):
        is_jitted((str(python),), arm)


def test_profiles_of_other_jits_are_refused():
    with pytest.raises(SetupError, match="interp does not say"):
        environments.arms(["interp"], "x86_64")


def check(result, results):
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert [arm["units"] for arm in data["arms"]] == [2, 2, 2]
    assert {arm["passed"] for arm in data["arms"]} == {data["arms"][0]["passed"]}
    assert data["arms"][0]["passed"] > 50
    assert (Path(results) / "report.html").is_file()


def test_modules_of_cpython_are_equal(command, tmp_path):
    results = str(tmp_path / "results")
    check(command("cpython", *MODULES, "--json", "--results", results), results)


@pytest.mark.aarch64
def test_modules_of_cpython_are_equal_on_the_other_architecture(command, tmp_path):
    results = str(tmp_path / "results")
    options = ("--arch", "aarch64", "--json", "--results", results)
    check(command("cpython", *MODULES, *options), results)


@pytest.mark.parametrize(
    "arguments",
    [
        ("cpython", "test_nothing"),
        ("cpython", "test_bool", "--profile", "nothing"),
        ("cpython", "test_bool", "--use", "cpu,nothing"),
        ("cpython", "test_bool", "--arch", "vax"),
        ("packages", "nothing"),
    ],
)
def test_a_wrong_command_is_one_message(command, arguments):
    result = command(*arguments)
    assert result.returncode == 2
    assert "nothing" in result.stderr or "vax" in result.stderr
    assert "Traceback" not in result.stderr
