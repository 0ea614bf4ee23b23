"""A method is replaced while warm: on the class, the base, the instance, in itself.

LOAD_METHOD caches an unbound function under a type version; an instance
attribute of the same name turns the next call into a plain attribute call.
"""

LOG = []


class Base:
    def run(self, x):
        return ("base", x)


class Child(Base):
    pass


class Own(Base):
    def run(self, x):
        return ("own", x)


def call(obj, x):
    return obj.run(x)


def call_all(objects):
    out = []
    for obj in objects:
        out.append(obj.run(1)[0])
    return out


class Suicidal:
    def run(self, x):
        del Suicidal.run
        Suicidal.run = lambda self, x: ("reborn", x)
        return ("dying", x)


def argument_replaces(obj):
    return obj.run(replace(obj))


def replace(obj):
    type(obj).run = lambda self, x: ("late", x)
    return 5


def main():
    out = []
    objects = [Base(), Child(), Own()]
    for i in range(100):
        call(objects[i % 3], i)
        call_all(objects)
    Base.run = lambda self, x: ("base2", x)
    out.append(call_all(objects))
    Child.run = lambda self, x: ("child", x)
    out.append(call_all(objects))
    objects[2].run = lambda x: ("instance", x)
    out.append(call_all(objects))
    del Child.run, objects[2].run
    out.append(call_all(objects))
    Child.run = staticmethod(lambda x: ("static", x))
    Own.run = classmethod(lambda cls, x: (cls.__name__, x))
    out.append(call_all(objects))
    Own.run = len
    try:
        call(objects[2], 1)
    except TypeError as error:
        out.append(str(error))
    Own.run = Child
    try:
        call(objects[2], 1)
    except TypeError as error:
        out.append(str(error))
    del Own.run
    out.append([call(Suicidal(), 1) for _ in range(3)])
    out.append(argument_replaces(objects[0]))
    out.append(argument_replaces(objects[0]))
    del Base.run
    try:
        call(objects[0], 1)
    except AttributeError as error:
        out.append(str(error))
    return out


RESULT = main()
