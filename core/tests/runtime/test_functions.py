"""Functions, classes and imports, against the interpreter's."""

from __future__ import annotations

import builtins
import contextlib
import itertools
import sys
import types

import pytest


def template(a, b=1, *, c=2):
    return a, b, c


def closure_template():
    x = 1

    def inner():
        return x

    return inner


FIELDS = ("__defaults__", "__kwdefaults__", "__annotations__", "__closure__")


@pytest.mark.parametrize("flags", range(8))
def test_make_function(h, flags):
    values = [("d",), {"c": "k"}, ("a", int)]
    operands = tuple(value for bit, value in enumerate(values) if flags & 1 << bit)
    before = [sys.getrefcount(value) for value in operands]
    function = h.make_function(template.__code__, operands, flags)
    assert function.__globals__ is globals()
    assert (function.__name__, function.__qualname__) == ("template", "template")
    assert function.__module__ == __name__
    assert function.__defaults__ == (("d",) if flags & 1 else None)
    assert function.__kwdefaults__ == ({"c": "k"} if flags & 2 else None)
    assert function.__annotations__ == ({"a": int} if flags & 4 else {})
    if flags & 3 == 3:
        assert function(0) == (0, "d", "k")
    del function
    assert [sys.getrefcount(value) for value in operands] == before


def test_make_closure(h):
    cell = types.CellType("in the cell")
    function = h.make_function(closure_template().__code__, ((cell,),), 8)
    assert function() == "in the cell"
    assert function.__closure__ == (cell,)


def build_class_in(h, custom):
    code = compile("OUT = H.load_build_class()", "<build>", "exec")
    names = {"H": h, "__builtins__": custom}
    exec(code, names)
    return names["OUT"]


def test_build_class(h, outcome):
    class Custom(dict):
        def __getitem__(self, key):
            if key == "__build_class__":
                return "custom"
            return super().__getitem__(key)

    assert h.load_build_class() is builtins.__build_class__
    assert build_class_in(h, Custom()) == "custom"
    stock = "class C: pass"
    for custom in ({}, type("Empty", (dict,), {})()):
        expected = outcome(exec, stock, {"__builtins__": custom})
        assert outcome(build_class_in, h, custom) == expected
        assert "__build_class__ not found" in str(expected)


class Package:
    """Files of a package to import from, each test its own."""

    def __init__(self, folder, name, **files):
        self.name = name
        for path, text in {"__init__": "", **files}.items():
            target = folder / name / f"{path}.py"
            target.parent.mkdir(exist_ok=True)
            target.write_text(text)

    def forget(self):
        for name in [*sys.modules]:
            if name.split(".")[0] == self.name:
                del sys.modules[name]


@pytest.fixture
def package(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    made = []

    def make(name, **files):
        made.append(Package(tmp_path, name, **files))
        return made[-1]

    yield make
    for one in made:
        one.forget()


def test_import_name(h, outcome, package):
    package("pyjit_test_a", sub="value = 5", broken="1 / 0")
    for name, fromlist, level, stock in (
        ("math", None, 0, "import math as m"),
        ("os.path", None, 0, "import os.path; m = os"),
        ("os", ("path",), 0, "from os import path; import os as m"),
        ("pyjit_test_a.sub", None, 0, "import pyjit_test_a.sub; m = pyjit_test_a"),
        ("pyjit_test_a.none", None, 0, "import pyjit_test_a.none"),
        ("pyjit_test_a.broken", None, 0, "import pyjit_test_a.broken"),
        ("no_such_module_at_all", None, 0, "import no_such_module_at_all"),
        ("", ("x",), 1, "from . import x as m"),
    ):

        def imported(name=name, fromlist=fromlist, level=level):
            return h.import_name(name, fromlist, level).__name__

        def expected(stock=stock):
            names = {"__name__": "top_level_of_nothing", "__package__": None}
            exec(stock, names)
            return names["m"].__name__

        if level:
            names = {"H": h, "__name__": "top_level_of_nothing", "__package__": None}
            assert outcome(exec, "H.import_name('', ('x',), 1)", names) == outcome(expected)
        else:
            assert outcome(imported) == outcome(expected)


def test_custom_import(h, monkeypatch):
    calls = []

    def ours(name, *rest):
        calls.append((name, rest[0] is globals(), *rest[1:]))
        return "imported"

    monkeypatch.setattr(builtins, "__import__", ours)
    assert h.import_name("anything", ("a",), 3) == "imported"
    monkeypatch.undo()
    assert calls == [("anything", True, None, ("a",), 3)]


def test_import_without_import(h, outcome):
    names = {"H": h, "__builtins__": {}}
    assert outcome(exec, "H.import_name('math', None, 0)", dict(names)) == outcome(
        exec, "import math", dict(names)
    )


def stock_import_from(module, name, monkeypatch):
    """`from module import name` where `import module` is made to give `module`."""
    monkeypatch.setattr(builtins, "__import__", lambda *_: module)
    try:
        scope = {}
        exec(f"from whatever import {name}", scope)
        return scope[name]
    finally:
        monkeypatch.undo()


def odd_modules():
    nameless = types.SimpleNamespace(x=1)
    named = types.SimpleNamespace(__name__="pretended", x=1)
    odd_name = types.SimpleNamespace(__name__=5)
    plain = types.ModuleType("plain_module")
    filed = types.ModuleType("filed_module")
    filed.__file__ = "/some/where.py"
    odd_file = types.ModuleType("odd_file")
    odd_file.__file__ = 5
    starting = types.ModuleType("starting")
    starting.__file__ = "/start.py"
    starting.__spec__ = types.SimpleNamespace(_initializing=True)
    hooked = types.ModuleType("hooked")
    hooked.__getattr__ = lambda name: f"hooked {name}"
    broken = types.ModuleType("broken")

    def broken_hook(name):
        raise ValueError(name)

    broken.__getattr__ = broken_hook
    return [nameless, named, odd_name, plain, filed, odd_file, starting, hooked, broken, sys, 5]


def test_import_from(h, outcome, monkeypatch):
    monkeypatch.setitem(sys.modules, "plain_module.late", "found in sys.modules")
    for module in odd_modules():
        for name in ("x", "late", "path", "nothing"):
            mine = outcome(h.import_from, module, name)
            assert mine == outcome(stock_import_from, module, name, monkeypatch), (module, name)


def test_failed_import_from_keeps_nothing(h):
    for module in odd_modules()[:7]:
        texts = (vars(module).get(key) for key in ("__name__", "__file__"))
        kept = [module, *(text for text in texts if isinstance(text, str))]
        before = [sys.getrefcount(value) for value in kept]
        for _ in range(4):
            with contextlib.suppress(ImportError):
                h.import_from(module, "nothing")
        assert [sys.getrefcount(value) for value in kept] == before


def test_circular_imports(h, package):
    package(
        "pyjit_test_c",
        one="from pyjit_test_c import two\nx = 1",
        two="H.import_from(__import__('pyjit_test_c.one', fromlist=['x']), 'x')",
    )
    builtins.H = h
    try:
        with pytest.raises(
            ImportError, match=r"partially initialized module.*circular import"
        ) as e:
            __import__("pyjit_test_c.one")
    finally:
        del builtins.H
    assert (e.value.name, e.value.path.endswith("one.py")) == ("pyjit_test_c.one", True)


class Mapping(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, ("set", value))


class Unsettable(dict):
    def __setitem__(self, key, value):
        raise ValueError(key)


def star_modules():
    ordinary = types.ModuleType("ordinary")
    ordinary.public, ordinary._private, ordinary.__dunder__ = 1, 2, 3
    chosen = types.ModuleType("chosen")
    chosen.__all__, chosen.a, chosen._b, chosen.c = ["a", "_b"], 1, 2, 3
    lying = types.ModuleType("lying")
    lying.__all__, lying.a = ["a", "missing"], 1
    bad_item = types.ModuleType("bad_item")
    bad_item.__all__ = ["__name__", 5]
    bad_all = types.ModuleType("bad_all")
    bad_all.__all__ = 5
    bad_key = types.ModuleType("bad_key")
    vars(bad_key)[5] = "five"
    odd_name = types.ModuleType("odd")
    odd_name.__all__, odd_name.__name__ = [5], 7
    empty_name = types.ModuleType("empty")
    vars(empty_name)[""] = 1

    class NoDict:
        __slots__ = ()

    return [ordinary, chosen, lying, bad_item, bad_all, bad_key, odd_name, empty_name, NoDict(), 5]


def test_import_star(h, outcome):
    for i, space in itertools.product(range(len(star_modules())), (dict, Mapping, Unsettable)):
        results = []
        for source in ("from whatever import *", "H.import_star(M)"):
            module, local_names = star_modules()[i], space()
            names = {"__import__": lambda *_, module=module: module, "dict": dict}
            scope = {"__builtins__": names, "H": h, "M": module}
            result = outcome(exec, source, scope, local_names)
            results.append((result, [(k, repr(v)) for k, v in local_names.items()]))
        mine, other = results[1], results[0]
        assert str(mine).split(" at 0x")[0] == str(other).split(" at 0x")[0], star_modules()[i]
