"""`raise … from …`: `__cause__`, `__suppress_context__`, classes, None, bad causes.

RAISE_VARARGS 2 with a class as cause instantiates it; a bad cause is a
TypeError that replaces the raise but keeps the context.
"""

LOG = []


class Counted(Exception):
    made = 0

    def __init__(self, *args):
        super().__init__(*args)
        Counted.made += 1


def show(error, depth=0):
    if error is None or depth > 4:
        return None
    if not isinstance(error, BaseException):
        # 3.11 takes whatever a cause class's __new__ gives.
        return repr(error)
    return (
        type(error).__name__,
        error.args,
        error.__suppress_context__,
        show(error.__cause__, depth + 1),
        show(error.__context__, depth + 1),
    )


def explicit(kind, cause):
    try:
        raise KeyError("original")
    except KeyError:
        raise kind("raised") from cause


def from_caught():
    try:
        raise Counted("inner")
    except Counted as error:
        raise ValueError("outer") from error


def no_context(cause):
    raise ValueError("plain") from cause


def twice():
    try:
        from_caught()
    except ValueError as error:
        try:
            raise error from KeyError("new cause")
        finally:
            LOG.append("finally")


def dynamic(kind):
    raise kind


class Refusing(Exception):
    def __new__(cls, *args):
        return 5


class Failing(Exception):
    def __init__(self):
        raise LookupError("cannot be made")


def attempt(function, *args):
    try:
        function(*args)
    except Exception as error:
        return show(error)


def main():
    out = []
    for _ in range(40):
        out = [
            attempt(explicit, ValueError, None),
            attempt(from_caught),
            attempt(no_context, KeyError),
            attempt(no_context, None),
            attempt(twice),
        ]
    for cause in (KeyError, KeyError("instance"), None, 5, "text", int, Refusing, Failing, Counted):
        out.append(attempt(explicit, TypeError, cause))
        out.append(attempt(no_context, cause))
    for kind in (Refusing, Failing, 5, int, None, Counted, Counted()):
        out.append(attempt(dynamic, kind))
    out.append(Counted.made)
    del LOG[2:]
    return out


RESULT = main()
