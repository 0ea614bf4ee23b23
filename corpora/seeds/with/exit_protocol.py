"""`with`: `__exit__` sees the exception, may swallow it, may raise, runs once.

Returns, breaks and continues inside the body call `__exit__(None, None, None)`;
the exit method is looked up before `__enter__` runs.
"""

LOG = []


class Manager:
    def __init__(self, name, swallow=False, fail=None):
        self.name = name
        self.swallow = swallow
        self.fail = fail

    def __enter__(self):
        LOG.append(("enter", self.name))
        if self.fail == "enter":
            raise RuntimeError("enter " + self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        LOG.append(
            (
                "exit",
                self.name,
                kind.__name__ if kind else None,
                str(value),
                traceback.tb_lineno if traceback else None,
            )
        )
        if self.fail == "exit":
            raise RuntimeError("exit " + self.name)
        return self.swallow


class Half:
    def __enter__(self):
        return 1


def two(a, b, n):
    with a as x, b as y:
        result = (x, y, 10 // n)
        return result
    return "after"


def loop(values):
    out = []
    for value in values:
        with Manager("loop", swallow=True):
            if value == 0:
                continue
            if value == 9:
                break
            out.append(10 // (value - 5))
    return out


def swallowed_value():
    x = "unset"
    with Manager("s", swallow=True):
        x = "set"
        x = 1 / 0
    return x


def truth(swallow):
    with Manager("t", swallow=swallow):
        raise KeyError("k")
    return "swallowed"


def attempt(function, *args):
    start = len(LOG)
    try:
        result = function(*args)
    except Exception as error:
        result = type(error).__name__, str(error), type(error.__context__).__name__
    return result, LOG[start:]


def main():
    out = []
    for i in range(40):
        out.append(attempt(two, Manager("a"), Manager("b"), 1))
        out.append(attempt(loop, [1, 0, 5, 6, 9, 3]))
        out.append(attempt(swallowed_value))
    out = out[-3:]
    for a_options in ({}, {"swallow": True}, {"fail": "enter"}, {"fail": "exit"}):
        for b_options in ({}, {"swallow": True}, {"fail": "enter"}, {"fail": "exit"}):
            for n in (1, 0):
                out.append(attempt(two, Manager("a", **a_options), Manager("b", **b_options), n))
    for swallow in (0, 1, "", "x", [], None):
        out.append(attempt(truth, swallow))
    out.append(attempt(two, Half(), Manager("b"), 1))
    out.append(attempt(two, 5, Manager("b"), 1))
    out.append(attempt(two, Manager("a"), None, 1))
    instance = Manager("i")
    instance.__exit__ = lambda *args: True
    out.append(attempt(two, instance, Manager("b"), 0))
    LOG.clear()
    return out


RESULT = main()
