"""Python functions with *args, **kwargs, keyword-only parameters and defaults, called every way.

Compiled callers bind the arguments themselves; what does not fit has to raise what the
interpreter raises, and nothing may be left behind.
"""

LOG = []


class Witness:
    """Says when it dies."""

    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("gone", self.name))


def everything(a, b=2, /, c=3, *rest, d, e=5, **more):
    return a, b, c, rest, d, e, more


def rest_only(*rest):
    return rest


def more_only(**more):
    return more


def named_only(*, x=1, y):
    return x, y


def generator(*rest, **more):
    yield rest
    yield more


def captured(*rest, key=None, **more):
    def inner():
        return rest, key, more

    return inner()


class Made:
    def __init__(self, *rest, flag=False, **more):
        self.rest, self.flag, self.more = rest, flag, more

    def method(self, *rest, flag=False):
        return len(rest), flag, self.rest


class Refuses:
    def __init__(self, *rest):
        return rest or None


def hot(i):
    made = Made(i, i, flag=True, extra=i)
    return (
        everything(1, d=4),
        everything(1, 2, 3, 4, i, d=6, e=7, f=8),
        everything(i, c=9, d=1, a=2),
        rest_only(),
        rest_only(i, i),
        more_only(k=i),
        named_only(y=i),
        list(generator(i, j=i)),
        captured(i, key=i, z=1),
        made.method(1, 2, flag=i),
        (made.rest, made.flag, made.more),
        everything(*(1, 2, i), **{"d": 1, "g": i}),
        named_only(**{"y": 1}),
        Made(*(1, i), **{"q": i}).more,
    )


def call(f, args, kwargs):
    return f(*args, **kwargs)


def plain(f, x):
    return f(x, x, d=x)


def outcome(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return type(error).__name__, str(error), error.__traceback__.tb_next is not None


def main():
    runs = [hot(i % 2) for i in range(130)]
    out = [all(run == runs[i % 2] for i, run in enumerate(runs)), runs[1][:10]]
    odd = "".join(["d", "d"])[:1]
    for args, kwargs in (
        ((1,), {"d": 1}),
        ((), {"d": 1}),
        ((1, 2, 3, 4), {}),
        ((1,), {"c": 1, "d": 2, "b": 3}),
        ((1, 2, 3), {"c": 1, "d": 2}),
        ((1,), {odd: 1, "".join(["lo", "ng"]): 2}),
        ((), {}),
    ):
        for f in (everything, rest_only, more_only, named_only, captured, Made, Refuses):
            result = outcome(call, f, args, kwargs)
            out.append(vars(result) if isinstance(result, Made) else type(result).__name__)
            if isinstance(result, tuple):
                out.append(result)
    for f in (everything, rest_only, more_only, named_only, Refuses, len, dict) * 3:
        out.append(outcome(plain, f, 1))
    everything.__kwdefaults__ = {"e": "new", "d": "now a default"}
    everything.__defaults__ = ("b", "c")
    out.append(outcome(plain, everything, 1))
    out.append(outcome(call, everything, (1,), {}))
    everything.__kwdefaults__ = None
    out.append(outcome(call, everything, (1,), {"d": 1}))
    for _ in range(3):
        rest_only(Witness("rest"), 1)
        LOG.append("after rest")
        more_only(w=Witness("more"))
        LOG.append("after more")
        call(captured, (Witness("spread"),), {"key": Witness("key")})
        LOG.append("after spread")
        outcome(call, named_only, (Witness("refused"),), {})
        LOG.append("after refused")
    return out


RESULT = main()
