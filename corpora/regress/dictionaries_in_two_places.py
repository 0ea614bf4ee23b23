"""A site meets instances whose dictionary is in front of the object, and others where it is behind.

Both kinds were taken for the first one, once the dictionary had been made.
"""


class Plain:
    def __init__(self):
        self.__dict__["name"] = "plain"


class Mixed(int):
    def __init__(self, _):
        self.name = "mixed"


class Big(tuple):
    def __init__(self, _):
        self.name = "big"


def read(thing):
    return thing.name


def main():
    plain, mixed, big = Plain(), Mixed(7), Big((1, 2, 3))
    vars(plain)
    return [[read(thing) for thing in (plain, mixed, big, plain)] for _ in range(40)]


RESULT = main()
