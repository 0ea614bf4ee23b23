"""The road of a user: run, look, replay, reduce, keep as a regression test."""

import json
import os
import re
from xml.etree import ElementTree as ET


def test_nothing_found_is_exit_code_0(cli, corpus, tmp_path):
    done = cli("run", "--profile", "fake-right", "--programs", "3", "-o", "out")
    assert done.returncode == 0, done.stderr
    for line in (
        r"x86_64",
        r"programs run: +4",
        r"programs/s: +\d+\.\d",
        r"ended without an unplanned exception: +\d+\.\d%",
        r"executed compiled code: +100\.0%",
        r"divergences: +0",
    ):
        assert re.search(line, done.stdout), done.stdout
    page = (tmp_path / "out" / "report" / "index.html").read_text()
    assert "No divergence in 4 programs" in page


def test_the_road_of_a_finding(cli, corpus, tmp_path):
    done = cli("run", "--profile", "fake-wrong-add", "--programs", "0", "-o", "out")
    assert done.returncode == 1, done.stderr
    assert "result-int-value" in done.stdout
    (finding,) = (tmp_path / "out" / "findings").glob("*/*")
    assert str(finding.relative_to(tmp_path)) in done.stdout

    # Replaying needs the folder alone.
    moved = finding.rename(tmp_path / "moved")
    replayed = cli("replay", moved)
    assert replayed.returncode == 1, replayed.stderr
    assert "reproduces: result:int:value" in replayed.stdout
    assert "RESULT = int 1" in replayed.stdout
    answer = json.loads(cli("replay", moved, "--json").stdout)
    assert answer["reproduces"] is True
    assert answer["verdicts"][0]["oracle"] == "result"

    before = (moved / "program.py").read_text()
    reduced = cli("reduce", moved, "--seconds", "5")
    assert reduced.returncode == 1, reduced.stderr
    assert len((moved / "program.py").read_text()) <= len(before)

    added = cli("corpus", "add", moved, "--note", "the sum was wrong", "--to", "corpora/regress")
    assert added.returncode == 0, added.stderr
    path = tmp_path / added.stdout.strip()
    assert path.read_text().startswith("# the sum was wrong\n")
    assert cli("corpus", "check").returncode == 0


def test_a_finding_that_is_gone_is_exit_code_0(cli, corpus, tmp_path):
    cli("run", "--profile", "fake-wrong-add", "--programs", "0", "-o", "out")
    (path,) = (tmp_path / "out" / "findings").glob("*/*/finding.json")
    path.write_text(path.read_text().replace("wrong_add", "right"))
    replayed = cli("replay", path.parent)
    assert replayed.returncode == 0
    assert "does not reproduce" in replayed.stdout
    assert cli("reduce", path.parent).returncode == 0


def test_json_and_junit_say_the_same(cli, corpus, tmp_path):
    done = cli("run", "--profile", "fake-wrong-add", "--programs", "0", "-o", "out", "--json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data["divergences"] == 1
    assert data["architectures"][0]["programs"] == 1
    assert [each["bucket"] for each in data["findings"]] == ["result-int-value"]
    assert json.loads((tmp_path / "out" / "report" / "report.json").read_text())["seed"] == 0
    suite = ET.parse(tmp_path / "out" / "report" / "junit.xml").getroot()[0]
    assert suite.get("failures") == "1"


def test_a_report_has_the_formats_that_were_asked_for(cli, corpus, tmp_path):
    cli("run", "--profile", "fake-wrong-add", "--programs", "0", "-o", "out")
    stale = tmp_path / "few" / "issues" / "bucket-of-another-name.md"
    stale.parent.mkdir(parents=True)
    stale.write_text("# bucket-of-another-name\n")
    done = cli("report", "out", "-f", "markdown", "--format", "sarif", "-o", "few")
    assert done.returncode == 0, done.stderr
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("few/**/*.*"))
    assert files == ["few/issues/result-int-value.md", "few/report.sarif"]
    assert "markdown" in cli("report", "out", "-f", "pdf").stderr


def test_the_report_needs_the_folder_alone(cli, corpus, tmp_path):
    cli("run", "--profile", "fake-wrong-add", "--programs", "0", "-o", "out")
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    done = cli("report", "elsewhere", "-o", "page")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page" / "index.html").read_text()
    assert "result-int-value" in page
    assert "elsewhere/findings" in page


def test_what_a_campaign_has_kept_becomes_a_corpus(cli, corpus, tmp_path):
    run = ("run", "--profile", "fake-eventful", "--programs", "4", "-o", "out")
    done = cli(*run)
    assert done.returncode == 0, done.stderr
    assert re.search(r"kept \d+ programs that reached something new", done.stdout), done.stdout
    distilled = cli("corpus", "distil", "out", "--to", "kept")
    assert re.search(r"^[1-9]\d* of \d+ kept programs written to kept", distilled.stdout)
    files = list((tmp_path / "kept").glob("*.py"))
    assert cli("corpus", "check", "kept").returncode == 0
    assert cli(*run[:-1], "other", "--corpus", "kept").returncode == 0
    again = cli("corpus", "distil", "out", "other", "--to", "kept")
    assert again.returncode == 0
    assert set(files) <= set((tmp_path / "kept").glob("*.py"))
    assert cli("corpus", "distil", "kept", "--to", "more").returncode == 2  # no campaign


def test_progress_is_plain_lines_without_a_terminal(cli, corpus):
    done = cli("run", "--profile", "fake-wrong-add", "--programs", "0", "-o", "out")
    assert "\x1b" not in done.stderr + done.stdout
    assert re.search(r"^confirmed: result-int-value, \d+ lines", done.stderr, re.MULTILINE)
    assert re.search(r"^reduced: result-int-value, \d+ lines", done.stderr, re.MULTILINE)


def test_corpus_list(cli, corpus):
    done = cli("corpus", "list")
    assert re.search(r"adds +6 [0-9a-f]{16} corpora/seeds/adds/adds\.py", done.stdout)
    rows = json.loads(cli("corpus", "list", "--json").stdout)
    assert rows[0]["feature"] == "adds"


def test_doctor_looks_at_the_wanted_architecture(cli):
    done = cli("doctor", "--arch", "x86_64", "--json")
    checks = json.loads(done.stdout)
    assert {check["needed_for"] for check in checks} >= {"x86_64"}
    assert "aarch64" not in {check["needed_for"] for check in checks}
    missing = [check for check in checks if check["required"] and not check["ok"]]
    assert done.returncode == (2 if missing else 0)


def test_programs_can_be_bounded_by_architecture(cli, corpus):
    done = cli("run", "--profile", "fake-right", "--programs", "x86_64=2", "-o", "out")
    assert re.search(r"programs run: +3", done.stdout)


def test_the_registry_of_the_checkout_is_read_unless_another_is_named(cli, corpus, tmp_path):
    registry = '[[issue]]\nname = "adds"\nstate = "{}"\nsignature = "result:*"\nreason = "r"\n'
    (tmp_path / "corpora" / "known.toml").write_text(registry.format("open"))
    (tmp_path / "fixed.toml").write_text(registry.format("fixed"))
    run = ("run", "--profile", "fake-wrong-add", "--programs", "0", "-o")
    assert cli(*run, "out").returncode == 0
    done = cli(*run, "again", "--known", "fixed.toml")
    assert done.returncode == 1
    assert "; a regression of adds" in done.stdout


def test_a_finding_of_a_jit_without_switches_has_nothing_to_blame(cli, corpus, tmp_path):
    cli("run", "--profile", "fake-wrong-add", "--programs", "0", "-o", "out")
    (finding,) = (tmp_path / "out" / "findings").glob("*/*")
    before = (finding / "finding.json").read_text()
    done = cli("blame", finding)
    assert done.returncode == 0
    assert "nothing to blame" in done.stdout
    assert (finding / "finding.json").read_text() == before


def test_a_campaign_does_not_wait_long_for_a_program_that_does_not_end(cli, corpus):
    for n in range(3):
        (corpus / f"endless_{n}.py").write_text(f"while True:\n    N = {n}\n")

    def seconds(*options):
        before = os.times().children_user
        done = cli("run", "--profile", "fake-right", "--programs", "0", "--json", *options)
        assert json.loads(done.stdout)["architectures"][0]["programs"] == 4
        return os.times().children_user - before

    assert seconds("-o", "usual") < seconds("-o", "patient", "--time-limit", "1") - 1.5
