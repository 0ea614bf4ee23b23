"""`obj.__class__ = Other` under warm attribute, method and operator sites.

The instance keeps its values while every type guard must fail from now on, and
also in the middle of an expression that already used the old class.
"""

LOG = []


class Cat:
    sound = "meow"

    def __init__(self, name):
        self.name = name

    def speak(self):
        return f"{self.name} {self.sound}"

    def __add__(self, n):
        return n + 1

    def __len__(self):
        return 1


class Dog:
    sound = "woof"

    def __init__(self, name):
        self.tail = name
        self.name = name

    def speak(self):
        return f"{self.sound} {self.name}!"

    def __add__(self, n):
        return n + 100

    def __len__(self):
        return 2

    def become(self, cls):
        self.__class__ = cls
        return self.speak()


class Narrow:
    __slots__ = ("name",)


def use(animal):
    return animal.speak(), animal.name, animal.sound, animal + 1, len(animal)


def change(animal):
    before = animal.speak()
    animal.__class__ = Dog if type(animal) is Cat else Cat
    return before, animal.speak(), animal + 1


def in_expression(animal, cls):
    return animal.sound + setclass(animal, cls) + animal.sound


def setclass(animal, cls):
    animal.__class__ = cls
    return "/"


def main():
    out = []
    tom, rex = Cat("tom"), Dog("rex")
    for i in range(100):
        use(tom)
        in_expression(rex, Dog)
    out.append(use(rex))
    for _ in range(3):
        out.append(change(tom))
        out.append(use(tom))
    out.append(in_expression(rex, Cat))
    out.append(in_expression(rex, Dog))
    out.append(rex.become(Cat))
    try:
        rex.__class__ = Narrow
    except TypeError as error:
        out.append(str(error))
    try:
        rex.__class__ = 5
    except TypeError as error:
        out.append(str(error))
    out.append(list(rex.__dict__.items()))
    return out


RESULT = main()
