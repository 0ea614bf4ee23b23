"""Two equal worlds of classes and objects; one is used through the helpers, the other as stock.

A seed decides a sequence of operations: attribute loads, stores and deletions, and everything
that invalidates inline caches between them. Each operation is done in both worlds, and what can
be observed must be equal: values, exceptions with their attributes, the log of side effects, the
order of instance dictionaries. Only the standard library is used, so that it also runs in a debug
interpreter.
"""

from __future__ import annotations

import random
import types

ATTRIBUTES = ("a", "b", "c", "m", "p", "s", "__class__", "__dict__", "__name__")
CAUGHT = (AttributeError, TypeError, KeyError, ValueError, RecursionError)


def make_metaclasses(log):
    class Meta(type):
        @property
        def p(cls):
            log.append(("meta p", cls.__name__))
            return "meta property"

        @property
        def c(cls):
            log.append(("meta c", cls.__name__))
            raise AttributeError("from metaclass property")

    class MetaHooked(type):
        def __getattr__(cls, name):
            log.append(("meta getattr", name))
            if name == "c":
                return "from metaclass hook"
            raise AttributeError(name)

    return Meta, MetaHooked


def make_reader(log):
    class Reader:
        """A descriptor class that learns and forgets __set__ and __get__."""

        def __init__(self, tag):
            self.tag = tag

        def __get__(self, instance, owner):
            log.append(("get", self.tag, instance is None))
            if self.tag % 3 == 0:
                raise AttributeError("from __get__")
            return ("got", self.tag)

        def __repr__(self):
            return f"Reader({self.tag})"

    return Reader


def make_family(log, metaclass):
    class Plain:
        a = "class a"

        def __init__(self):
            self.b = "own b"

        def m(self):
            return ("Plain.m", type(self).__name__)

        @property
        def p(self):
            log.append(("p", type(self).__name__))
            return self.c

        @p.setter
        def p(self, value):
            log.append(("set p", repr(value)))
            self.c = value

        @staticmethod
        def s():
            return "static"

    class Child(Plain, metaclass=metaclass):
        def m(self):
            return ("Child.m", type(self).__name__)

    class Sibling(Plain, metaclass=metaclass):
        c = "sibling c"

    return Plain, Child, Sibling


def make_slotted():
    class Slotted:
        __slots__ = ("a", "b")

        def m(self):
            return "Slotted.m"

    class SlottedWithDict(Slotted):
        c = classmethod(lambda cls: cls.__name__)

    return Slotted, SlottedWithDict


def make_hooked(log, metaclass):
    class Hooked(metaclass=metaclass):
        a = 1

        def __getattr__(self, name):
            log.append(("getattr", name))
            if name == "c":
                return "from hook"
            raise AttributeError(name)

        def m(self):
            return "Hooked.m"

        @property
        def p(self):
            return self.missing

    return Hooked


def make_on_builtins():
    class OnInt(int):
        a = "on int"

        def m(self):
            return int(self)

    class OnTuple(tuple):
        def m(self):
            return len(self)

    class Error(Exception):
        def m(self):
            return self.args

    class Module(types.ModuleType):
        a = "module class a"

    return OnInt, OnTuple, Error, Module


class World:
    """Classes, instances and a module, made alike in every world."""

    def __init__(self):
        self.log = []
        meta, meta_hooked = make_metaclasses(self.log)
        self.Reader = make_reader(self.log)
        family = plain, child, sibling = make_family(self.log, meta)
        hooked = make_hooked(self.log, meta_hooked)
        slots, builtin = make_slotted(), make_on_builtins()
        self.classes = [*family, *slots, hooked, *builtin]
        on_int, on_tuple, error, module = builtin
        self.objects = [
            *(plain(), plain(), child(), child(), sibling(), slots[0](), slots[1](), hooked()),
            *(on_int(10**20), on_tuple("ab"), error("x"), module("sub"), types.ModuleType("mod")),
            *(lambda: None, 5, "text", *self.classes, int),
        ]
        self.objects[12].a, self.objects[12].b = "module a", "module b"

    def describe(self, value):
        """A value of this world as something that compares across worlds."""
        for kind, known in (("object", self.objects), ("class", self.classes)):
            for i, candidate in enumerate(known):
                if candidate is value:
                    return (kind, i)
        if isinstance(value, types.MethodType):
            return ("method", value.__func__.__qualname__, self.describe(value.__self__))
        if isinstance(value, dict):
            return [(repr(key), self.describe(item)) for key, item in value.items()]
        if isinstance(value, (list, tuple)):
            return [self.describe(item) for item in value]
        if isinstance(value, (int, str, float, type(None))):
            return (type(value).__name__, repr(value))
        return (type(value).__name__, getattr(value, "__qualname__", None))

    def attempt(self, action):
        try:
            return ("value", self.describe(action()))
        except CAUGHT as error:
            return (
                *("raised", type(error).__name__, str(error), getattr(error, "name", None)),
                self.describe(getattr(error, "obj", None)),
            )


class StockAccess:
    """Attribute access of the interpreter, by opcodes that it has not specialised."""

    SOURCES = types.MappingProxyType(
        {
            "load": "return o.{name}",
            "method": "return o.{name}()",
            "store": "o.{name} = v",
            "delete": "del o.{name}",
        }
    )

    def __init__(self):
        self.codes = {}

    def specialise(self):
        """Nothing: the other side's caches are its own."""

    def compile(self, kind, name):
        namespace = {}
        exec(f"def access(o, v):\n    {self.SOURCES[kind].format(name=name)}\n", namespace)
        return namespace["access"].__code__

    def __call__(self, kind, owner, name, value=None):
        code = self.codes.get((kind, name))
        if code is None:
            code = self.codes[kind, name] = self.compile(kind, name)
        # a new code object every time: it never warms up, so it has no caches
        return types.FunctionType(code.replace(), {})(owner, value)


class HelperAccess:
    """Attribute access through sites, with the inline paths of generated code in front."""

    def __init__(self, helpers):
        self.h = helpers
        self.sites = {}
        self.inline_hits = 0

    def __call__(self, kind, owner, name, value=None):
        h = self.h
        if kind == "delete":
            return h.delete_attr(owner, name) or None
        site = self.sites.setdefault((kind, name), h.Site())
        if kind == "store":
            if not site.fast_store(owner, value):
                h.store_attr(site, owner, name, value)
            else:
                self.inline_hits += 1
            return None
        found = site.fast_load(owner)
        self.inline_hits += len(found)
        if kind == "load":
            return found[0] if found else h.load_attr(site, owner, name)
        if found:
            pair = (found[0], owner) if site.fast_kind == h.METHOD else found
        else:
            pair = h.load_method(site, owner, name)
        return pair[0](*pair[1:])

    def specialise(self):
        for site in self.sites.values():
            site.set_fast_kind(site.best_kind())


def class_values(world, rng):
    """Something to put into a class; drawn alike in every world."""
    choice = rng.randrange(9)
    tag = rng.randrange(100)
    log = world.log

    def function(self=None):
        return ("function", tag)

    def getter(self):
        log.append(("getter", tag))
        if tag % 5 == 0:
            raise AttributeError("from getter")
        return tag

    return [
        tag,
        f"class value {tag}",
        function,
        property(getter),
        property(getter, lambda self, value: log.append(("setter", repr(value)))),
        staticmethod(function),
        classmethod(function),
        world.Reader(tag),
        world.objects[0],
    ][choice]


def set_descriptor_method(world, rng):
    reader, name = world.Reader, rng.choice(("__set__", "__get__", "__delete__"))
    log = world.log
    if name in vars(reader):
        delattr(reader, name)
    elif name == "__get__":
        reader.__get__ = lambda self, instance, owner: ("got again", self.tag)
    elif name == "__set__":
        reader.__set__ = lambda self, instance, value: log.append(("set", self.tag))
    else:
        reader.__delete__ = lambda self, instance: log.append(("delete", self.tag))


def set_access_hook(world, rng):
    cls = rng.choice(world.classes)
    name = rng.choice(("__getattr__", "__getattribute__", "__setattr__"))
    log = world.log
    if name in vars(cls):
        delattr(cls, name)
    elif name == "__getattr__":

        def hook(self, attribute):
            log.append(("late getattr", attribute))
            if attribute == "c":
                raise AttributeError("late")
            return ("late", attribute)

        cls.__getattr__ = hook
    elif name == "__getattribute__":

        def access(self, attribute):
            log.append(("getattribute", attribute))
            return object.__getattribute__(self, attribute)

        cls.__getattribute__ = access
    else:

        def store(self, attribute, value):
            log.append(("setattr", attribute))
            object.__setattr__(self, attribute, value)

        cls.__setattr__ = store


def change_bases(world, rng):
    plain, child, sibling = world.classes[:3]
    child.__bases__ = rng.choice([(plain,), (sibling, plain), (sibling,)])


def reassign_class(world, rng):
    rng.choice(world.objects[:5]).__class__ = rng.choice(world.classes[:3])


def use_dict(world, rng):
    owner = world.objects[rng.randrange(13)]
    choice = rng.randrange(5)
    name = rng.choice(("a", "b", "c", "m"))
    if choice == 0:
        return dict(vars(owner))
    if choice == 1:
        owner.__dict__ = {"b": "replaced b", name: "replaced"}
    elif choice == 2:
        vars(owner)[rng.randrange(10)] = "odd key"
    elif choice == 3:
        vars(owner).pop(name, None)
    else:
        vars(owner)[name + name[:0]] = lambda: "in dict"
    return None


def new_object(world, rng):
    i = rng.randrange(5)
    world.objects[i] = rng.choice(world.classes[:3])()


MUTATIONS = (
    *(set_descriptor_method, set_access_hook, change_bases, reassign_class, use_dict, new_object),
)
KINDS = (
    {"load": 30, "method": 20, "store": 20, "delete": 3}
    | {"class": 3, "unclass": 1, "mutate": 3, "specialise": 5}
)  # fmt: skip
INSTANCES, OBJECTS = 16, 27


class Step:
    """One operation, drawn once and done in every world."""

    def __init__(self, rng, focus, crowd):
        self.kind = rng.choices([*KINDS], KINDS.values())[0]
        self.name = rng.choice(focus) if rng.random() < 0.7 else rng.choice(ATTRIBUTES)
        self.index = rng.choice(crowd) if rng.random() < 0.8 else rng.randrange(OBJECTS)
        self.draw = rng.randrange(1 << 30)
        if self.kind != "load" and self.name.startswith("__"):
            self.name = "c"

    def act(self, world, access):
        if self.kind in {"load", "method", "store", "delete"}:
            return access(self.kind, world.objects[self.index], self.name, self.draw)
        if self.kind == "specialise":
            return access.specialise()
        rng = random.Random(self.draw)
        if self.kind == "mutate":
            return rng.choice(MUTATIONS)(world, rng)
        cls = rng.choice(world.classes)
        if self.kind == "unclass":
            return delattr(cls, self.name)
        return setattr(cls, self.name, class_values(world, rng))

    def __str__(self):
        return f"{self.kind} {self.name} of object {self.index}"


def dicts(world):
    """Instance dictionaries; their order shows the order of insertion."""
    return [world.attempt(lambda o=o: dict(vars(o))) for o in world.objects[:INSTANCES]]


def run(helpers, seed, steps):
    """Runs one sequence in both worlds; AssertionError where they differ. Inline hits."""
    rng = random.Random(seed)
    focus = [rng.choice(ATTRIBUTES[:6]) for _ in range(2)]
    crowd = [rng.randrange(OBJECTS) for _ in range(4)]
    mine, stock = World(), World()
    assert len(mine.objects) == OBJECTS
    access, stock_access = HelperAccess(helpers), StockAccess()
    for i in range(steps):
        step = Step(rng, focus, crowd)
        result = mine.attempt(lambda step=step: step.act(mine, access))
        expected = stock.attempt(lambda step=step: step.act(stock, stock_access))
        where = f"seed {seed}, step {i}: {step}"
        assert result == expected, f"{where}: {result} instead of {expected}"
        assert mine.log == stock.log, f"{where}: other side effects"
    assert dicts(mine) == dicts(stock), f"seed {seed}: other dictionaries"
    return access.inline_hits
