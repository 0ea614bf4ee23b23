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
        # what an opcode handles and does not get to take back, this handler does
        raise EOFError
    except EOFError:
        try:
            result = describe(function(lambda i: makers[i]()))
        except BaseException as error:
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


class TemporaryError(Exception):
    def __del__(self):
        LOG.append((self.args, "dies"))


class Types(tuple):
    """A tuple of classes that says when it dies."""

    def __del__(self):
        LOG.append(("types die", type(sys.exception()).__name__))


class Nothing(ExceptionGroup):
    def split(self, kind):
        raise LookupError("split")


def groups():
    """Within a handler: CHECK_EG_MATCH changes what is handled."""

    def error(*args):
        return lambda: TemporaryError(*args)

    def group(kind=ExceptionGroup):
        return lambda: kind("g", [TemporaryError("leaf"), OSError("o")])

    def types(*classes):
        return lambda: Types(classes)

    handler = ["make 0", "PUSH_EXC_INFO", "make 1", "CHECK_EG_MATCH"]
    after = ["make 2", "BUILD_TUPLE 3", "SWAP 2", "POP_EXCEPT"]
    show(
        "CHECK_EG_MATCH",
        [*handler, *after],
        [error(1), types(TemporaryError), sys.exception],
        [error(2), types(OSError), sys.exception],
        [error(3), types(ExceptionGroup), sys.exception],
        [error(4), types(OSError, 5), sys.exception],
        [error(5), temporary("type"), sys.exception],
        [group(), types(OSError), sys.exception],
        [group(), types(KeyError), sys.exception],
        [group(), types(Exception), sys.exception],
        [group(Nothing), lambda: KeyError, sys.exception],
        [lambda: None, types(KeyError), sys.exception],
    )
    show(
        "PREP_RERAISE_STAR",
        ["make 0", "make 1", "PREP_RERAISE_STAR"],
        [error("alone"), lambda: [TemporaryError("raised"), None]],
        [error("alone"), list],
        [group(), lambda: [TemporaryError("raised"), None, TemporaryError("other")]],
        [group(), lambda: [group()(), Temporary("no exception")][:1]],
    )


def contexts():
    class Static(Temporary):
        """Its enter method does not hold the manager."""

        __enter__ = __aenter__ = staticmethod(lambda: LOG.append("entered") or Temporary("result"))
        __exit__ = __aexit__ = staticmethod(lambda: None)

    class Fails(Temporary):
        __enter__ = __aenter__ = staticmethod(lambda: 1 // 0)

        @property
        def __exit__(self):
            LOG.append("looked up")
            return temporary("exit")()

        __aexit__ = __exit__

    class NoExit(Temporary):
        __enter__ = __aenter__ = None

    class NoLookup(Temporary):
        @property
        def __enter__(self):
            raise LookupError("enter")

        __aenter__ = __enter__

    for op in ("BEFORE_WITH", "BEFORE_ASYNC_WITH"):
        kinds = (Static, Fails, NoExit, NoLookup, Temporary)
        show(op, ["make 0", op, "make 1", "BUILD_TUPLE 3"], *([lambda k=k: k("m"), list] for k in kinds))


def asynchronous():
    class Iterator(Temporary):
        def __next__(self):
            return 1

        def __anext__(self):
            return Awaitable("next")

    class Awaitable(Temporary):
        def __await__(self):
            LOG.append("await")
            return Iterator("iterator")

    class Wrong(Temporary):
        def __await__(self):
            return Temporary("no iterator")

        __aiter__ = __anext__ = __await__

    class Fails(Temporary):
        def __await__(self):
            raise LookupError(self.name)

        __aiter__ = __anext__ = __await__

    class Iterable(Temporary):
        def __aiter__(self):
            return Iterator("iterator")

    async def coroutine():
        await Awaitable("inside")

    async def generator():
        yield 1

    @types.coroutine
    def old_style():
        yield 1

    class AwaitsCoroutine(Temporary):
        def __await__(self):
            made.append(coroutine())
            return made[-1]

    def awaited():
        made.append(coroutine())
        made[-1].send(None)
        return made[-1]

    def finished():
        made.append(old_style())
        return made[-1]

    made = []
    kinds = Awaitable, Wrong, Fails, Iterable, Iterator, Temporary, AwaitsCoroutine
    operands = [[lambda k=k: k("operand"), temporary("next")] for k in kinds]
    operands += [[awaited, temporary("next")], [finished, temporary("next")], [generator, temporary("next")]]
    for argument in range(3):
        lines = ["make 0", f"GET_AWAITABLE {argument}", "make 1", "BUILD_TUPLE 2"]
        show("GET_AWAITABLE", lines, *operands)
    show("GET_AITER", ["make 0", "GET_AITER", "make 1", "BUILD_TUPLE 2"], *operands)
    show("GET_ANEXT", ["make 0", "GET_ANEXT", "make 1", "BUILD_TUPLE 3"], *operands)
    for each in made:
        each.close()
    del LOG[:]

    class Stop(StopAsyncIteration):
        def __del__(self):
            LOG.append("stop dies")

    loops = [[temporary("iterator"), lambda k=k: k(1)] for k in (Stop, StopAsyncIteration, TemporaryError, GeneratorExit)]
    for lines in (["make 0", "make 1", "END_ASYNC_FOR", "LOAD_CONST 3"], ["LOAD_CONST 4", "make 0", "make 1", "END_ASYNC_FOR"]):
        show("END_ASYNC_FOR", lines, *loops)


def interactive():
    def hook(value):
        LOG.append(("shown", repr(value)))
        if isinstance(value, int):
            raise ValueError(value)
        return Temporary("result of the hook")

    lines = ["make 0", "PRINT_EXPR", "LOAD_CONST 1"]
    values = [temporary("value")], [lambda: "text"], [lambda: 5]
    for sys.displayhook in (hook, 5):
        show("PRINT_EXPR", lines, *values)
    del sys.displayhook
    show("PRINT_EXPR", lines, *values)


for kind in (patterns, groups, contexts, asynchronous, interactive):
    kind()

if "pyjit_core" in sys.modules:
    import pyjit_core

    assert not USED & {*pyjit_core.stats()["refused"]}, pyjit_core.stats()["refused"]
