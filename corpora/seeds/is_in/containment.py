"""`in` and `not in` for lists, tuples, dicts, sets, strings, ranges and objects.

`__contains__` beats `__iter__`, which beats `__getitem__`; equality of
elements may run Python code that mutates the container in the middle.
"""

LOG = []


class Container:
    def __contains__(self, x):
        LOG.append(("contains", x))
        return x and "truthy" or ""


class Iterated:
    def __iter__(self):
        LOG.append("iter")
        return iter([1, 2, 3])


class Indexed:
    def __getitem__(self, i):
        LOG.append(("item", i))
        if i > 3:
            raise IndexError(i)
        return i * 10


class Closed:
    __contains__ = None


class Clearing:
    def __init__(self, victim):
        self.victim = victim

    def __eq__(self, other):
        LOG.append(("eq", other))
        self.victim.clear()
        return False

    __hash__ = None


def contains(x, container):
    return x in container


def branch(x, container):
    if x not in container:
        return "absent"
    return "present"


def attempt(function, x, container):
    try:
        return function(x, container)
    except TypeError as error:
        return str(error)


def main():
    for i in range(150):
        contains(i, [1, 2, 3])
        branch(i, {1: 1, 5: 2})
    out = []
    containers = (
        [1, 2],
        (1, "a"),
        {1: 2},
        {1, 2},
        frozenset((1,)),
        "abc",
        b"abc",
        range(5),
        Container(),
        Iterated(),
        Indexed(),
        Closed(),
        5,
        None,
    )
    for container in containers:
        for x in (1, "a", "", 97, None, [], 1.0):
            out.append(attempt(contains, x, container))
            out.append(attempt(branch, x, container))
    victim = [1, 2, 3, 4]
    out.append(contains(Clearing(victim), victim))
    out.append(victim)
    return out


RESULT = main()
