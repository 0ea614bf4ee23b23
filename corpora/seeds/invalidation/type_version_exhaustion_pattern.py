"""A class changed again and again between hot calls: caches that never settle.

Each change takes a new version tag. The site has to give up gracefully and
still see each change at once.
"""

LOG = []


class Thing:
    constant = 0

    def method(self):
        return self.constant


class Derived(Thing):
    pass


def use(thing):
    return thing.method() + thing.constant


def loop(things):
    n = 0
    for thing in things:
        n += use(thing)
    return n


def make_method(i):
    def method(self):
        return self.constant * i

    return method


def main():
    out = []
    things = [Thing(), Derived()]
    for i in range(60):
        Thing.constant = i
        out.append(loop(things))
        if i % 5 == 0:
            Thing.method = make_method(i)
        if i % 7 == 0:
            Derived.constant = -i
        if i % 11 == 0:
            del Derived.constant
            Derived.method = make_method(2)
        if i % 13 == 12:
            del Derived.method
        if i == 22 or i == 44:
            Derived.constant = 7
        out.append(loop(things * 3))
    return out


RESULT = main()
