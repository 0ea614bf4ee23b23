"""What may stand behind except*: classes, tuples, expressions, and what is refused.

The expression is evaluated only when a clause is reached; a wrong one is an
error of its own, with what was being handled as its context.
"""

LOG = []


class Meta(type):
    def __subclasscheck__(cls, other):
        LOG.append(("subclasscheck", other.__name__))
        return True

    def __instancecheck__(cls, instance):
        LOG.append("instancecheck")
        return True


class WithMeta(Exception, metaclass=Meta):
    pass


class Text(ValueError):
    def __str__(self):
        return "text of " + super().__str__()


def expression(kind):
    LOG.append(("evaluated", getattr(kind, "__name__", "?")))
    return kind


def catch(error, first, second=OSError):
    caught = "nothing"
    try:
        if error is not None:
            raise error
    except* expression(first) as group:
        caught = "first", [type(inner).__name__ for inner in group.exceptions], group.message
    except* expression(second) as group:
        caught = caught, "second", [type(inner).__name__ for inner in group.exceptions]
    return caught


def nested(errors):
    out = []
    try:
        try:
            raise ExceptionGroup("nested", errors)
        except* KeyError as inner:
            out.append(("inner", len(inner.exceptions)))
            try:
                raise inner
            except* LookupError as innermost:
                out.append(("innermost", innermost is inner, len(innermost.exceptions)))
    except* (ValueError, TypeError) as outer:
        out.append(("outer", [str(error) for error in outer.exceptions]))
    except* Exception as rest:
        out.append(("rest", [type(error).__name__ for error in rest.exceptions]))
    return out


def attempt(function, *args):
    del LOG[:]
    try:
        result = function(*args)
    except BaseException as error:
        trace = error.__traceback__
        while trace.tb_next is not None and trace.tb_frame.f_code is not function.__code__:
            trace = trace.tb_next
        place = list(trace.tb_frame.f_code.co_positions())[trace.tb_lasti // 2]
        result = type(error).__name__, str(error), place, type(error.__context__).__name__
    return result, LOG[:]


def errors():
    yield None
    yield ValueError("alone")
    yield Text("alone")
    yield OSError("alone")
    yield KeyboardInterrupt("alone")
    yield ExceptionGroup("group", [ValueError("v"), OSError("o"), Text("t")])
    yield BaseExceptionGroup("base", [ValueError("v"), SystemExit(3)])


KINDS = [
    ValueError,
    (ValueError, OSError),
    (),
    BaseException,
    WithMeta,
    ExceptionGroup,
    BaseExceptionGroup,
    (ValueError, ExceptionGroup),
    5,
    (ValueError, 5),
    (ValueError, (OSError,)),
    ValueError("instance"),
    int,
]


def main():
    for _ in range(20):
        for error in errors():
            attempt(catch, error, ValueError)
    out = []
    for kind in KINDS:
        out.append([attempt(catch, error, kind) for error in errors()])
    for error in errors():
        out.append(attempt(catch, error, KeyError, None))
    made = [
        KeyError("k"),
        ValueError("v"),
        IndexError("i"),
        TypeError("t"),
        KeyError("l"),
        EOFError("e"),
    ]
    for _ in range(10):
        shown = [attempt(nested, made[:n]) for n in range(1, 7)]
    out.append(shown)
    del LOG[:]
    return out


RESULT = main()
