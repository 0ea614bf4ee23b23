"""One site sees two, four, eight and more classes, then one only again.

The inline cache fills its entries, becomes megamorphic and settles; the layout
differs for each class (inline values, slots, dict, class attribute, property).
"""

LOG = []


class Inline:
    def __init__(self, v):
        self.value = v


class Shifted:
    def __init__(self, v):
        self.pad = 0
        self.value = v


class Slotted:
    __slots__ = ("pad", "value")

    def __init__(self, v):
        self.value = v


class Static:
    value = 7

    def __init__(self, v):
        pass


class Computed:
    def __init__(self, v):
        self.v = v

    @property
    def value(self):
        return self.v * 2


class Dynamic:
    def __init__(self, v):
        self.v = v

    def __getattr__(self, name):
        if name == "value":
            return -self.v
        raise AttributeError(name)


class Materialised(Inline):
    def __init__(self, v):
        self.__dict__["value"] = v


class Listy(list):
    def __init__(self, v):
        super().__init__([v])
        self.value = v + 1


KINDS = (Inline, Shifted, Slotted, Static, Computed, Dynamic, Materialised, Listy)


def read(x):
    return x.value


def total(objects):
    n = 0
    for x in objects:
        n += x.value
    return n


def write(x, value):
    x.value = value
    return x.value


def main():
    out = []
    for degree in (1, 2, 4, 8, 1):
        kinds = KINDS[:degree]
        objects = [kinds[i % degree](i) for i in range(64)]
        out.append(total(objects))
        out.append([read(x) for x in objects[:10]])
        written = []
        for x in objects[:16]:
            try:
                written.append(write(x, 3))
            except AttributeError as error:
                written.append(str(error))
        out.append(written)
    return out


RESULT = main()
