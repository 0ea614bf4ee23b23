"""Programs of the corpus whose compiled code is left for the interpreter behind so many steps.

The interpreter then goes on in frames that compiled code has begun: operands, locals, exceptions
that are being handled, generators and what drives them have to be as it leaves them. (Programs that
see what docs/contract.md allows interpreted callers are not among these.)
"""

from pathlib import Path

import pytest

from pyjit_fuzz.campaign import Lane, prepare_profiles
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import Program, Status

CORPORA = Path(__file__).parent.parent / "corpora"
PROGRAMS = (
    *("abandoned.py", "async_iteration.py", "async_managers.py", "driven_by_hand.py"),
    *("driven_generators.py", "ended_early.py", "errors_of_awaiting.py", "event_loop.py"),
    *("generator_state.py", "messages_as_mappings.py"),
)
"""All of them crashed while frames that make a generator of themselves could be left."""
STEPS = (1, 5, 60, 700, 2500)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("arch", ["x86_64", pytest.param("aarch64", marks=pytest.mark.aarch64)])
def test_the_interpreter_goes_on_where_compiled_code_stops(arch):
    profiles = prepare_profiles(["jit"], [arch])
    stopped = 0
    with Lane(profiles, Limits()) as lane:
        files = [file for name in PROGRAMS for file in sorted(CORPORA.rglob(name))]
        for file in files:
            program = Program(file.read_text("utf-8"))
            expected = lane.run(program, lane.reference)
            for steps in STEPS:
                options = {"PYJIT_STEP_LIMIT": str(steps)}
                seen = lane.run(program, profiles[1].key, against=expected, options=options)
                assert seen.status in (Status.OK, Status.EXCEPTION), (file, steps, seen.stopped)
                assert lane.judge(program, [expected, seen]) == [], (file, steps, seen.stopped)
                stopped += seen.stopped is not None
    assert stopped == len(files) * len(STEPS) >= len(PROGRAMS) * len(STEPS)
