"""More attributes than shared keys can hold, and in ever different orders.

Instances share one keys object of at most 30 names; beyond that, or after odd
orders, an instance gets a dict of its own and the cached keys version is dead.
"""

LOG = []


class Bag:
    pass


def fill(bag, names):
    for i, name in enumerate(names):
        setattr(bag, name, i)
    return bag


def early(bag):
    return bag.a0


def late(bag):
    return bag.last


def store(bag, value):
    bag.first = value
    bag.second = value * 2
    return list(bag.__dict__)[:3]


def main():
    out = []
    names = [f"a{i}" for i in range(5)] + ["last"]
    for i in range(100):
        bag = fill(Bag(), names)
        early(bag)
        late(bag)
        store(Bag(), i)
    wide = fill(Bag(), [f"a{i}" for i in range(60)] + ["last"])
    out.append((early(wide), late(wide), store(wide, 1), len(wide.__dict__)))
    backwards = fill(Bag(), names[::-1])
    out.append((early(backwards), late(backwards), list(backwards.__dict__)))
    mixed = Bag()
    mixed.second = 0
    out.append((store(mixed, 5), list(mixed.__dict__.items())))
    again = fill(Bag(), names)
    out.append((early(again), late(again), store(again, 7), list(again.__dict__)))
    for bag in (wide, backwards, mixed, again, Bag()):
        try:
            out.append(late(bag) + early(bag))
        except AttributeError as error:
            out.append((str(error), error.name, error.obj is bag))
    return out


RESULT = main()
