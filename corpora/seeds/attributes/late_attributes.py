"""Instances with a dictionary of their own: attributes added late, moved, deleted, replaced."""

LOG = []


class Many:
    """More instances than their shared keys have room for."""

    def __init__(self, n):
        self.first = n
        self.second = n * 2


class Odd(dict):
    def __getitem__(self, key):
        LOG.append(("getitem", key))
        return dict.__getitem__(self, key)


def read(thing):
    return thing.late


def total(things):
    out = 0
    for thing in things:
        out += thing.late + thing.first
    return out


def call(thing, x):
    return thing.function(x)


def attempt(function, *args):
    try:
        return function(*args)
    except AttributeError as error:
        return str(error)


def make(n):
    things = [Many(i) for i in range(n)]
    for i, thing in enumerate(things):
        for j in range(i % 5):
            setattr(thing, f"filler{j}", j)
        thing.late = i
        thing.function = lambda x, i=i: (i, x)
    return things


def main():
    results = []
    things = make(60)
    for _ in range(40):
        results.append(total(things))
        call(things[3], 1)
    one = things[0]
    results += [read(one), vars(one)]
    del one.late
    results.append(attempt(read, one))
    one.late = "again"
    results += [read(one), call(one, 2)]
    one.__dict__ = {"late": "another dictionary", "function": len}
    results += [read(one), call(one, "abc"), attempt(total, [one])]
    one.__dict__ = Odd(late="odd", first=1)
    results += [read(one), attempt(call, one, 1)]
    one.__dict__ = {1: 2, "late": "general keys", "first": 0}
    results.append(read(one))
    two = things[1]
    two.__dict__.clear()
    results.append(attempt(read, two))
    three = things[2]
    for i in range(300):
        setattr(three, f"wide{i}", i)
    results += [read(three), call(three, 3)]
    Many.late = property(lambda self: "from the class")
    results += [read(things[4]), read(things[5])]
    Many.late = "no data descriptor"
    results += [read(things[6]), attempt(read, two)]
    del Many.late
    things[7].__class__ = type("Other", (Many,), {"late": property(lambda self: "other")})
    results += [read(things[7]), read(things[8]), total(things[8:])]
    return results


RESULT = main()
