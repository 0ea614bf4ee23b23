"""Corpus files: what is read, and what is said of bad ones."""

import pytest

from pyjit_fuzz.campaign import CorpusError, add_to_corpus, read_corpus, read_corpus_file
from pyjit_fuzz.model import Program


def test_reads_a_program_and_its_directives(tmp_path):
    path = tmp_path / "feature" / "case.py"
    path.parent.mkdir()
    path.write_text(
        "# A sentence.\n# pyjit: interpreted-only: generators are not compiled\n"
        "# pyjit: planned-exception: KeyError\n{}[1]\n"
    )
    file = read_corpus_file(path)
    assert file.interpreted_only == "generators are not compiled"
    assert file.program.planned_exception == "KeyError"
    assert not file.program.unmutated
    assert file.program.origin == "corpus:feature/case.py"


def test_a_program_says_that_no_other_is_made_from_it(tmp_path):
    path = tmp_path / "case.py"
    path.write_text("# pyjit: unmutated: its mutants show what may differ\nRESULT = 1\n")
    assert read_corpus_file(path).program.unmutated


def test_directives_count_in_the_header_only(tmp_path):
    path = tmp_path / "case.py"
    path.write_text("RESULT = 1\n# pyjit: interpreted-only: late\n")
    assert read_corpus_file(path).interpreted_only == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"def f(:\n", r"case\.py, line 1 is not a Python program"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"RESULT = 1\x00\n", "is not a Python program"),
        (b"# pyjit: interpreted-only\nRESULT = 1\n", "unknown directive"),
        (b"# pyjit: no-such-thing: x\nRESULT = 1\n", "line 1: unknown directive"),
    ],
)
def test_bad_files_are_named(tmp_path, content, message):
    path = tmp_path / "case.py"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        read_corpus([tmp_path])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CorpusError, match="there is no corpus file"):
        read_corpus([tmp_path / "none"])


def test_an_unreadable_file_is_named(tmp_path):
    (tmp_path / "case.py").symlink_to(tmp_path / "gone.py")
    with pytest.raises(CorpusError, match=r"cannot read the corpus file .*case\.py"):
        read_corpus([tmp_path])


def test_the_same_program_is_run_once(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.py").write_text("RESULT = 1\n")
    assert len(read_corpus([tmp_path])) == 1


def test_adding_keeps_the_program_and_what_it_plans(tmp_path):
    program = Program("RESULT = 1 // 0\n", planned_exception="ZeroDivisionError")
    path = add_to_corpus(tmp_path / "new", "crash: in list/x", program, note="two\nlines")
    assert path.name == "crash_in_list_x.py"
    file = read_corpus_file(path)
    assert file.program.source.endswith(program.source)
    assert file.program.planned_exception == "ZeroDivisionError"
    assert file.program.source.startswith("# two lines\n")
    with pytest.raises(CorpusError, match="exists already"):
        add_to_corpus(tmp_path / "new", "crash: in list/x", program, note="")
