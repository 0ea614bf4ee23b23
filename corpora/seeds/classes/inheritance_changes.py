"""`__bases__` assigned, mixins added, MRO entries changed while sites are warm.

Changing bases must invalidate method caches of all subclasses, and `isinstance`
results; a type without a version yet has tag 0, which a zeroed cache matches.
"""

LOG = []


class Quiet:
    def speak(self):
        return "quiet"


class Loud:
    def speak(self):
        return "LOUD"

    extra = 5


class Person(Quiet):
    pass


class Child(Person):
    pass


def speak(x):
    return x.speak()


def extra(x):
    return x.extra


def kinds(x):
    return isinstance(x, Quiet), isinstance(x, Loud), isinstance(x, (int, Person))


def fresh_class(i):
    # A new type each time: its version tag is not assigned until the first lookup.
    cls = type(f"Fresh{i}", (Quiet,), {"extra": i})
    x = cls()
    return extra(x), speak(x)


def attempt(function, x):
    try:
        return function(x)
    except (AttributeError, TypeError) as error:
        return str(error)


def main():
    out = []
    person, child = Person(), Child()
    for i in range(80):
        speak(person)
        speak(child)
        kinds(child)
        out.append(fresh_class(i))
    out = out[-2:]
    out.append(attempt(extra, child))
    Person.__bases__ = (Loud,)
    out.append((speak(person), speak(child), kinds(child), attempt(extra, child)))
    Person.__bases__ = (Quiet, Loud)
    out.append((speak(person), speak(child), kinds(child), attempt(extra, child)))
    Person.__bases__ = (Loud, Quiet)
    Loud.speak = Quiet.speak
    out.append((speak(child), kinds(child)))
    try:
        Quiet.__bases__ = (Person,)
    except TypeError as error:
        out.append(str(error))
    try:
        Person.__bases__ = ()
    except TypeError as error:
        out.append(str(error))
    Person.__bases__ = (Quiet,)
    out.append((speak(child), attempt(extra, child), [cls.__name__ for cls in Child.__mro__]))
    return out


RESULT = main()
