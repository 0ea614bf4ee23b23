"""What compiling may take of a program's time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyjit_core

PACKAGE_FOLDER = Path(pyjit_core.__file__).parents[1]

# Many functions, each called more often than the threshold, that hardly run.
SHORT_PROGRAM = """\
import json, sys
import pyjit_core
lines = "".join(f"    x = (x * 3 + {i}) % 1009\\n" for i in range(30))
functions = []
for number in range(300):
    space = {}
    exec(f"def f{number}(x):\\n{lines}    return x", space)
    functions.append(space[f"f{number}"])
pyjit_core.enable()
total = sum(function(1) for function in functions for _ in range(150))
pyjit_core.disable()
print(json.dumps({"total": total, **pyjit_core.stats()}))
"""

# The same, but that the one function is called for as long as it takes to be compiled.
LONG_PROGRAM = """\
import pyjit_core, time
def f(x):
    return x + 1
pyjit_core.enable()
end = time.process_time() + 60
while not pyjit_core.is_compiled(f) and time.process_time() < end:
    f(1)
print(pyjit_core.is_compiled(f))
"""


def run(program: str, **options: int) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYJIT")}
    settings = {f"PYJIT_{name.upper()}": str(value) for name, value in options.items()}
    environment = clean | settings | {"PYTHONPATH": str(PACKAGE_FOLDER)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=120,
    )
    return done.stdout


def test_a_short_program_is_not_compiled_whole() -> None:
    bounded = json.loads(run(SHORT_PROGRAM, compile_share=1))
    unbounded = json.loads(run(SHORT_PROGRAM, compile_share=0))
    assert bounded["total"] == unbounded["total"]
    assert unbounded["compiled"] >= 300
    assert unbounded["postponed"] == 0
    assert bounded["postponed"] > 0
    assert bounded["compiled"] < unbounded["compiled"] / 2


def test_what_has_hardly_begun_compiles_nothing() -> None:
    # A child of fork() begins anew, so the time that the interpreter took to start is no matter.
    program = (
        "import os, pyjit_core\n"
        "def f(x):\n"
        "    return x + 1\n"
        "pyjit_core.enable()\n"
        "if os.fork():\n"
        "    os._exit(os.waitstatus_to_exitcode(os.wait()[1]))\n"
        "for number in range(300):\n"
        "    f(number)\n"
        "print(pyjit_core.is_compiled(f))\n"
    )
    assert run(program, compile_share=100) == "False\n"
    assert run(program, compile_share=0) == "True\n"


def test_what_is_compiled_is_compiled_well() -> None:
    # All functions get hot together. First versions of all of them would take what there is, and
    # none could get its second one. What was compiled last has been called a few times only when
    # the time is over: the fewer calls there was time for, the more of them; so it is called again.
    program = SHORT_PROGRAM.replace(
        "for function in functions for _ in range(150))",
        "for _ in iter(lambda: time.process_time() < 0.45, False) for function in functions)\n"
        "for function in filter(pyjit_core.is_compiled, functions):\n"
        "    for _ in range(100):\n"
        "        function(1)",
    ).replace("import json, sys", "import json, sys, time")
    counted = json.loads(run(program, compile_share=5))
    assert 0 < counted["compiled"] < 300
    assert counted["recompiles"] >= 0.8 * counted["compiled"]


def test_whoever_asks_for_everything_gets_everything() -> None:
    assert json.loads(run(SHORT_PROGRAM, compile_share=1, threshold_calls=1))["postponed"] == 0


def test_what_is_put_off_is_compiled_later() -> None:
    assert run(LONG_PROGRAM, compile_share=1) == "True\n"


def test_a_forked_child_may_compile() -> None:
    # The parent spends more than the child is allowed in its first half second.
    parent = (
        "import os, pyjit_core\n"
        "for i in range(3000):\n"
        "    space = {}\n"
        "    exec('def g(x): return [x + 1, x * 2, x - 3, -x, x % 7, x // 3, x ^ 5]', space)\n"
        "    pyjit_core.compile(space['g'])\n"
        "if os.fork():\n"
        "    os._exit(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    )
    child = LONG_PROGRAM.replace("+ 60", "+ 0.5")
    assert run(parent + child, compile_share=1) == "True\n"


def test_a_loop_is_compiled_at_its_second_call_however_it_jumps_back() -> None:
    # `while x:` jumps back by a conditional jump, which the interpreter does not count as a loop.
    program = (
        "import pyjit_core\n"
        "def f(x):\n"
        "    while x:\n"
        "        x -= 1\n"
        "pyjit_core.enable()\n"
        "f(1000); f(1000)\n"
        "print(pyjit_core.is_compiled(f))\n"
    )
    assert run(program, compile_share=0) == "True\n"
