"""Test doubles for JITs: interpreters that are wrong on purpose.

Each runs the stock interpreter on a program that it has altered, and claims
that compiled code ran. They test the toolkit's own logic with real processes
and need no JIT; whether the toolkit finds faults of a JIT is tested with the
faults planted in the real one.

They are installed as any third party's are: this folder on ``PYTHONPATH``
has the entry points. A profile chooses by ``WRONG`` in its environment.
"""

import ast
import collections
import os
import signal
from pathlib import Path

import msgspec

from pyjit_fuzz.execute import SetupError, open_native

# EXTENDED_ARG three times and LOAD_CONST: a constant some gigabytes behind the others.
DIES = """
def _dies():
    return 1
_far = bytes([151, 0, 144, 127, 144, 255, 144, 255, 100, 255, 83, 0])
_dies.__code__ = _dies.__code__.replace(co_code=_far)
_dies()
"""


class Altered(ast.NodeTransformer):
    """Turns additions inside functions into subtractions."""

    def __init__(self):
        self.depth = 0

    def visit_FunctionDef(self, node):
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if self.depth and isinstance(node.op, ast.Add):
            node.op = ast.Sub()
        return node


def wrong_add(executor, program, run):
    tree = Altered().visit(ast.parse(program.source))
    return run(msgspec.structs.replace(program, source=ast.unparse(tree)))


def crash(executor, program, run):
    if " + " not in program.source:
        return run(program)
    return run(msgspec.structs.replace(program, source=program.source + DIES))


def sometimes(executor, program, run):
    executor.count += 1
    return wrong_add(executor, program, run) if executor.count % 2 else run(program)


def in_company(executor, program, run):
    """Be wrong behind other programs only, as state that one leaves to the next makes it."""
    return wrong_add(executor, program, run) if executor.company else run(program)


def at_a_point(executor, program, run):
    """Be wrong at one point of the profile's space only."""
    spot = executor.profile.at(program).environment["SPOT"]
    return wrong_add(executor, program, run) if spot == "wrong" else run(program)


def kill_job(executor, program, run):
    """Take down the whole job, as a bug of the toolkit or the system would, once."""
    mark = Path(executor.profile.environment["MARK"])
    if " + " in program.source and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run(program)


def give_up(executor, program, run):
    executor.count += 1
    if executor.count > 3:
        raise SetupError("The interpreter cannot be started any more. Start it by hand.")
    return run(program)


def right(executor, program, run):
    return run(program)


def eventful(executor, program, run):
    """Be right, and count kinds of syntax as a JIT counts its events."""
    kinds = (type(node).__name__ for node in ast.walk(ast.parse(program.source)))
    return msgspec.structs.replace(run(program), events=dict(collections.Counter(kinds)))


KINDS = {
    function.__name__: function
    for function in (
        *(wrong_add, crash, sometimes, in_company, at_a_point, kill_job, give_up, right, eventful),
    )
}


class WrongExecutor:
    """A native executor whose programs are altered on the way."""

    def __init__(self, profile, limits):
        bare = msgspec.structs.replace(profile, environment={}, executor="native", space={})
        self._native = open_native(bare, limits)
        self._kind = KINDS[profile.environment["WRONG"]]
        self._compiles = "NEVER_COMPILES" not in profile.environment
        self.hello = self._native.hello
        self.slowdown = self._native.slowdown
        self.profile = msgspec.structs.replace(profile, build_id="wrong")
        self.count = 0
        self.company = 0

    def run(self, program, *, fresh=False, backtrace=False, limits=None, options=None):
        def run(altered):
            return self._native.run(
                altered, fresh=fresh, backtrace=backtrace, limits=limits, options=options
            )

        observation = self._kind(self, program, run)
        compiled = ("main",) if self._compiles else ()
        return msgspec.structs.replace(observation, compiled=compiled)

    def run_batch(self, programs, *, limits=None):
        self.company = 0
        seen = []
        for program in programs:
            seen.append(self.run(program, limits=limits))
            self.company += 1
        self.company = 0
        return seen

    def close(self):
        self._native.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        self.close()


def open_wrong(profile, limits):
    return WrongExecutor(profile, limits)


def profiles():
    return str(Path(__file__).with_name("profiles"))
