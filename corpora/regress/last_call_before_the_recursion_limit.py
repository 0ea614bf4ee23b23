# pyjit: unmutated: which operation meets the limit depends on how warm the interpreter is
"""Calls of C functions in the last frame before the recursion limit counted as a level too often.

Of the C functions of one argument the interpreter, once it has specialised a call, makes two without
a level of recursion: len(), and list.append() if nobody uses what it returns.
"""

LOG = []


def appends():
    LOG.append(0)
    return appends()


def measures():
    LOG.extend((0,))
    len(LOG)
    return measures()


class Sized:
    def __len__(self):
        return 1


SIZED = Sized()


def measures_by_a_method_in_python():
    LOG.append(0)
    len(SIZED)
    return measures_by_a_method_in_python()


def uses_what_append_returns():
    nothing = LOG.append(0)
    return uses_what_append_returns() or nothing


def calls_another_function():
    LOG.extend((0,))
    ord("a")
    return calls_another_function()


def calls_a_method_without_arguments():
    LOG.append(0)
    LOG.reverse()
    return calls_a_method_without_arguments()


def depth(function):
    """How far it came, and whether a call of C was the last straw."""
    LOG.clear()
    try:
        function()
    except RecursionError as error:
        return len(LOG), "calling a Python object" in str(error)


FUNCTIONS = (
    appends,
    measures,
    measures_by_a_method_in_python,
    uses_what_append_returns,
    calls_another_function,
    calls_a_method_without_arguments,
)
RESULT = [
    [depth(function)[1], depth(function)[0] - depth(appends)[0]]
    for function in FUNCTIONS
    for _ in range(3)
]
