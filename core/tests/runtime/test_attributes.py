"""Attribute sites: what they learn, when it stops being true, and that nobody can tell."""

from __future__ import annotations

import sys
import types

import pytest


def kinds(site):
    return [kind for kind, _ in site.entries()]


def specialised(h, site):
    site.set_fast_kind(site.best_kind())
    return site


@pytest.mark.parametrize("entries", [4, 1, 0])
@pytest.mark.parametrize("batch", range(8))
def test_nobody_can_tell(h, lockstep, entries, batch):
    """Random sequences of accesses and invalidations, in step with the interpreter."""
    h.set_inline_caches(entries)
    hits = 0
    for seed in range(batch * 25, (batch + 1) * 25):
        hits += lockstep.run(h, seed, 200)
    assert (hits > 0) == (entries > 0)


class Plain:
    inherited = "inherited"

    def __init__(self):
        self.own = 1

    def method(self):
        return self

    @property
    def prop(self):
        return self.own

    @staticmethod
    def static():
        return "static"


class Slotted:
    __slots__ = ("slot",)

    def method(self):
        return self


def learned(h, owner, name, *, method=False):
    site = h.Site()
    (h.load_method if method else h.load_attr)(site, owner, name)
    return site


def test_kinds(h):
    plain, slotted, module = Plain(), Slotted(), types.ModuleType("m")
    slotted.slot, module.x = 1, 2
    materialised = Plain()
    vars(materialised)
    assert kinds(learned(h, plain, "own")) == [h.VALUE]
    assert kinds(learned(h, materialised, "own")) == [h.DICT]
    assert kinds(learned(h, slotted, "slot")) == [h.SLOT]
    assert kinds(learned(h, plain, "inherited")) == [h.CLASS]
    assert kinds(learned(h, plain, "method", method=True)) == [h.METHOD]
    assert kinds(learned(h, plain, "method")) == [h.CLASS]
    assert kinds(learned(h, slotted, "method", method=True)) == [h.METHOD]
    assert kinds(learned(h, plain, "prop")) == [h.PROPERTY]
    assert kinds(learned(h, module, "x")) == [h.MODULE]
    assert kinds(learned(h, Plain, "inherited")) == [h.TYPE]
    assert kinds(learned(h, Plain, "__name__")) == [h.PROPERTY]
    assert kinds(learned(h, "text", "upper", method=True)) == [h.METHOD]
    with pytest.raises(AttributeError):
        learned(h, plain, "missing")


def test_what_generated_code_reads(h):
    plain, slotted, module = Plain(), Slotted(), types.ModuleType("m")
    slotted.slot, module.x = "in slot", "in module"
    overriding = type("Overriding", (Plain,), {})()
    overriding.inherited = "own"
    cases = [
        (plain, "own", False, h.VALUE, 1),
        (slotted, "slot", False, h.SLOT, "in slot"),
        (plain, "inherited", False, h.CLASS, "inherited"),
        (plain, "method", True, h.METHOD, Plain.method),
        (slotted, "method", True, h.METHOD, Slotted.method),
        (Plain, "inherited", False, h.TYPE, "inherited"),
        (Plain, "method", False, h.TYPE, Plain.method),
        (module, "x", False, h.MODULE, "in module"),
        (Plain(), "__class__", False, h.OWN_CLASS, Plain),
        (overriding, "inherited", False, h.DEFAULT, "own"),
        (ValueError(), "with_traceback", True, h.METHOD, BaseException.with_traceback),
        (int, "bit_length", False, h.TYPE, int.bit_length),
    ]
    for owner, name, method, kind, value in cases:
        site = specialised(h, learned(h, owner, name, method=method))
        assert site.fast_kind == kind
        assert site.fast_load(owner) == (value,), name
        assert site.fast_load(5) == ()
    for owner, name in ((plain, "prop"), (plain, "static"), (plain, "method")):
        site = specialised(h, learned(h, owner, name))
        assert (site.fast_kind, site.fast_count()) == (0, 0)


def test_fast_holds_only_its_kind(h):
    class InSlot:
        __slots__ = ("own",)

    plain, slotted = Plain(), InSlot()
    slotted.own = "in slot"
    site = h.Site()
    site.set_fast_kind(h.VALUE)
    assert h.load_attr(site, slotted, "own") == "in slot"
    assert (site.fast_count(), kinds(site)) == (0, [h.SLOT])
    assert h.load_attr(site, plain, "own") == 1
    assert (site.fast_count(), sorted(kinds(site))) == (1, sorted([h.SLOT, h.VALUE]))
    assert site.guard_failures == 2
    assert h.load_attr(site, slotted, "own") == "in slot"
    assert (site.hits, site.misses) == (1, 2)


def test_method_is_shadowed_by_another_instance_and_then_by_this_one(h):
    class Local(Plain):
        pass

    first, second = Local(), Local()
    site = specialised(h, learned(h, first, "method", method=True))
    assert site.fast_load(first) == (Plain.method,)
    second.method = lambda: "own"  # a new shared key
    assert site.fast_load(first) == ()
    assert h.load_method(site, first, "method") == (Plain.method, first)
    assert h.load_method(site, second, "method")[0]() == "own"
    first.method = lambda: "first's own"
    assert h.load_method(site, first, "method")[0]() == "first's own"
    del first.method
    assert h.load_method(site, first, "method") == (Plain.method, first)


def test_what_needs_more_checks_than_generated_code_makes_is_kept_apart(h):
    """The compiler copies entries by their kind: these must not have one that it copies."""

    class Descriptor:
        pass

    class Local(Plain):
        guarded = Descriptor()

        def shadowed(self):
            return self

    owner, other = Local(), Local()
    owner.guarded, other.shadowed = "own", None
    for site, kind in (
        (learned(h, owner, "guarded"), h.VALUE),
        (learned(h, owner, "shadowed", method=True), h.METHOD),
        (learned(h, owner, "static"), h.CLASS),
        (learned(h, Local, "static"), h.TYPE),
    ):
        assert site.entries() == [(kind, h.OTHER)]
        site.set_fast_kind(kind)
        assert (site.best_kind(), site.fast_count()) == (0, 0)


def test_shared_keys_that_grow_by_other_names_cost_one_visit(h):
    class Local(Plain):
        pass

    first, second = Local(), Local()
    site = specialised(h, learned(h, first, "method", method=True))
    second.another = 1
    assert site.fast_load(first) == ()
    h.load_method(site, first, "method")
    h.load_method(site, Plain(), "method")
    assert h.load_method(site, first, "method") == (Plain.method, first)


def test_hook_gets_what_a_descriptor_does_not_find(h):
    """A non-data descriptor that raises AttributeError, in a class with __getattr__."""

    class Fails:
        def __get__(self, instance, owner):
            raise AttributeError("from __get__")

    class MetaHooked(type):
        def __getattr__(cls, name):
            return ("metaclass hook", name)

    class Hooked(metaclass=MetaHooked):
        fails = Fails()

        @property
        def prop(self):
            raise AttributeError("from the property")

        stat = staticmethod(len)

        def __getattr__(self, name):
            return ("hook", name)

    for _ in range(3):
        for name in ("fails", "prop"):
            for read in (h.load_attr, lambda *args: h.load_method(*args)[-1]):
                site = h.Site()
                assert [read(site, Hooked(), name) for _ in range(3)][-1][0] == "hook"
        site, meta_site = h.Site(), h.Site()
        assert [h.load_attr(meta_site, Hooked, "fails") for _ in range(3)][-1] == (
            "metaclass hook",
            "fails",
        )
        assert [h.load_attr(site, Hooked(), "stat") for _ in range(3)] == [len] * 3


def test_mutable_descriptor_learns_to_be_data(h):
    class Descriptor:
        pass

    class Owner:
        attribute = Descriptor()

    owner = Owner()
    owner.attribute = "own"
    site, store_site = h.Site(), h.Site()
    for _ in range(2):
        assert h.load_attr(site, owner, "attribute") == "own"
        h.store_attr(store_site, owner, "attribute", "own")
    stored = []
    Descriptor.__get__ = lambda self, instance, owner: "got"
    assert h.load_attr(site, owner, "attribute") == "own"
    Descriptor.__set__ = lambda self, instance, value: stored.append(value)
    assert h.load_attr(site, owner, "attribute") == "got"
    h.store_attr(store_site, owner, "attribute", "new")
    assert (stored, vars(owner)) == (["new"], {"attribute": "own"})


def test_insertion_order_of_first_stores(h):
    class Local:
        pass

    Local().__dict__.update()  # nothing yet in the shared keys
    pattern = Local()
    pattern.a, pattern.b, pattern.c = 1, 2, 3
    sites = {name: h.Site() for name in "abc"}
    for order in ("abc", "cba", "bac"):
        owner = Local()
        for name in order:
            assert not sites[name].fast_store(owner, name)  # only replaces
            h.store_attr(sites[name], owner, name, name)
            specialised(h, sites[name])
            assert sites[name].fast_store(owner, name)
        assert list(vars(owner)) == list(order)


def test_old_value_sees_the_new_one(h):
    class Owner:
        __slots__ = ("slot", "__dict__")

    class Dying:
        def __init__(self, owner, name):
            self.owner, self.name = owner, name

        def __del__(self):
            seen.append(type(getattr(self.owner, self.name)).__name__)

    mixed, plain, seen = Owner(), Plain(), []
    for owner, name in ((mixed, "slot"), (mixed, "in_dict"), (plain, "own")):
        site = h.Site()
        for _ in range(3):
            h.store_attr(site, owner, name, Dying(owner, name))
        h.store_attr(site, owner, name, "last")
    assert seen == (["Dying"] * 2 + ["str"]) * 3


def store(h, site, owner, name):
    h.store_attr(site, owner, name, 1)


def test_read_only_and_missing_slots(h, outcome):
    slotted = Slotted()
    site = h.Site()
    slotted.slot = 1
    assert h.load_attr(site, slotted, "slot") == 1
    del slotted.slot
    assert outcome(lambda: h.load_attr(site, slotted, "slot")) == outcome(lambda: slotted.slot)
    for owner, name in (
        (slotted, "other"),
        (5, "real"),
        (Plain(), "prop"),
        (int, "x"),
        (len, "x"),
        (range(3), "start"),
    ):
        store_site = h.Site()
        expected = outcome(setattr, owner, name, 1)
        for _ in range(3):
            assert outcome(store, h, store_site, owner, name) == expected
        assert outcome(h.delete_attr, owner, name) == outcome(delattr, owner, name)


def test_errors_say_what_was_asked_of_whom(h):
    class Raises:
        @property
        def prop(self):
            raise AttributeError("from inside")

    owner, site = Raises(), h.Site()
    for _ in range(3):
        with pytest.raises(AttributeError, match="from inside") as caught:
            h.load_attr(site, owner, "prop")
        assert (caught.value.name, caught.value.obj) == ("prop", owner)
        with pytest.raises(AttributeError, match="from inside") as caught:
            h.load_method(h.Site(), owner, "prop")
        assert (caught.value.name, caught.value.obj) == (None, None)
    with pytest.raises(AttributeError, match="no attribute 'nothing'") as caught:
        h.load_attr(h.Site(), owner, "nothing")
    assert (caught.value.name, caught.value.obj) == ("nothing", owner)


def test_polymorphic_and_megamorphic_sites(h):
    def classes(n):
        return [type(f"C{i}", (Plain,), {"method": lambda self, i=i: i}) for i in range(n)]

    site = h.Site()
    owners = [cls() for cls in classes(4)]
    for _ in range(5):
        for i, owner in enumerate(owners):
            function, bound = h.load_method(site, owner, "method")
            assert function(bound) == i
    assert (site.misses, site.hits) == (4, 16)
    crowd = [cls() for cls in classes(9)]
    for _ in range(100):
        for i, owner in enumerate(crowd):
            function, bound = h.load_method(site, owner, "method")
            assert function(bound) == i
    assert site.misses > 500  # it has given up …
    missed = site.misses
    late = Plain()
    for _ in range(200):
        h.load_method(site, late, "method")
    assert site.misses < missed + 70  # … and looks again now and then


def test_off(h):
    h.set_inline_caches(0)
    site, plain = h.Site(), Plain()
    slow = h.counters()["slow_paths"]
    for _ in range(3):
        assert h.load_attr(site, plain, "own") == 1
        assert h.load_method(site, plain, "method") == (Plain.method, plain)
        h.store_attr(site, plain, "own", 1)
    assert (site.entries(), site.hits, site.misses) == ([], 0, 9)
    assert h.counters()["slow_paths"] == slow + 9


def test_without_a_site(h):
    plain = Plain()
    assert h.load_attr(None, plain, "own") == 1
    assert h.load_method(None, plain, "method") == (Plain.method, plain)
    h.store_attr(None, plain, "own", 2)
    assert plain.own == 2


def test_names_too_long_for_the_method_cache(h):
    name = "n" * 200

    class Fresh:
        pass

    owner, site = Fresh(), h.Site()
    setattr(owner, name, 1)
    for _ in range(3):
        assert h.load_attr(site, owner, name) == 1
    setattr(Fresh, name, property(lambda self: "property"))
    assert h.load_attr(site, owner, name) == "property"


def test_a_dead_class_is_not_mistaken_for_a_new_one(h):
    site = h.Site()
    for i in range(200):
        cls = type("Short", (), {"value": f"value {i}", "__slots__": ()})
        assert h.load_attr(site, cls, "value") == f"value {i}"
        assert h.load_attr(site, cls(), "value") == f"value {i}"


def test_module_of_which_a_name_is_deleted_and_made_again(h):
    module = types.ModuleType("m")
    module.a, module.x = 1, 2
    site = specialised(h, learned(h, module, "x"))
    module.x = 3
    assert site.fast_load(module) == (3,)
    del module.x
    assert site.fast_load(module) == ()
    with pytest.raises(AttributeError, match="module 'm' has no attribute 'x'"):
        h.load_attr(site, module, "x")
    module.b, module.x = "b", "x"
    assert h.load_attr(site, module, "x") == "x"
    module.__getattr__ = lambda name: f"hooked {name}"
    del module.x
    assert h.load_attr(site, module, "x") == "hooked x"


def test_module_attributes_that_the_type_decides(h):
    """`__class__` in a module's dictionary does not hide the type's data descriptor."""
    module = types.ModuleType("m")
    module.__dict__["__class__"] = "in the dictionary"
    site = h.Site()
    for _ in range(3):
        assert h.load_attr(site, module, "__class__") is types.ModuleType


def test_references_are_steady(h):
    plain, slotted = Plain(), Slotted()
    value = plain.own = slotted.slot = object()
    Plain.inherited_object = value
    owners = [plain, slotted, value]
    sites = [h.Site() for _ in range(8)]

    def everything():
        for _ in range(10):
            h.load_attr(sites[0], plain, "own")
            h.load_attr(sites[1], slotted, "slot")
            h.load_attr(sites[2], plain, "inherited_object")
            h.load_method(sites[3], plain, "method")
            h.load_attr(sites[4], plain, "method")
            h.load_attr(sites[5], plain, "prop")
            h.store_attr(sites[6], plain, "own", value)
            h.store_attr(sites[7], slotted, "slot", value)
            h.load_attr(sites[0], Plain, "inherited_object")

    everything()
    before = [sys.getrefcount(owner) for owner in owners]
    everything()
    assert [sys.getrefcount(owner) for owner in owners] == before
    del Plain.inherited_object
