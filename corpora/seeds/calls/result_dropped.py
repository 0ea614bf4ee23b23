"""Results that are dropped: POP_TOP must release, and run finalisers, at once.

Also results that are the argument itself, and functions whose last reference
is dropped by their own call.
"""

LOG = []


class Dying:
    def __init__(self, name):
        self.name = name
        LOG.append(("new", name))

    def __del__(self):
        LOG.append(("del", self.name))

    def me(self):
        return self


def make(name):
    return Dying(name)


def identity(x):
    return x


def drop(name):
    make(name)
    LOG.append("after drop")
    identity(make(name + "2"))
    LOG.append("after identity")
    make(name + "3").me().me()
    LOG.append("after chain")


def overwrite(name):
    x = make(name + "a")
    x = make(name + "b")
    LOG.append("overwritten")
    x = None
    LOG.append("end")


def temporary_function(n):
    return (lambda d=Dying("default"): n)()


def tuple_dropped(name):
    (make(name), make(name + "'"))
    [make(name)]
    LOG.append("displays")


def discard_in_condition(name):
    if make(name):
        LOG.append("in branch")
    while not make(name + "w"):
        pass
    make(name) and LOG.append("and")
    return make(name) is None


def main():
    for i in range(40):
        drop("d")
        overwrite("o")
        temporary_function(i)
        tuple_dropped("t")
        discard_in_condition("c")
    n = len(LOG)
    first = LOG[: n // 40]
    same = all(LOG[k : k + n // 40] == first for k in range(0, n, n // 40))
    LOG[:] = first
    return n, same


RESULT = main()
