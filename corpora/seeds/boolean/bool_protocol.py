"""Truth tests that run Python code: `__bool__`, `__len__`, neither, or an error.

Jump sites warmed with True/False have a fast path by identity; others call.
`__bool__` must be asked exactly once a test, and may raise or lie.
"""

LOG = []


class Asked:
    def __init__(self, name, answer):
        self.name = name
        self.answer = answer

    def __bool__(self):
        LOG.append(self.name)
        return self.answer


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        LOG.append(("len", self.n))
        return self.n


class Bare:
    pass


def jump(x):
    if x:
        return "yes"
    return "no"


def jump_not(x):
    if not x:
        return "no"
    return "yes"


def loop(x):
    n = 0
    while x and n < 3:
        n += 1
    return n


def either(x, y):
    return jump(x or y)


def asserted(x):
    assert x, "was false"
    return True


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError, AssertionError) as error:
        return type(error).__name__, str(error)


def main():
    for i in range(120):
        flag = i % 2 == 0
        jump(flag)
        jump_not(flag)
        loop(flag)
        either(flag, True)
        asserted(True)
    out = []
    values = (
        Asked("t", True),
        Asked("f", False),
        Asked("bad", 1),
        Sized(0),
        Sized(2),
        Sized(-1),
        Bare(),
        None,
        0,
        1,
        "",
        "a",
        [],
        {},
        (),
        (0,),
        0.0,
        0j,
        NotImplemented.__class__,
    )
    for x in values:
        for function in (jump, jump_not, loop, asserted):
            out.append(attempt(function, x))
        out.append(attempt(either, x, False))
    return out


RESULT = main()
