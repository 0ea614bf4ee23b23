"""Uses every helper again and again; the total of all references must stay what it is.

Run by a debug interpreter: python3.11-dbg battery.py <extension> <lockstep.py>. Prints the growth
of sys.gettotalrefcount() per round, one line a scenario; exit code 1 if any grows.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import itertools
import sys
import types


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Key:
    def __init__(self, fail=False):
        self.fail = fail

    def __hash__(self):
        if self.fail:
            raise ValueError("no hash")
        return 1


class Manager:
    def __init__(self, fail=False):
        self.fail = fail

    def __enter__(self):
        if self.fail:
            raise ValueError("no entry")
        return self

    def __exit__(self, *details):
        return None


def numbers(h):
    for left in (1, 2**70, 1.5, "a", True, None):
        for right in (3, -(2**70), 2.5, "b", False):
            for op in range(26):
                if op in {3, 16, 8, 21} and isinstance(right, int) and abs(right) > 100:
                    continue
                with contextlib.suppress(Exception):
                    h.binary_op(None, left, right, op)
            for op in range(6):
                with contextlib.suppress(TypeError):
                    h.compare(None, left, right, op)
                    h.compare_bool(None, left, right, op)


def subscripts(h):
    for container in ([1, 2], (1, 2), {0: 1}, "ab", b"ab", 5):
        for key in (0, -1, 9, "x", slice(1), Key(), Key(fail=True)):
            with contextlib.suppress(Exception):
                h.binary_subscr(None, container, key)
            with contextlib.suppress(Exception):
                h.store_subscr(None, container, key, object())
            with contextlib.suppress(Exception):
                h.delete_subscr(container, key)


def building(h):
    for items in ([1, 2], [Key(), Key(fail=True)], [object()] * 40, ["a", 1, "b", 2]):
        h.build_tuple([*items])
        h.build_list([*items])
        for build in (h.build_set, h.build_map):
            with contextlib.suppress(ValueError):
                build([*items])
        with contextlib.suppress(ValueError):
            h.build_const_key_map(tuple(items), [object() for _ in items])
    h.build_string(["a", "b" * 3])
    for iterable in ([1], (1, 2, 3), 5, "abc", iter([1, 2]), {1: 2}):
        with contextlib.suppress(TypeError):
            h.list_extend([], iterable)
        with contextlib.suppress(TypeError):
            h.set_update(set(), iterable)
        with contextlib.suppress(TypeError, ValueError):
            h.dict_update({}, iterable)
        with contextlib.suppress(TypeError, ValueError):
            h.dict_merge({2: 1}, iterable, len)
        for n in (1, 2, 3):
            with contextlib.suppress(TypeError, ValueError):
                h.unpack_sequence(None, iterable, n)
            with contextlib.suppress(TypeError, ValueError):
                h.unpack_ex(iterable, n, 1)
    with contextlib.suppress(TypeError):
        h.dict_merge({"a": 1}, {"a": 2}, len)
    for oparg in (0, 1, 2, 3, 4, 5, 6, 7):
        h.format_value([1], "", oparg)
        h.format_value("text", "", oparg)
    items, iterator = [], iter(range(5))
    while found := h.for_iter(None, iterator):
        h.list_append(items, found[0])
        h.set_add(set(), found)
        h.map_add({}, found, found)


def raising(h):
    for exception in (ValueError, ValueError("v"), 5, KeyError):
        for cause in ((), (None,), (OSError,), (OSError("o"),), (5,)):
            with contextlib.suppress(Exception):
                h.raise_varargs([], exception, *cause)
    with contextlib.suppress(RuntimeError):
        h.raise_varargs([])
    for kind in (ValueError, (KeyError, ValueError), 5):
        with contextlib.suppress(TypeError):
            h.check_exc_match(ValueError("v"), kind)
    h.handle(ValueError("outer"), lambda: h.handle(KeyError("inner"), sys.exception))
    with contextlib.suppress(ValueError):
        h.reraise(ValueError("again"))
    for manager in (Manager(), Manager(fail=True), 5):
        with contextlib.suppress(TypeError, ValueError):
            h.before_with(manager)
    h.with_except_start(lambda *details: details, ValueError("v"))


class Derives(ExceptionGroup):
    def derive(self, errors):
        return 5 if len(errors) == 1 else Derives("derived", errors)


def handling(exception, action):
    try:
        raise exception
    except BaseException:  # noqa: BLE001
        with contextlib.suppress(TypeError):
            action()


def groups(h):
    for kind in (ExceptionGroup, Derives):
        leaves = [ValueError(1), TypeError(2), KeyError(3)]
        group = kind("g", [*leaves[:2], kind("in", leaves[1:])])
        for caught in (ValueError, (TypeError, KeyError), Exception, OSError, 5, ExceptionGroup):
            for error in (leaves[0], group):
                handling(error, lambda: h.check_eg_match(error, caught))  # noqa: B023
        for error in (leaves[0], group):
            part = kind("part", leaves[:1]).with_traceback(error.__traceback__)
            for raised in ([], [None], [part], [part, OSError(), None], [OSError()]):
                handling(KeyError(), lambda: h.prep_reraise_star(error, raised))  # noqa: B023
        error = part = None


async def waits(value):
    return await value


class Asynchronous:
    """Answers questions of asynchronous code with what it was given, or an error."""

    def __init__(self, answer):
        self.answer = answer

    def __await__(self):
        if self.answer is None:
            raise LookupError("answer")
        return self.answer

    __aiter__ = __anext__ = __aenter__ = __aexit__ = __await__


def asynchronous(h):
    inner, outer = Asynchronous(iter("ab")), waits(Asynchronous(iter("ab")))
    outer.send(None)
    finished = waits(None)
    finished.close()
    plain = (outer, finished, inner, 5, Manager())
    for value in (*plain, *map(Asynchronous, (*plain, None, iter([])))):
        for use in (h.get_aiter, h.get_anext, h.before_async_with):
            with contextlib.suppress(TypeError, LookupError):
                use(value)
        for oparg in range(3):
            with contextlib.suppress(TypeError, LookupError, RuntimeError):
                h.get_awaitable(value, oparg)
    outer.close()
    hook = sys.displayhook
    for sys.displayhook in (str, abs, 5):
        with contextlib.suppress(TypeError):
            h.print_expr("text" * 2)
    sys.displayhook = hook


class Finder(dict):
    def get(self, key, default=None):
        if key == "fail":
            raise ValueError("no get")
        return super().get(key, default)


def patterns(h):
    for mapping in ({"a": object(), "b": 2}, Finder(a=object(), b=2), 5):
        for keys in ((), ("a",), ("a", "b"), ("a", "c"), ("a", "a"), ("a", "fail"), ("a", [])):
            with contextlib.suppress(ValueError, TypeError, AttributeError):
                h.match_keys(mapping, keys)
    for subject in (2**70, Manager(), ValueError("v")):
        for kind in (int, Manager, Exception, 5):
            for names in ((), ("args",), ("args", "args"), ("fail",), ("real", "none")):
                for nargs in (0, 1, 2):
                    with contextlib.suppress(TypeError):
                        h.match_class(subject, kind, nargs, names)
    for subject in ([1], "ab", 5):
        with contextlib.suppress(TypeError):
            h.get_len(subject)


def some_function(a, b=1, *, c=2):
    return a, b, c


def functions(h):
    h.make_function(some_function.__code__, [(1,), {"c": 1}, ("a", int)], 7)
    h.load_build_class()
    h.import_name("math", None, 0)
    for module in (types.ModuleType("m"), types.SimpleNamespace(), sys):
        with contextlib.suppress(ImportError):
            h.import_from(module, "path")
    module = types.ModuleType("m")
    module.a, module._b = object(), object()
    exec("h.import_star(m)", {"h": h, "m": module})
    module.__all__ = ["a", "none"]
    with contextlib.suppress(AttributeError):
        exec("h.import_star(m)", {"h": h, "m": module})


def names(h):
    site = h.Site()
    for name in ("sys", "len", "no_such_name"):
        with contextlib.suppress(NameError):
            h.load_global(site, name)
        with contextlib.suppress(NameError):
            h.load_global(None, name)
        for source in (f"h.load_name('{name}')", f"h.delete_name('{name}')"):
            with contextlib.suppress(NameError):
                exec(source, {"h": h}, {"sys": 1})
    exec("h.store_name('x', object()); h.setup_annotations()", {"h": h}, {})
    exec("h.store_global('x', object()); h.delete_global('x')", {"h": h}, {})
    with contextlib.suppress(UnboundLocalError):
        h.raise_unbound_local(some_function.__code__, 0)


def main(extension, lockstep_path):
    h = load("_helpers", extension)
    lockstep = load("lockstep", lockstep_path)
    scenarios = {
        **{f.__name__: f for f in (numbers, subscripts, building, raising, groups)},
        **{f.__name__: f for f in (asynchronous, patterns, functions, names)},
        **{
            f"lockstep {seed}": lambda h, seed=seed: lockstep.run(h, seed, 120)
            for seed in range(12)
        },
    }
    grew = False
    for name, scenario in scenarios.items():
        totals = [0] * 8  # writing to it keeps the total as it is
        for i in range(8):
            scenario(h)
            gc.collect()
            gc.collect()
            totals[i] = sys.gettotalrefcount()
        growth = [b - a for a, b in itertools.pairwise(totals[2:])]
        print(name, growth, flush=True)
        grew |= min(growth) > 0
    return int(grew)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
