"""Names: each helper in the frame of a function or module, against the opcode."""

from __future__ import annotations

import builtins
import collections
import types

import pytest


class Namespace(collections.UserDict):
    """A mapping that is no dict and says what was asked of it."""

    def __init__(self, *args):
        self.log = []
        super().__init__(*args)

    def __getitem__(self, key):
        self.log.append(("get", key))
        if key == "broken":
            raise ValueError("broken mapping")
        return super().__getitem__(key)

    def __setitem__(self, key, value):
        if hasattr(self, "log"):
            self.log.append(("set", key))
        super().__setitem__(key, value)

    def __delitem__(self, key):
        self.log.append(("delete", key))
        if key == "broken":
            raise ValueError("broken mapping")
        super().__delitem__(key)


class OnDict(dict):
    def __missing__(self, key):
        if key != "nowhere":
            raise KeyError(key)
        return "found nowhere"


def run(source, global_names=None, local_names=None, **extra):
    """Executes module code; what it puts into OUT."""
    global_names = {} if global_names is None else global_names
    out = []
    global_names.update(extra, OUT=out)
    exec(compile(source, "<names>", "exec"), global_names, local_names)
    return out


NAMES = ("here", "both", "there", "len", "nowhere", "broken", "lost", "__name__")


def namespaces(kind):
    """(globals, locals) with names; made anew for each side."""
    known = {"here": "local here", "both": "local both"}
    spaces = {
        "dict": lambda: dict(known),
        "mapping": lambda: Namespace(known),
        "dict subclass": lambda: OnDict(known),
    }
    return {"both": "global both", "there": "global there"}, spaces[kind]()


def per_name(template, names):
    """Code that does one thing to each name and notes what came of it."""
    lines = []
    for name in names:
        lines += ["try:", f"    {template.format(name=name)}", "except Exception as error:"]
        lines += ["    OUT.append(DESCRIBE(error))"]
    return "\n".join(lines)


def describe(error):
    return (type(error).__name__, str(error), getattr(error, "name", None), repr(error.__context__))


@pytest.mark.parametrize("kind", ["dict", "mapping", "dict subclass"])
@pytest.mark.parametrize(
    ("stock", "helper"),
    [
        ("OUT.append({name})", "OUT.append(H.load_name('{name}'))"),
        ("{name} = 5", "H.store_name('{name}', 5)"),
        ("del {name}", "H.delete_name('{name}')"),
    ],
    ids=["load", "store", "delete"],
)
def test_names_in_a_namespace(h, kind, stock, helper):
    results = []
    for template in (stock, helper):
        global_names, local_names = namespaces(kind)
        out = run(per_name(template, NAMES), global_names, local_names, H=h, DESCRIBE=describe)
        visible = {k: str(v) for k, v in getattr(local_names, "data", local_names).items()}
        log = [entry for entry in getattr(local_names, "log", []) if entry[1] in NAMES]
        results.append((out, visible, log))
    assert results[0] == results[1]


def in_function(source, global_names):
    code = compile(source, "<names>", "exec").co_consts[0]
    return types.FunctionType(code, global_names)


@pytest.mark.parametrize(
    "custom_builtins", [None, {"only": "built in"}, OnDict(only="built in"), Namespace({"only": 1})]
)
def test_globals_of_a_function(h, custom_builtins):
    names = (*NAMES, "only")
    results = []
    for template in ("OUT.append({name})", "OUT.append(H.load_global(None, '{name}'))"):
        global_names = {
            "here": 1,
            "both": 2,
            "OUT": [],
            "H": h,
            "DESCRIBE": describe,
            "Exception": Exception,
        }
        if custom_builtins is not None:
            custom_builtins.update(Exception=Exception, DESCRIBE=describe)
            global_names["__builtins__"] = custom_builtins
        body = per_name(template, names).replace("\n", "\n    ")
        in_function(f"def f():\n    {body}\n", global_names)()
        results.append(global_names["OUT"])
    assert results[0] == results[1]


def test_storing_and_deleting_globals(h):
    results = []
    for store, delete in (
        ("x = 5", "del y"),
        ("H.store_global('x', 5)", "H.delete_global('y')"),
    ):
        global_names = {"y": 1, "H": h, "OUT": [], "DESCRIBE": describe}
        body = per_name(f"global x, y; {store}; {delete}", ["a", "b"]).replace("\n", "\n    ")
        in_function(
            f"def f():\n    global x, y\n    {body.replace('global x, y; ', '')}\n", global_names
        )()
        results.append((global_names["OUT"], global_names["x"], "y" in global_names))
    assert results[0] == results[1]


class Reader:
    """Reads globals in a function whose globals the test changes, as generated code does."""

    def __init__(self, h, global_names):
        self.global_names = global_names
        global_names["H"] = h
        self.inline = in_function("def f(site):\n    return site.fast_global()\n", global_names)
        self.helper = in_function(
            "def f(site, name):\n    return H.load_global(site, name)\n", global_names
        )

    def __call__(self, site, name):
        found = self.inline(site)
        return found[0] if found else self.helper(site, name)


def test_global_site_follows_the_dictionaries(h, monkeypatch):
    read = Reader(h, {"x": 1})
    site = h.Site()
    assert read(site, "x") == 1
    assert read.inline(site) == (1,)
    read.global_names["x"] = 2
    assert read.inline(site) == ()
    assert (read(site, "x"), site.hits, site.misses) == (2, 1, 1)  # by keys version
    read.global_names["new"] = 3
    assert (read(site, "x"), site.hits, site.misses) == (2, 1, 2)
    del read.global_names["x"]
    with pytest.raises(NameError, match="'x' is not defined") as caught:
        read(site, "x")
    assert caught.value.name == "x"
    monkeypatch.setattr(builtins, "x", "built in", raising=False)
    assert read(site, "x") == "built in"
    assert read.inline(site) == ("built in",)
    monkeypatch.setattr(builtins, "x", "changed")
    assert read.inline(site) == ()
    assert read(site, "x") == "changed"
    read.global_names["x"] = "shadows"
    assert read.inline(site) == ()
    assert read(site, "x") == "shadows"
    builtins.__dict__["unrelated_name"] = 1
    try:
        assert read.inline(site) == ("shadows",)  # found in globals: builtins do not matter
    finally:
        del builtins.unrelated_name


def test_one_site_in_functions_with_other_globals(h):
    first, second = Reader(h, {"x": 1}), Reader(h, {"y": 0, "x": 2})
    site = h.Site()
    for _ in range(3):
        assert first(site, "x") == 1
        assert second(site, "x") == 2


def test_globals_that_change_all_the_time_are_found_by_keys(h):
    read = Reader(h, {"x": 1})
    site = h.Site()
    for i in range(50):
        read.global_names["x"] = i
        assert read(site, "x") == i
    assert (site.hits, site.misses) == (49, 1)


def test_builtins_are_found_by_keys_when_globals_change(h):
    read = Reader(h, {"x": 1})
    site = h.Site()
    for i in range(50):
        read.global_names["x"] = i
        assert read(site, "len") is len
    assert site.hits > 0


def test_builtin_that_went_away_is_not_found_by_keys(h, monkeypatch):
    read = Reader(h, {"x": 1})
    # CPython numbers the keys of builtins when it specialises a load of one
    warm = in_function("def f():\n    for _ in range(100):\n        len\n", {})
    monkeypatch.setattr(builtins, "ours", "first", raising=False)
    site = h.Site()
    for i in range(20):
        warm()
        read.global_names["x"] = i
        assert read(site, "ours") == "first"
    assert site.hits > 0
    monkeypatch.undo()
    read.global_names["x"] = 0
    monkeypatch.setattr(builtins, "another", "at its place", raising=False)
    with pytest.raises(NameError, match="'ours' is not defined"):
        read(site, "ours")


@pytest.mark.parametrize("odd", [{1: 2}, OnDict()], ids=["int key", "subclass"])
def test_unusual_globals_are_not_cached(h, odd):
    odd["x"] = 1
    read = Reader(h, odd)
    site = h.Site()
    assert read.helper(site, "x") == 1
    assert read.inline(site) == ()


def test_no_caching_without_inline_caches(h):
    h.set_inline_caches(0)
    read = Reader(h, {"x": 1})
    site = h.Site()
    slow = h.counters()["slow_paths"]
    assert read(site, "x") == 1
    assert read.inline(site) == ()
    assert h.counters()["slow_paths"] == slow + 1


def test_freed_global_is_not_found(h):
    class Value:
        pass

    read = Reader(h, {"x": Value()})
    site = h.Site()
    read(site, "x")
    read.global_names.clear()
    assert read.inline(site) == ()
    other = Reader(h, {"x": "other"})
    assert other(site, "x") == "other"


CLASS_BODY = """
def outer():
    cell = "from the cell"
    class C(metaclass=META):
        {body}
    return OUT
outer()
"""


@pytest.mark.parametrize("space", [dict, Namespace, OnDict])
@pytest.mark.parametrize("before", ["pass", "locals()['cell'] = 'in the class'"])
def test_class_body_cells(h, space, before):
    results = []
    for read in ("cell", "(H.load_classderef(0), lambda: cell)[0]"):

        class Meta(type):
            @classmethod
            def __prepare__(cls, *_):
                return space()

            def __new__(cls, name, bases, names):
                return None

        body = f"{before}\n        OUT.append({read})"
        names = {"META": Meta, "OUT": [], "H": h}
        exec(CLASS_BODY.format(body=body), names)
        results.append(names["OUT"])
    assert results[0] == results[1]


def make_unbound():
    def outer():
        def inner():
            return free

        if False:
            free = 1
        local = lambda: unbound_cell  # noqa: E731
        return inner, local

        unbound_cell = 1

    def plain():
        return missing  # noqa: F821
        missing = 1  # noqa: F841

    return outer, plain


def test_unbound_names(h, outcome):
    outer, plain = make_unbound()
    inner, _ = outer()
    code = plain.__code__
    index = code.co_varnames.index("missing")
    assert outcome(lambda: h.raise_unbound_local(code, index)) == outcome(plain)
    assert outcome(lambda: h.raise_unbound_deref(inner.__code__, 0)) == outcome(inner)

    def cell_of_our_own():
        (lambda: value)  # noqa: B018
        return value  # noqa: F821
        value = 1

    code = cell_of_our_own.__code__
    assert outcome(lambda: h.raise_unbound_deref(code, 0)) == outcome(cell_of_our_own)


@pytest.mark.parametrize("space", [dict, Namespace, OnDict])
@pytest.mark.parametrize("known", [{}, {"__annotations__": "there already"}])
def test_setup_annotations(h, space, known):
    results = []
    for source in ("if 0:\n    x: int", "H.setup_annotations()"):
        local_names = space(known)
        run(source, {"H": h}, local_names)
        results.append(dict(local_names))
    assert results[0] == results[1]


def test_setup_annotations_passes_errors_on(h):
    class Broken(Namespace):
        def __getitem__(self, key):
            if key == "__annotations__":
                raise ValueError(key)
            return super().__getitem__(key)

    with pytest.raises(ValueError, match="__annotations__"):
        exec("H.setup_annotations()", {"H": h}, Broken())
