"""What a call does, in a form that two calls can be compared by. Standard library only."""

from __future__ import annotations

EXTRAS = ("name", "obj", "path", "value")


def describe_exception(error, depth=0):
    """Type, text, arguments and chain of an exception."""
    if not isinstance(error, BaseException) or depth > 3:
        return repr(error)  # a class whose instances are none can make anything a __cause__
    extras = [(extra, repr(getattr(error, extra, None))) for extra in EXTRAS]
    return (
        *(type(error).__name__, str(error), repr(error.args), extras, error.__suppress_context__),
        describe_exception(error.__cause__, depth + 1),
        describe_exception(error.__context__, depth + 1),
    )


def outcome(action, *arguments):
    """("value", type, repr) of the result, or ("raised", …) of the exception."""
    try:
        value = action(*arguments)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the other side must do it too
        return ("raised", describe_exception(error))
    # decimal digits of very large ints are refused
    return ("value", type(value).__name__, hex(value) if type(value) is int else repr(value))
