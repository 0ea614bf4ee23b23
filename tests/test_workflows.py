"""The nightly workflow: it calls what exists, and opens one issue a bucket, once."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPT = ROOT / ".github" / "open_issues.py"
GH = """#!{python}
import json, sys
from pathlib import Path
log = Path("{log}")
calls = json.loads(log.read_text()) if log.exists() else []
arguments = sys.argv[1:]
if "--body-file" in arguments:
    arguments.append(Path(arguments[arguments.index("--body-file") + 1]).read_text())
log.write_text(json.dumps([*calls, arguments]))
if arguments[1] == "list":
    print(json.dumps([{{"title": title}} for title in {titles!r}]))
else:
    print("https://example.org/1")
sys.exit({code})
"""


@pytest.fixture(scope="module")
def sessions():
    """Return the names of all sessions of noxfile.py."""
    command = [sys.executable, "-m", "nox", "--list"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return set(re.findall(r"^[*-] (\S+)", listed.stdout, re.MULTILINE))


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def expanded(job):
    """Return the commands of a job, for each value of its matrix."""
    matrix = job.get("strategy", {}).get("matrix", {})
    for step in job["steps"]:
        text = step.get("run", "")
        names = re.findall(r"\$\{\{ matrix\.(\w+) \}\}", text)
        for value in matrix[names[0]] if names else [""]:
            yield re.sub(r"\$\{\{ matrix\.\w+ \}\}", value, text)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_sessions_and_files_that_exist(path, sessions):
    workflow = yaml.safe_load(path.read_text())
    commands = [command for job in workflow["jobs"].values() for command in expanded(job)]
    called = [name for text in commands for name in re.findall(r"\./dev (\S+)", text)]
    assert called
    assert set(called) <= sessions
    files = [name for text in commands for name in re.findall(r"python3 (\S+)", text)]
    assert all((ROOT / name).is_file() for name in files)
    for job in workflow["jobs"].values():
        assert set(job) >= {"runs-on", "steps"}
        assert job.get("needs", job["runs-on"]) in {*workflow["jobs"], job["runs-on"]}
    assert all(("run" in step) != ("uses" in step) for step in steps(workflow))


def test_the_nightly_workflow_fuzzes_both_architectures_and_keeps_the_report():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "nightly.yml").read_text())
    assert workflow[True]["schedule"]  # YAML takes the key "on" for a truth value
    campaign, issues = workflow["jobs"]["campaign"], workflow["jobs"]["issues"]
    assert campaign["strategy"]["matrix"]["session"] == ["nightly-x86_64", "nightly-aarch64"]
    names = [step.get("run", "").partition(" --")[0] for step in campaign["steps"]]
    searched = campaign["steps"][names.index("./dev since")]
    assert names.index("./dev since") > names.index("./dev ${{ matrix.session }}")
    assert searched["if"] == "failure()"
    assert searched["continue-on-error"]
    checkout = next(each for each in campaign["steps"] if "checkout" in each.get("uses", ""))
    assert checkout["with"]["fetch-depth"] == 0
    upload = next(step for step in campaign["steps"] if "upload" in step.get("uses", ""))
    assert upload["if"] == "always()"
    assert "campaigns/nightly-*/report" in upload["with"]["path"]
    assert issues["needs"] == "campaign"
    assert issues["permissions"]["issues"] == "write"


@pytest.fixture
def tracker(tmp_path):
    """Run the script against a ``gh`` that has open issues; returns its end and gh's calls."""

    def tracker(*titles, code=0, arguments=("reports",)):
        log, program = tmp_path / "log.json", tmp_path / "bin" / "gh"
        program.parent.mkdir(exist_ok=True)
        program.write_text(GH.format(python=sys.executable, log=log, titles=titles, code=code))
        program.chmod(0o755)
        done = subprocess.run(
            ["/usr/bin/python3", str(SCRIPT), *arguments],
            cwd=tmp_path,
            env={"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"},
            check=False,
            capture_output=True,
            text=True,
        )
        return done, json.loads(log.read_text()) if log.exists() else []

    return tracker


def write(folder, *buckets):
    for bucket in buckets:
        path = folder / "issues" / f"{bucket}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {bucket}\n\n```\nwhat it showed\n```\n")


def created(calls):
    return [(call[call.index("--title") + 1], call[-1]) for call in calls if call[1] == "create"]


def test_each_new_bucket_gets_one_issue_and_known_ones_none(tracker, tmp_path):
    write(tmp_path / "reports/nightly-x86_64/campaigns/a/report", "crash-SIGSEGV-f", "result-int")
    write(tmp_path / "reports/nightly-aarch64/campaigns/b/report", "crash-SIGSEGV-f", "order-x")
    done, calls = tracker("[fuzzer] result-int needs a look", "order-x-2")
    assert done.returncode == 0, done.stderr
    body = "```\nwhat it showed\n```\n"
    assert sorted(created(calls)) == [("crash-SIGSEGV-f", body), ("order-x", body)]
    assert "has an issue already: result-int" in done.stdout
    assert [call for call in calls if call[1] == "list"] == [
        ["issue", "list", "--state", "open", "--limit", "10000", "--json", "title"]
    ]


def test_without_findings_nobody_is_asked(tracker):
    done, calls = tracker()
    assert (done.returncode, calls) == (0, [])


def test_a_tracker_that_refuses_is_exit_code_1(tracker, tmp_path):
    write(tmp_path / "reports", "result-int")
    done, calls = tracker(code=1)
    assert done.returncode == 1
    assert done.stderr.endswith("open_issues.py: gh issue list failed\n")
    assert created(calls) == []


def test_a_command_without_folders_is_exit_code_2(tracker):
    assert tracker(arguments=())[0].returncode == 2
