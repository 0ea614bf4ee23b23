"""Exceptions as canonical data."""

from pyjit_fuzz.worker.canon import Canonicaliser
from pyjit_fuzz.worker.errors import PROGRAM_FILE, describe


def raised(source):
    caught = []
    try:
        exec(compile(source, PROGRAM_FILE, "exec"), {"__name__": "__main__"})
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is what is described
        caught.append(describe(error, Canonicaliser()))
    assert caught, "the program raised nothing"
    return caught[0]


def test_only_entries_of_the_program_are_kept_with_their_columns():
    info = raised("def f(x):\n    return 1 + (x / 0)\nf(3)\n")
    assert [entry["function"] for entry in info["trace"]] == ["<module>", "f"]
    assert info["trace"][1] == {
        "function": "f",
        "line": 2,
        "end_line": 2,
        "column": 16,
        "end_column": 21,
    }


def test_methods_are_told_by_qualified_name():
    info = raised("class A:\n    def m(self): raise KeyError(self.__class__.__name__)\nA().m()\n")
    assert info["trace"][-1]["function"] == "A.m"
    assert info["type"] == "KeyError"
    assert info["args"][3] == ["str:A"]


def test_the_chain_is_kept_and_its_cycles_end():
    info = raised("try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError from e\n")
    assert info["cause"]["type"] == "ZeroDivisionError"
    assert info["context"]["type"] == "ref:1"
    assert info["suppress_context"] is True
    looped = raised(
        "a = ValueError()\nb = TypeError()\na.__cause__ = b\nb.__cause__ = a\nraise a\n"
    )
    assert looped["cause"]["cause"]["type"] == "ref:0"


def test_a_long_traceback_keeps_its_ends_and_a_digest_of_its_middle():
    def trace(odd):
        body = f"def f(n):\n    if n == {odd}: return g(n)\n    return f(n + 1)\n"
        return raised(body + "def g(n): return f(n + 1)\nf(0)\n")["trace"]

    assert len(trace(300)) == 51
    assert trace(300) == trace(300)
    assert trace(300)[25]["function"] != trace(301)[25]["function"]


def test_a_type_that_lies_about_its_name_is_still_described():
    info = raised("class E(Exception):\n    __module__ = 5\nraise E(1)\n")
    assert info["type"] == "E"


def test_what_an_exception_carries_besides_its_arguments_is_kept():
    assert raised("no_such_name\n")["own"] == {"name": "str:no_such_name"}
    assert raised("(1).nothing\n")["own"] == {"name": "str:nothing"}
    assert raised("raise StopIteration(5)\n")["own"] == {"value": "int:5"}
    assert "own" not in raised("raise KeyError(5)\n")
