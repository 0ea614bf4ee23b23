"""Opcodes assembled by hand, with temporaries as operands.

Shown for each: the result or the exception, and in which order the operands die. Source code
cannot make such operands, or not without opcodes around it that are not compiled.
"""
import opcode
import sys
import types

LOG = []
USED = set()


class Temporary:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        error = sys.exception()
        LOG.append((self.name, type(error).__name__))

    def __repr__(self):
        return f"<{self.name}>"


def template(make):
    return make


def assemble(name, *lines):
    """A function of `make`; the line "make 3" stands for make(3), the others are opcodes."""
    units = []
    for line in ("RESUME", *lines, "RETURN_VALUE"):
        op, _, argument = line.partition(" ")
        argument = int(argument or 0)
        call = [("PUSH_NULL", 0), ("LOAD_FAST", 0), ("LOAD_CONST", argument), ("PRECALL", 1), ("CALL", 1)]
        for name_of_op, value in call if op == "make" else [(op, argument)]:
            number = opcode.opmap[name_of_op]
            USED.add(name_of_op)
            units += [number, value] + [0, 0] * opcode._inline_cache_entries[number]
    code = template.__code__.replace(
        co_name=name, co_code=bytes(units), co_consts=tuple(range(10)), co_stacksize=20
    )
    return types.FunctionType(code, globals())


def describe(value):
    if isinstance(value, BaseException):
        return type(value).__name__, str(value)
    if isinstance(value, (list, tuple)):
        return [describe(item) for item in value]
    return repr(value) if isinstance(value, (str, int, Temporary, type(None))) else type(value).__name__


def attempt(function, makers):
    try:
        result = describe(function(lambda i: makers[i]()))
    except Exception as error:
        result = describe(error), describe(error.__cause__)
    seen, LOG[:] = LOG[:], []
    return result, seen


def show(name, lines, *cases):
    """Each case is a list of callables that make the operands."""
    function = assemble(name, *lines)
    for case in cases:
        print(name, attempt(function, case))
    for case in cases * 4:  # by now there is an optimised version
        expected = attempt(function, case)
        assert expected == attempt(function, case)
    for case in cases:
        print(name, attempt(function, case))


def temporary(name):
    return lambda: Temporary(name)


def patterns():
    class Sized(Temporary):
        def __len__(self):
            LOG.append("len")
            return 1 // self.length

    class Short(Sized):
        length = 1

    class Failing(Sized):
        length = 0

    class Finds(Temporary):
        def get(self, key, default):
            LOG.append("get")
            return default if key == "none" else Temporary("found")

    class Point(Temporary):
        __match_args__ = ("name",)

    sized = [lambda: Short("s")], [lambda: Failing("f")], [temporary("t")], [lambda: [Temporary("item")]]
    show("GET_LEN", ["make 0", "GET_LEN", "BUILD_TUPLE 2"], *sized)
    for op in ("MATCH_SEQUENCE", "MATCH_MAPPING"):
        flags = ["make 0", op, "BUILD_TUPLE 2"]
        jumps = ["make 0", op, "POP_JUMP_FORWARD_IF_FALSE 2", "LOAD_CONST 7", "RETURN_VALUE", "POP_TOP", "LOAD_CONST 8"]
        for lines in (flags, jumps):
            show(op, lines, [list], [dict], [tuple], [str], [temporary("t")], [lambda: 5])
    show(
        "MATCH_KEYS",
        ["make 0", "make 1", "MATCH_KEYS", "BUILD_TUPLE 3"],
        [lambda: Finds("map"), lambda: ("k", Temporary("key"))],
        [lambda: Finds("map"), lambda: ("k", Temporary("key"), "none", Temporary("key"))],
        [lambda: Finds("map"), lambda: ("k", Temporary("key"), "k")],
        [lambda: {"k": Temporary("value")}, lambda: ("k",)],
        [lambda: Temporary("map"), lambda: ("k", Temporary("key"))],
        [lambda: Temporary("map"), tuple],
    )
    for nargs in range(3):
        show(
            "MATCH_CLASS",
            ["make 0", "make 1", "make 2", f"MATCH_CLASS {nargs}", "make 3", "BUILD_TUPLE 2"],
            [lambda: Point("p"), lambda: Point, tuple, temporary("next")],
            [lambda: Point("p"), lambda: Point, lambda: ("__class__",), temporary("next")],
            [lambda: Point("p"), lambda: Point, lambda: ("name",), temporary("next")],
            [lambda: Point("p"), lambda: Point, lambda: ("none",), temporary("next")],
            [temporary("subject"), lambda: Point, lambda: ("x", Temporary("names")), temporary("next")],
            [temporary("subject"), temporary("type"), lambda: ("x", Temporary("names")), temporary("next")],
            [lambda: 10**30, lambda: int, lambda: ("real",), temporary("next")],
        )


patterns()

if "pyjit_core" in sys.modules:
    import pyjit_core

    assert not USED & {*pyjit_core.stats()["refused"]}, pyjit_core.stats()["refused"]
