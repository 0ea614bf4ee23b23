"""config.step_limit: compiled code may go so far, and the interpreter does the rest."""

import dis

import pytest

import pyjit_core

PROGRAM = """
class C:
    def __init__(self):
        self.x = 3
    def m(self, j=5, k=2):
        return self.x * k - j
def gen(n):
    for i in range(n):
        try:
            yield i * 2.5
        finally:
            pass
async def co(n):
    return n
def f(n):
    total, c, seen = 0.0, C(), {}
    for i in range(n):
        total += i * 1.5
        total += c.m(k=i)
        seen[i] = total
        if i > 3 and total > 2:
            total -= 1
        try:
            if i % 5 == 0:
                raise ValueError(i)
        except ValueError as error:
            total += error.args[0]
        try:
            co(i).send(None)
        except StopIteration as stop:
            total += stop.value
    return total, sum(gen(n)), [x for x in seen if x % 2], {**seen, "n": n}, f"{total:.3f}{n!r}"
"""
RUNS = 12
pytestmark = pytest.mark.usefixtures("at_once")


def made():
    namespace = {"__name__": "made"}
    exec(compile(PROGRAM, "program", "exec"), namespace)
    return namespace["f"]


def run(limit):
    """Return what the program returns when compiled code has so many steps, and where it stops."""
    pyjit_core.config.step_limit = limit
    f = made()
    pyjit_core.reset_executed()
    return f(RUNS), pyjit_core.stopped_at()


def test_wherever_compiled_code_stops_the_result_is_the_same():
    pyjit_core.disable()
    expected = made()(RUNS)
    pyjit_core.enable()
    places = set()
    for limit in range(1, 5000):
        result, place = run(limit)
        assert result == expected, place
        if place is None:
            break
        places.add(place)
    else:
        pytest.fail("it does not end")
    assert limit > 500, "steps were counted"
    assert {place[0] for place in places} == {"program"}
    assert {place[1] for place in places} == {"f", "C.m", "gen", "co"}
    assert {place[3] for place in places} == {"generic", "optimised"}
    kinds = {place[4] for place in places}
    assert kinds >= {"BINARY_OP.multiply-ints", "KW_NAMES CALL.python-defaults", "YIELD_VALUE"}
    assert not {"RETURN_GENERATOR", "KW_NAMES", "PRECALL"} & kinds


def test_the_place_is_that_of_the_instruction_in_front_of_which_it_stops():
    _, (file, function, offset, version, kind) = run(8)
    assert (file, function, version) == ("program", "f", "generic")
    names = {each.offset: each.opname for each in dis.get_instructions(made())}
    assert kind.partition(".")[0] == names[offset].replace("PRECALL", "CALL")


def test_the_first_place_stays_until_it_is_reset_and_counting_begins_anew():
    _, place = run(30)
    assert made()(RUNS), "nothing is left: it stops at once"
    assert pyjit_core.stopped_at() == place
    pyjit_core.reset_executed()
    assert pyjit_core.stopped_at() is None
    pyjit_core.config.step_limit = 10**6
    assert made()(RUNS)
    assert pyjit_core.stopped_at() is None


def test_without_a_limit_nothing_is_counted():
    pyjit_core.config.step_limit = 0
    f = made()
    assert f(RUNS)
    assert pyjit_core.is_compiled(f)
    assert "pyjit_stop" not in pyjit_core.disassemble(f)
    pyjit_core.config.step_limit = 1
    assert "pyjit_stop" in pyjit_core.disassemble(f)
