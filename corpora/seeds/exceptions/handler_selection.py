"""Which handler catches: tuples, subclasses, expressions, non-exceptions.

CHECK_EXC_MATCH with the wrong kind of object is a TypeError whose context is
the original; the match expression itself may have effects or raise.
"""

LOG = []


class Base(Exception):
    pass


class Child(Base):
    pass


class Picky(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def pick(name):
    LOG.append(name)
    return {"base": Base, "child": Child, "bad": 5, "tuple": (KeyError, Child), "str": "text"}[name]


def classify(error):
    try:
        raise error
    except Child:
        return "child"
    except (Base, KeyError):
        return "base or key"
    except LookupError as caught:
        return "lookup", type(caught).__name__
    except Exception:
        return "exception"


def dynamic(error, *names):
    try:
        raise error
    except pick(names[0]):
        return "first"
    except pick(names[1]):
        return "second"


def attempt(error, *names):
    try:
        return dynamic(error, *names)
    except BaseException as caught:
        return type(caught).__name__, str(caught), type(caught.__context__).__name__


def star_tuple(error, kinds):
    try:
        raise error
    except (*kinds, ValueError):
        return "caught"


def raise_class(kind):
    try:
        raise kind
    except Exception as error:
        return type(error).__name__, error.args


def main():
    out = []
    for i in range(60):
        out.append(classify((Child, Base, KeyError, IndexError, TypeError)[i % 5](i)))
        out.append(dynamic(Child(), "child", "base"))
        out.append(dynamic(Base(), "child", "base"))
    out = out[-15:]
    del LOG[10:]
    for names in (
        ("base", "bad"),
        ("bad", "base"),
        ("child", "tuple"),
        ("str", "base"),
        ("missing", "base"),
    ):
        for error in (Child(), Base(), KeyError("k"), Picky(3)):
            out.append(attempt(error, *names))
    out.append(star_tuple(Base(), [Base]))
    out.append(star_tuple(ValueError(), ()))
    try:
        star_tuple(Base(), (5,))
    except TypeError as error:
        out.append(str(error))
    for kind in (KeyError, Base, Picky, int, 5, None, KeyError("x"), Picky(1), "text"):
        out.append(raise_class(kind))
    return out


RESULT = main()
