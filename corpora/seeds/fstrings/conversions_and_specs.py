"""FORMAT_VALUE with every conversion and spec, BUILD_STRING of many pieces.

`__format__`, `__str__` and `__repr__` run between pieces already on the stack;
an exception in the third piece must release the first two.
"""

LOG = []


class Value:
    def __init__(self, n):
        self.n = n

    def __format__(self, spec):
        LOG.append(("format", self.n, spec))
        if spec == "bad":
            raise ValueError(f"bad spec for {self.n}")
        return f"[{self.n}:{spec}]"

    def __str__(self):
        LOG.append(("str", self.n))
        return f"s{self.n}"

    def __repr__(self):
        LOG.append(("repr", self.n))
        return f"r{self.n}\u20ac"


def simple(a, b):
    return f"{a} and {b}"


def everything(v, width):
    return f"{v}|{v!s}|{v!r}|{v!a}|{v:x}|{v!s:>{width}}|{v!r:^{width + 1}}"


def single(v):
    return f"{v}"


def numbers(x, w):
    return f"{x:{w}.3f}{x:+.2e}{int(x):#x}{int(x):,}{x!r:>10}"


def middle(a, b, c):
    return f"<{a}{b:bad}{c}>"


def debug(x):
    return f"{x=} {x + 1=!s} {x!r:>4}"


def nested(values):
    return f"{', '.join(f'{v:>3}' for v in values)}|{len(values):0>4}"


def main():
    out = []
    for i in range(100):
        out.append(simple(i, "text"))
        out.append(everything(i, 8))
        out.append(single("same"))
        out.append(numbers(i * 10.5, 12))
        out.append(debug(i))
    out = out[-5:]
    out.append(nested([1, 20, 300]))
    out.append(simple(Value(1), None))
    out.append(everything(Value(2), 7))
    out.append(single(Value(3)))
    for v in (True, None, 2.5, "\U0001f600", (1, 2)):
        out.append(single(v))
        out.append(simple(v, v))
    try:
        middle(Value(4), Value(5), Value(6))
    except ValueError as error:
        out.append(error.args)
    try:
        everything("text", 5)
    except ValueError as error:
        out.append(error.args)
    return out


RESULT = main()
