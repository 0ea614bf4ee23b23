"""`except*` between compiled functions: split, re-raise, nested groups.

Exceptions come out of compiled callees into CHECK_EG_MATCH, and out of
PREP_RERAISE_STAR into compiled callers.
"""

LOG = []


def raiser(kinds):
    errors = []
    for kind in kinds:
        try:
            raise kind(kind.__name__.lower())
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("group", errors)
    return "nothing"


def handle(kinds):
    caught = []
    try:
        caught.append(raiser(kinds))
    except* ValueError as group:
        caught.append(("value", [str(error) for error in group.exceptions]))
    except* (KeyError, IndexError) as group:
        caught.append(("lookup", len(group.exceptions)))
    except* TypeError:
        raise KeyError("replaced")
    finally:
        LOG.append(len(caught))
    return caught


def caller(kinds):
    try:
        return handle(kinds)
    except BaseExceptionGroup as group:
        return shape(group)
    except KeyError as error:
        return "key", error.args, shape(error.__context__)


def shape(error):
    if isinstance(error, BaseExceptionGroup):
        return type(error).__name__, error.message, [shape(inner) for inner in error.exceptions]
    return type(error).__name__, error.args


def bare(kind):
    try:
        raise kind("bare")
    except* ValueError as group:
        return_value = shape(group)
    return return_value


def nested():
    try:
        raise ExceptionGroup(
            "outer", [ValueError(1), ExceptionGroup("inner", [ValueError(2), OSError(3)])]
        )
    except* ValueError as group:
        LOG.append(shape(group))


def main():
    out = []
    for i in range(25):
        for kinds in (
            (),
            (ValueError,),
            (ValueError, KeyError, ValueError),
            (IndexError, TypeError),
            (OSError,),
            (TypeError, OSError, ValueError),
        ):
            out.append(caller(kinds))
        out.append(bare(ValueError))
    out = out[-7:]
    for _ in range(3):
        try:
            nested()
        except ExceptionGroup as group:
            out.append(shape(group))
    try:
        bare(KeyError)
    except KeyError as error:
        out.append((type(error).__name__, error.args))
    del LOG[:-5]
    return out


RESULT = main()
