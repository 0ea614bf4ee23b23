"""Order of evaluation in every kind of expression and assignment, by a log.

Operands, subscripts, attributes, arguments, keywords, displays, dict entries,
comparisons, conditionals, assignments with several targets, defaults, decorators.
"""

LOG = []


class E:
    def __init__(self, name):
        self.name = name

    def __getattr__(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        LOG.append(f"{self.name}.{attribute}")
        return E(f"{self.name}.{attribute}")

    def __getitem__(self, key):
        LOG.append(f"{self.name}[{name(key)}]")
        return E("item")

    def __setitem__(self, key, value):
        LOG.append(f"{self.name}[{name(key)}]={name(value)}")

    def __call__(self, *args, **kwargs):
        LOG.append(f"{self.name}({len(args)},{','.join(kwargs)})")
        return E("result")

    def __add__(self, other):
        LOG.append(f"{self.name}+{name(other)}")
        return E("sum")

    def __lt__(self, other):
        LOG.append(f"{self.name}<{name(other)}")
        return True

    def __iter__(self):
        LOG.append(f"iter {self.name}")
        return iter([E("i0"), E("i1")])

    def __hash__(self):
        LOG.append(f"hash {self.name}")
        return len(self.name)

    def __eq__(self, other):
        LOG.append(f"{self.name}=={name(other)}")
        return self is other


def name(x):
    return getattr(x, "name", x) if isinstance(x, E) else repr(x)


def e(n):
    LOG.append(n)
    return E(n)


def operators():
    return e("a") + e("b") + (e("c") + e("d"))


def calls():
    return e("f")(e("a"), *e("b"), e("c"), k=e("d"), **{"m": e("e")}, n=e("g"))


def subscripts():
    e("a")[e("b")] = e("c")
    e("t").attr[e("u")][e("v")] = e("w")[e("x")]


def targets():
    e("a")[0] = e("b")[1] = e("c")
    e("x")[0], e("y").z[1] = e("v"), e("w")


def displays():
    return [{e("k"): e("v"), **{e("k2"): e("v2")}}, [e("l"), *e("m")], (e("t"),)] and {
        e("s1"),
        e("s2"),
    }


def conditionals():
    return (
        e("yes") if e("test") else e("no"),
        e("a") < e("b") < e("c"),
        e("p") and e("q"),
        not e("n"),
    )


def augmented():
    x = e("x")
    x[e("k")] += e("v")
    x += e("w")


def definitions():
    @e("dec1")
    @e("dec2")
    def f(a=e("default1"), *, b=e("default2")) -> e("annotation"):
        return a

    class C(E("Base") and object, metaclass=LOG.append("meta") or type):
        attribute = e("in body")

    return (lambda x=e("lambda default"): x)()


def loops():
    for e("target")[0] in e("iterable"):
        pass
    return [e("element") for x in e("outer") if e("condition")]


def formatted():
    return f"{e('a').name}{e('b').name:>{len(e('w').name)}}"


FUNCTIONS = (
    operators,
    calls,
    subscripts,
    targets,
    displays,
    conditionals,
    augmented,
    definitions,
    loops,
    formatted,
)


def main():
    runs = []
    for _ in range(12):
        LOG.clear()
        for function in FUNCTIONS:
            LOG.append(function.__name__)
            function()
        runs.append(list(LOG))
    return all(run == runs[0] for run in runs), len(LOG)


RESULT = main()
