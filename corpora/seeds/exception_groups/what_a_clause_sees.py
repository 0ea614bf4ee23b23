"""What except* clauses see: sys.exception(), __context__, notes, the name that is deleted.

The handled exception is another one in each clause; it must be right inside
callees, in nested handlers, and gone afterwards, whatever leaves the statement.
"""

import sys

LOG = []


def see(where):
    LOG.append((where, shape(sys.exception())))


def shape(error):
    if isinstance(error, BaseExceptionGroup):
        return error.message, [shape(inner) for inner in error.exceptions]
    return None if error is None else (type(error).__name__, *error.args)


def chain(error):
    seen = []
    while error is not None:
        seen.append((shape(error), getattr(error, "__notes__", None), error.__suppress_context__))
        error = error.__context__
    return seen


class Noted(ExceptionGroup):
    def __new__(cls, message, errors, code=0):
        self = super().__new__(cls, message, errors)
        self.code = code
        return self

    def derive(self, errors):
        LOG.append(("derive", len(errors)))
        return Noted(self.message, errors, self.code + 1)


class Plain(ExceptionGroup):
    def derive(self, errors):
        if len(errors) == 1:
            return "no group"
        raise LookupError("derive")


class Splits(ExceptionGroup):
    def split(self, kind):
        LOG.append(("split", kind if isinstance(kind, tuple) else kind.__name__))
        if kind is TypeError:
            raise LookupError("split")
        return ExceptionGroup("match", [self.exceptions[0]]), ExceptionGroup(
            "rest", [OSError("made up")]
        )


def observe(error):
    see("before")
    try:
        raise error
    except* ValueError as part:
        see("value")
        part.add_note("seen by value")
        try:
            raise KeyError("inner")
        except KeyError:
            see("nested")
        see("value again")
    except* TypeError as part:
        see("type")
        raise
    except* OSError:
        see("os")
        raise EOFError("new")
    else:
        see("else")
    finally:
        see("finally")
    see("after")
    return "part" in locals()


def make(message, *errors, kind=ExceptionGroup, note=None):
    group = kind(message, list(errors))
    if note is not None:
        group.add_note(note)
    return group


def groups():
    value, kind, error, other = ValueError("v"), TypeError("t"), OSError("o"), IndexError("i")
    yield make("values", value)
    yield make("two", value, kind)
    yield make("all", value, make("in", kind, error, value), other, note="noted")
    yield make("noted", value, kind, other, kind=Noted, note="noted")
    yield make("deep", make("deeper", make("deepest", kind, value), other), kind=Noted)
    yield make("plain", value, kind, kind=Plain)
    yield make("plain", kind, other, error, kind=Plain)
    yield make("splits", value, other, kind=Splits)
    yield make("splits", kind, kind=Splits)
    yield value
    yield kind
    yield error
    yield other


def attempt(error):
    del LOG[:]
    try:
        result = observe(error)
    except Exception as raised:
        result = type(raised).__name__, getattr(raised, "code", None), chain(raised)
    seen = LOG[:]
    see("outside")
    return result, seen, LOG[-1]


def attempt_within(error):
    """The same inside a handler, which has to come back."""
    try:
        raise BufferError("outer")
    except BufferError:
        result = attempt(error)
        see("outer")
    return result, LOG[-1]


def main():
    out = []
    for _ in range(8):
        out = [attempt(error) for error in groups()]
    for _ in range(3):
        within = [attempt_within(error) for error in groups()]
    del LOG[:]
    return out, within


RESULT = main()
