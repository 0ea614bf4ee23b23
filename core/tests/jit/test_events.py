"""The map of JIT events: names, counts, and that counting changes no fast path."""

from __future__ import annotations

import array
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import pyjit_core

PACKAGE_FOLDER = Path(pyjit_core.__file__).parents[1]
CORE = Path(__file__).parents[2]

PRELUDE = """
import json, sys
import pyjit_core

def add(a, b):
    return a + b

def read(owner):
    return owner.x

def catch(f):
    try:
        return f()
    except ZeroDivisionError:
        return sys._getframe()

class Point:
    def __init__(self, x):
        self.x = x

class Other:
    x = 3

def warm():
    for i in range(30):
        add(i, 1), read(Point(i)), catch(int)

pyjit_core.enable()
warm()
"""
FINISH = """
names = pyjit_core.event_names()
print(json.dumps({names[place]: count for place, count in pyjit_core.events().items()}))
"""


def run(script: str, *, count: bool, command: tuple[str, ...] = (), folder: Path = PACKAGE_FOLDER):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYJIT")}
    options = {"THRESHOLD_CALLS": "1", "RECOMPILE_AFTER": "2", "COUNT_EVENTS": str(int(count))}
    done = subprocess.run(
        [*(command or (sys.executable,)), "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=clean
        | {"PYTHONPATH": str(folder)}
        | {f"PYJIT_{name}": value for name, value in options.items()},
        timeout=110,
    )
    return json.loads(done.stdout)


def events(body: str, *, count: bool = True, **where) -> dict[str, int]:
    """Run with everything warm, then `body` between a reset and a reading."""
    script = f"{PRELUDE}\npyjit_core.reset_events()\n{body}\n{FINISH}"
    return run(script, count=count, **where)


def happened(counts: dict[str, int]) -> set[str]:
    return {name for name, count in counts.items() if count}


def check_guard_exit(**where) -> None:
    exit_ = "BINARY_OP.add-ints.exit"
    quiet, loud = events("add(3, 4)", **where), events("add(3.5, 4.5)", **where)
    assert exit_ not in happened(quiet)
    assert loud[exit_] == 1
    assert loud["guard_failures"] == 1


def test_a_guard_exit_is_an_event_of_the_program_that_provokes_it():
    check_guard_exit()


@pytest.mark.aarch64
def test_a_guard_exit_is_an_event_on_the_other_architecture():
    from pyjit_qemu.build import build_core
    from pyjit_qemu.command import interpreter_command

    command = tuple(str(part) for part in interpreter_command("aarch64"))
    check_guard_exit(command=command, folder=build_core("aarch64"))


def test_what_code_was_made_for_is_known_before_it_happens():
    counts = events("def late(a): return a + 1\nfor i in range(9): late(i)")
    assert counts["BINARY_OP.add-ints.exit"] == 0
    assert counts["BINARY_OP.add-ints.optimised"] >= 1


@pytest.mark.parametrize(
    ("operands", "pair"),
    [
        ("(1, 2.5)", "numbers"),
        ("(2.5, 1)", "numbers"),
        ("(1, 2.5), (2.5, 2.5)", "mixed"),
        ("(2.5, 1), (1, 2.5)", "mixed"),
        ("(2.5, 2.5), (1, 1)", "mixed"),
    ],
)
def test_pairs_of_numbers_either_of_which_may_be_a_float_are_a_kind_of_their_own(operands, pair):
    counts = events(f"def late(a, b): return a + b\nfor p in ({operands},) * 9: late(*p)")
    optimised = {name.split(".")[1] for name in happened(counts) if name.endswith(".optimised")}
    assert f"add-{pair}" in optimised
    assert ("add-mixed" in optimised) == (pair == "mixed")


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("b = a + 1.5", "STORE_FAST.float"),
        ("b = a + 1", "STORE_FAST.int"),
        ("b = [a]", "STORE_FAST.known"),
        ("b = a.real", "STORE_FAST.object"),
        ("if a.real: return 1", "POP_JUMP_FORWARD_IF_FALSE.object"),
        ("if a * 2: return 1", "POP_JUMP_FORWARD_IF_FALSE.int"),
        ("return not a * 1.5", "UNARY_NOT.float"),
    ],
)
def test_stores_and_conditions_say_what_is_known_of_the_value(statement: str, kind: str):
    counts = events(f"def late(a):\n    {statement}\nfor i in range(9): late(i)")
    made = {name for name in happened(counts) if name.endswith(".optimised")}
    assert f"{kind}.optimised" in made, made


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("read(Other())", "LOAD_ATTR.value.helper"),
        ("read(Other())", "LOAD_ATTR.value.miss"),
        ("read(Other())\nread(Other())", "LOAD_ATTR.class.hit"),
        ("catch(lambda: 1 // 0)", "handled"),
        ("catch(lambda: 1 // 0)", "CALL.vectorcall.raised"),
        ("kept = catch(lambda: 1 // 0)", "outlived_frames"),
        ("add([1], [2])", "rebuilt_borrowed"),
    ],
)
def test_it_happens_where_it_should_and_not_elsewhere(body: str, name: str):
    assert name in happened(events(body))
    assert name not in happened(events("add(3, 4), read(Point(5)), catch(int)"))


def test_statistics_by_opcode_are_the_events_put_together():
    body = "add(3.5, 4.5)\nfor owner in (Other(), Other(), Other()): read(owner)"
    asked = """
pyjit_core.disable()
counts = {pyjit_core.event_names()[place]: n for place, n in pyjit_core.events().items()}
print(json.dumps([pyjit_core.opcode_stats(), counts]))
"""
    script = f"{PRELUDE}\npyjit_core.reset_events()\n{body}\n{asked}"
    rows, counts = run(script, count=True)
    apart = {
        ".".join(filter(None, (row["opcode"], row["kind"], outcome))): count
        for row in rows
        for outcome, count in row["outcomes"].items()
    }
    assert apart == {name: count for name, count in counts.items() if count and "." in name}
    by_name = {(row["opcode"], row["kind"]): row for row in rows}
    assert by_name["BINARY_OP", "add-ints"]["outcomes"]["exit"] == 1
    assert by_name["BINARY_OP", "add-ints"]["hit_rate"] is None
    assert by_name["LOAD_ATTR", "class"]["hit_rate"] == 1.0
    assert by_name["LOAD_ATTR", "value"]["hit_rate"] == 0.0


def test_names_are_unique_and_cover_the_tables():
    names = pyjit_core.event_names()
    assert len(set(names)) == len(names)
    assert names[0] == "compiled"
    assert {name.split(".")[0] for name in names if "." in name} == opcodes()
    for name in ("LOAD_GLOBAL.miss", "FOR_ITER.several.helper", "COMPARE_OP.ge-wide.raised"):
        assert name in names
    assert "POP_TOP.hit" not in names


def opcodes() -> set[str]:
    text = (CORE / "src/bytecode/cp311/opcodes.def").read_text()
    rows = [line for line in text.splitlines() if line.startswith("OPCODE")]
    return {row.split("(")[1].split(",")[0] for row in rows}


def test_places_are_the_same_in_every_process():
    script = "import json, pyjit_core; print(json.dumps(pyjit_core.event_names()))"
    assert tuple(run(script, count=True)) == pyjit_core.event_names()


def test_without_the_option_only_counters_are_events():
    counts = events("add(3.5, 4.5)", count=False)
    assert counts["guard_failures"] == 1
    assert not [name for name in counts if "." in name]


DIES = """
pyjit_core.reset_events()
add("a", "b")
for _ in range(3):
    add(3.5, 4.5)
print(json.dumps(pyjit_core.event_names()), flush=True)
import os
os.kill(os.getpid(), 9)
"""


def test_counts_in_a_file_are_there_when_the_process_is_not(tmp_path):
    file = tmp_path / "events"
    environment = {"PYTHONPATH": str(PACKAGE_FOLDER), "PYJIT_EVENTS_FILE": str(file)}
    options = {
        "PYJIT_THRESHOLD_CALLS": "1",
        "PYJIT_RECOMPILE_AFTER": "2",
        "PYJIT_COUNT_EVENTS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + DIES],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env=environment | options,
        timeout=110,
    )
    assert done.returncode == -signal.SIGKILL
    names = [name for name in json.loads(done.stdout) if "." in name]
    counts = array.array("I", file.read_bytes())
    assert len(names) <= len(counts)
    seen = {name: count for name, count in zip(names, counts, strict=False) if count}
    assert seen["BINARY_OP.add-ints.exit"] == 4
    assert not any(counts[len(names) :])


def test_a_file_that_cannot_be_is_refused(tmp_path):
    file = tmp_path / "absent" / "events"
    with pytest.raises(ValueError, match=r"config\.events_file='.*': No such file or directory"):
        pyjit_core.config.events_file = str(file)
    assert pyjit_core.config.events_file == ""


LISTINGS = """
listings = []
for count in False, True:
    pyjit_core.config.count_events = count
    listings.append(pyjit_core.disassemble(add).splitlines())
print(json.dumps(listings))
"""


def test_counting_changes_cold_paths_only():
    # How far a jump goes may change how it is encoded, and each version has data of its own.
    plain, counting = (
        [re.sub(r"\b\d{6,}\b", "ADDRESS", line.replace("short ", "")) for line in listing]
        for listing in run(PRELUDE + LISTINGS, count=False)
    )
    last = plain.index("out of line")
    assert counting[:last] == plain[:last]
    assert len(counting) > len(plain)
    rest = iter(counting)
    assert all(line in rest for line in plain)  # in this order
