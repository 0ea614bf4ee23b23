"""Disassembly of a finding's functions, as the JIT has compiled them when the program ends.

The program is run once more, by a program that then asks the JIT; in the
same sandbox, and with the same environment. Where it does not live that
long, the code is listed as it would be compiled first, without the program
being run.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pyjit_fuzz.execute import EXTRA_MODULES, Limits, open_executor
from pyjit_fuzz.model import Finding, Observation, Program, Status

_MOST_TEXT = 128 << 10
_MARK = "-- machine code --"
_MODULES = {"pyjit_core": ("pyjit_core._listing",)}
"""What a JIT's ``disassemble`` imports when it is called."""
_SCRIPT = """
import {jit} as jit
import linecache
from types import CodeType
source = {source}
code = compile(source, "<program>", "exec", 0, True)
linecache.cache["<program>"] = (len(source), None, source.splitlines(True), "<program>")
def nested(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)
left = None
if {run}:
    try:
        exec(code, {{"__name__": "__main__"}})
    except BaseException as error:
        left = error
print({mark})
for each in nested(code):
    if each.co_qualname in {names}:
        try:
            print(jit.disassemble(each), end="\\n\\n")
        except ValueError as error:
            print(error)
"""


def listing(
    finding: Finding, functions: Sequence[str], environment: dict[str, str], limits: Limits
) -> str:
    """Return the disassembly of functions under the tested profile with that environment.

    Empty if there are no functions, or if the JIT cannot be asked.
    """
    if not functions:
        return ""
    jit = finding.tested.jit
    modules = ",".join([jit, "linecache", *_MODULES.get(jit, ())])
    profile = msgspec.structs.replace(
        finding.tested, environment={**environment, EXTRA_MODULES: modules}
    )
    roomy = msgspec.structs.replace(limits, output_bytes=limits.output_bytes + 2 * _MOST_TEXT)
    with open_executor(profile, limits=roomy) as executor:
        for run in (True, False):
            text = _listed(executor.run(_asking(finding, functions, run=run)))
            if text:
                return text[:_MOST_TEXT]
    return ""


def _asking(finding: Finding, functions: Sequence[str], *, run: bool) -> Program:
    return Program(
        _SCRIPT.format(
            jit=finding.tested.jit,
            source=ascii(finding.program.source),
            run=run,
            mark=ascii(_MARK),
            names=ascii(tuple(functions)),
        )
    )


def _listed(observation: Observation) -> str:
    if observation.status is not Status.OK:
        return ""
    return observation.output.rpartition(f"{_MARK}\n")[2].strip("\n")
