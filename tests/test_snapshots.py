"""Single steps of compiled code, in programs of the corpus, against the interpreter's.

Results of programs show what comes of a wrong step, if anything does; here, the frame behind it is
looked at: every variable and operand, how often each object is referred to, and where it goes on.
"""

import random
from pathlib import Path

import msgspec
import pytest

from pyjit_fuzz.campaign import prepare_profiles
from pyjit_fuzz.campaign.snapshots import harm, read_snapshots
from pyjit_fuzz.execute import Limits, open_executor
from pyjit_fuzz.model import Program, Status

CORPORA = Path(__file__).parent.parent / "corpora"
SHOWS_ADDRESSES = {"copy_and_pickle.py"}  # two runs differ in these
HOOK = "_hook"
"""The worker's audit hook, which is not traced."""
STEPS = 6


def test_programs_of_the_corpus_step_by_step(tmp_path):
    wrong, steps = _compare(tmp_path / "snapshots", "x86_64", every=2)
    assert wrong == []
    assert steps > 300


@pytest.mark.aarch64
@pytest.mark.timeout(600)
def test_programs_of_the_corpus_step_by_step_on_aarch64(tmp_path):
    wrong, steps = _compare(tmp_path / "snapshots", "aarch64", every=12)
    assert wrong == []
    assert steps > 50


def test_a_planted_fault_shows_in_a_frame(tmp_path):
    wrong, _ = _compare(tmp_path / "snapshots", "x86_64", every=8, fault="materialised-local")
    assert wrong


def _compare(file, arch, *, every, fault=""):
    """Return what differs behind random steps of some programs, and how many steps they are."""
    (_, tested) = prepare_profiles(["jit-eager"], [arch], fault=fault)
    environment = {**tested.environment, "PYJIT_SNAPSHOT_FILE": str(file)}
    wrong, steps, chosen = [], 0, random.Random(3)
    with open_executor(
        msgspec.structs.replace(tested, environment=environment), limits=Limits()
    ) as executor:

        def run(program, limit):
            seen = executor.run(program, options={"PYJIT_STEP_LIMIT": str(limit)})
            return seen, read_snapshots(file)

        for path in sorted(CORPORA.rglob("*.py"))[::every]:
            if path.name in SHOWS_ADDRESSES:
                continue
            program = Program(path.read_text("utf-8"))
            most = 64
            while most < 1 << 16 and run(program, most)[0].stopped is not None:
                most *= 4
            for _ in range(STEPS):
                limit = int(2 ** chosen.uniform(4, most.bit_length()))
                (before, interpreted), (behind, compiled) = (
                    run(program, limit),
                    run(program, limit + 1),
                )
                at = before.stopped
                ends = [at, *compiled.frames[:1]]
                if at is None or any(HOOK in each.function for each in ends):
                    continue
                steps += 1
                died = behind.status is Status.CRASH
                found, changes = harm(at, interpreted, compiled, died=died)
                if found is not None:
                    wrong.append((path.name, limit, str(at), found, changes))
    return wrong, steps
