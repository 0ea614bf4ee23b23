"""Class bodies executed hot: LOAD_NAME, LOAD_CLASSDEREF, `__class__` cell.

Each call builds new classes from one code object; names are looked up in the
class namespace, then cells or globals, and `__prepare__` may replace the
namespace.
"""

LOG = []

setting = "global"


class Recording(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kwargs):
        LOG.append(("prepare", name, sorted(kwargs.items())))
        return {"injected": 7}

    def __new__(mcs, name, bases, namespace, **kwargs):
        return super().__new__(mcs, name, bases, dict(namespace))

    def __init__(cls, name, bases, namespace, **kwargs):
        LOG.append(("init", [key for key in namespace if not key.startswith("__")]))


def make(n):
    captured = n * 2

    class Local:
        number = n
        doubled = captured
        where = setting
        setting = "class"
        after = setting

        def method(self):
            return __class__.__name__, captured, setting

        values = [i for i in range(number)]

        if n % 2:
            odd = True
        else:
            even = True
        for i in range(3):
            last = i

    return Local


def make_recorded(n):
    class Recorded(metaclass=Recording, option=n):
        own = injected + n

    return Recorded


class Hooked:
    subclasses = []

    def __init_subclass__(cls, /, tag="none", **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag
        Hooked.subclasses.append(cls.__name__)


def make_hooked(n):
    class Sub(Hooked, tag=n):
        pass

    return Sub.tag


def failing(n):
    class Bad:
        first = n
        second = 10 // n

    return Bad.second


def main():
    out = []
    for i in range(30):
        cls = make(i % 4)
        out.append(
            (
                cls.number,
                cls.doubled,
                cls.where,
                cls.after,
                cls().method(),
                cls.values,
                cls.last,
                hasattr(cls, "odd"),
                cls.__qualname__,
            )
        )
        out.append((make_recorded(i).own, make_hooked(i), failing(1 + i)))
    out = out[-2:]
    del LOG[6:]
    try:
        failing(0)
    except ZeroDivisionError as error:
        tb = error.__traceback__.tb_next.tb_next
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
    out.append(len(Hooked.subclasses))
    for bases in ((int, str), (5,), (bool,)):
        try:
            type("X", bases, {})
        except TypeError as error:
            out.append(str(error))
    return out


RESULT = main()
