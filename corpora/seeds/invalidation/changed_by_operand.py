"""The world changes while an expression that depends on it is half evaluated.

`obj.a + change() + obj.a`, `f(change())`, `obj.m(change())`: what was already
loaded stays old, what is loaded afterwards must be new.
"""

LOG = []


class Thing:
    a = "class a"

    def m(self, x):
        return "old m", x

    @property
    def p(self):
        return "old p"

    def __add__(self, x):
        return "old add", x

    def __getitem__(self, x):
        return "old item", x


def f(x):
    return "old f", x


def g(x):
    return "old g", x


K = "old K"


def change(thing):
    global f, K
    LOG.append("change")
    Thing.a = "new class a"
    Thing.m = lambda self, x: ("new m", x)
    Thing.p = property(lambda self: "new p")
    Thing.__add__ = lambda self, x: ("new add", x)
    Thing.__getitem__ = lambda self, x: ("new item", x)
    thing.b = "new b"
    K = "new K"
    f = lambda x: ("new f", x)
    g.__code__ = NEW_G
    return "x"


NEW_G = (lambda x: ("new g", x)).__code__
OLD = dict(a=Thing.a, m=Thing.m, p=Thing.p, __add__=Thing.__add__, __getitem__=Thing.__getitem__)
OLD_F, OLD_G = f, g.__code__


def restore():
    global f, K
    for name, value in OLD.items():
        setattr(Thing, name, value)
    f, K = OLD_F, "old K"
    g.__code__ = OLD_G


def nothing(thing):
    return "y"


def attributes(thing, how):
    return thing.a, thing.b, how(thing), thing.a, thing.b


def method(thing, how):
    return thing.m(how(thing)), thing.m(1)


def functions(thing, how):
    return f(how(thing)), g(2), f(3)


def late_code(thing, how):
    return g(how(thing))


def prop(thing, how):
    return thing.p, how(thing), thing.p


def operators(thing, how):
    return thing + how(thing), thing[1], thing + 2


def subscript(thing, how):
    return thing[how(thing)]


def constants(thing, how):
    return K, how(thing), K


FUNCTIONS = (attributes, method, functions, late_code, prop, operators, subscript, constants)


def main():
    out = []
    for _ in range(50):
        for function in FUNCTIONS:
            thing = Thing()
            thing.b = "old b"
            function(thing, nothing)
    for function in FUNCTIONS * 2:
        thing = Thing()
        thing.b = "old b"
        out.append((function.__name__, function(thing, change)))
        restore()
        out.append(function(thing, nothing))
    return out


RESULT = main()
