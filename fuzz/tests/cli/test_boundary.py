"""The boundary of a command: no error goes by without a word."""

import pytest
import typer

from pyjit_fuzz.cli.boundary import command
from pyjit_fuzz.cli.options import BROKEN, INTERRUPTED
from pyjit_fuzz.execute import SetupError


def ends(error):
    def run():
        raise error

    return command(run)


@pytest.mark.parametrize(
    ("error", "code"),
    [(SetupError("no such compiler"), BROKEN), (KeyboardInterrupt(), INTERRUPTED)],
)
def test_what_is_expected_becomes_an_exit_code(error, code, capsys):
    with pytest.raises(typer.Exit) as ended:
        ends(error)()
    assert ended.value.exit_code == code
    assert capsys.readouterr().err.strip() == (f"pyjit-fuzz: {error}" if str(error) else "")


def test_a_broken_pipe_to_a_job_is_not_taken_for_that_of_standard_output():
    with pytest.raises(RuntimeError, match="a pipe to another process broke"):
        ends(BrokenPipeError())()


def test_nobody_reading_standard_output_is_no_error(monkeypatch):
    class Closed:
        def flush(self):
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    with pytest.raises(BrokenPipeError):  # which ends the command quietly
        ends(BrokenPipeError())()
