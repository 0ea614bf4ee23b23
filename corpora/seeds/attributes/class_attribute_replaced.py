"""A class attribute read through instances changes, on the class and on a base.

Each change gives a new type version; caches of the class, of subclasses and of
instances that shadow the name have to notice at the next execution.
"""

LOG = []


class Base:
    limit = 10
    name = "base"


class Child(Base):
    pass


class Grandchild(Child):
    pass


def limit(x):
    return x.limit


def name(x):
    return x.name


def total(objects):
    n = 0
    for x in objects:
        n += x.limit
    return n


def main():
    objects = [Base(), Child(), Grandchild()]
    out = []
    for i in range(120):
        out.append(limit(objects[i % 3]))
        name(objects[0])
        total(objects)
    out = [sum(out)]

    def snapshot(label):
        out.append((label, [limit(x) for x in objects], name(objects[2]), total(objects)))

    Base.limit = 20
    snapshot("base")
    Child.limit = 30
    snapshot("child")
    objects[2].limit = 40
    snapshot("instance")
    del Child.limit
    snapshot("child deleted")
    del objects[2].limit
    snapshot("instance deleted")
    Base.limit = property(lambda self: 50)
    snapshot("property")
    try:
        objects[0].limit = 1
    except AttributeError as error:
        out.append(str(error))
    objects[0].__dict__["limit"] = 60
    snapshot("data descriptor wins")
    Base.limit = 70
    snapshot("instance wins")
    Grandchild.__getattr__ = lambda self, attribute: f"made {attribute}"
    Base.name = "renamed"
    snapshot("getattr added")
    del Base.name
    out.append(name(objects[2]))
    try:
        name(objects[0])
    except AttributeError as error:
        out.append(str(error))
    return out


RESULT = main()
