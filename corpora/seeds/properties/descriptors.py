"""Data and non-data descriptors written in Python, against the instance dict.

The order is: data descriptor, instance attribute, non-data descriptor. The kind
can change under a cache when `__set__` is added to the descriptor's class.
"""

LOG = []


class NonData:
    def __get__(self, instance, owner):
        LOG.append(("get", instance is None, owner.__name__))
        return "non-data"


class Data(NonData):
    def __get__(self, instance, owner):
        return "data"

    def __set__(self, instance, value):
        LOG.append(("set", value))
        instance.__dict__["data"] = value


class Cached:
    def __set_name__(self, owner, name):
        LOG.append(("set_name", owner.__name__, name))
        self.name = name

    def __get__(self, instance, owner):
        LOG.append("computed")
        instance.__dict__[self.name] = 42
        return 42


class Host:
    nondata = NonData()
    data = Data()
    cached = Cached()


def read(x):
    return x.nondata, x.data


def write(x, value):
    x.data = value
    x.nondata = value
    return x.data, x.nondata


def cached(x):
    return x.cached + x.cached


def on_class():
    return Host.nondata, Host.data


def main():
    out = []
    for i in range(80):
        host = Host()
        out.append((read(host), write(host, i), cached(host), on_class()))
    out = out[-1:]
    del LOG[30:]
    host = Host()
    host.__dict__["nondata"] = "instance"
    out.append(read(host))
    NonData.__set__ = lambda self, instance, value: LOG.append(("late set", value))
    out.append(read(host))
    out.append(write(host, 5))
    del NonData.__set__
    out.append(read(host))
    NonData.__get__ = lambda self, instance, owner: "replaced"
    out.append((read(Host()), on_class()))
    del NonData.__get__
    out.append(type(read(Host())[0]).__name__)
    return out


RESULT = main()
