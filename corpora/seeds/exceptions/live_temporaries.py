"""An exception with a deep operand stack: all temporaries released, in order.

Each temporary has a finaliser. After unwinding to the handler, exactly the
values above the handler's depth have died, before its first statement.
"""

LOG = []


class T:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(self.name)

    def __add__(self, other):
        if other.name == "bad":
            raise ValueError("bad operand")
        return T(self.name + other.name)


def boom(*args):
    raise RuntimeError("boom")


def keep(*args, **kwargs):
    return len(args) + len(kwargs)


def in_arguments():
    return keep(T("a"), [T("b"), T("c")], T("d"), keep(T("e"), boom()))


def in_display():
    return [T("a"), {T("k").name: T("v"), "x": (T("t"), boom())}]


def in_binary(last):
    return T("a") + T("b") + T(last) + T("z")


def in_fstring():
    return f"{T('a').name}{T('b').name:>{boom()}}"


def in_keywords():
    return keep(T("a"), x=T("b"), y=boom(T("c")))


def in_loop():
    for x in [T("item1"), T("item2")]:
        y = [T("inner"), boom(x)]
    return y


def in_comprehension():
    return [(T("e" + str(i)), boom() if i == 2 else i) for i in range(4)]


def handled(function, *args):
    outer = [T("outer")]
    try:
        function(*args)
    except (RuntimeError, ValueError) as error:
        LOG.append(("handler", str(error)))
    LOG.append("end")
    return len(outer)


def main():
    for _ in range(30):
        for function in (
            in_arguments,
            in_display,
            in_fstring,
            in_keywords,
            in_loop,
            in_comprehension,
        ):
            handled(function)
        handled(in_binary, "c")
        handled(in_binary, "bad")
    n = len(LOG)
    part = LOG[: n // 30]
    same = all(LOG[k : k + n // 30] == part for k in range(0, n, n // 30))
    LOG[:] = part
    return n, same


RESULT = main()
