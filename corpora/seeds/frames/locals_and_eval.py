"""`locals()`, `vars()`, `dir()`, `eval` and `exec` inside compiled functions.

Callees read the caller's fast locals through its frame: all of them have to be
in the frame at that moment, cells included, deleted ones excluded.
"""

LOG = []


def evaluated(a, b):
    c = a * b
    return eval("a + b + c"), eval("[x for x in (1, 2)]")


def executed(a):
    b = a + 1
    exec("b = 100; new = a")
    return b, "new" in locals()


def with_cell(a):
    b = a + 1

    def inner():
        return b

    table = locals()
    return sorted(key for key in table), table["b"], inner()


def deleted(a, flag):
    b = a
    if flag:
        del b
    return sorted(locals()), sorted(vars()) == sorted(dir())


def in_loop(n):
    seen = []
    for i in range(n):
        square = i * i
        seen.append((locals()["square"], locals()["i"]))
    return seen


def in_comprehension(n):
    k = n
    return [sorted(name for name in locals() if name[0] != ".") for i in range(1)]


def class_in_function(n):
    class Local:
        x = n
        names = sorted(name for name in locals() if not name.startswith("__"))

    return Local.names


def live_temporary(a):
    return [a, a + 1, locals()["a"], (a := a + 5), locals()["a"]]


def failing_eval(text):
    x = 0.0
    try:
        return eval(text)
    except (NameError, ZeroDivisionError, SyntaxError) as error:
        return type(error).__name__, str(error.args[0])


def main():
    out = []
    for i in range(30):
        out.append(
            (
                evaluated(i, 2),
                executed(i),
                with_cell(i),
                deleted(i, i % 2),
                in_loop(2),
                in_comprehension(i),
                class_in_function(i),
                live_temporary(i),
            )
        )
    out = out[-2:]
    out.append(evaluated(2.5, 2))
    out.append(evaluated(2**62, -1))
    for text in ("x", "1 / x", "y", "1 +", "x if x else 'zero'"):
        out.append(failing_eval(text))
    return out


RESULT = main()
