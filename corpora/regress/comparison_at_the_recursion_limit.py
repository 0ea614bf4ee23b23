# pyjit: unmutated: which operation meets the limit depends on how warm the interpreter is
"""Comparisons of numbers in the last frame before the recursion limit never counted as a level.

The interpreter makes them without a level where it has specialised them, which it does in front of a
jump and for two operands of one type only.
"""

LOG = []


def without_comparison(a):
    LOG.append(a)
    return without_comparison(a)


def in_front_of_a_jump(a):
    if a < 0:
        return None
    LOG.append(a)
    return in_front_of_a_jump(a)


def of_floats_in_front_of_a_jump(a):
    if a < 0.5:
        return None
    LOG.append(a)
    return of_floats_in_front_of_a_jump(1.0)


def of_strings_in_front_of_a_jump(a):
    if a == "b":
        return None
    LOG.append(a)
    return of_strings_in_front_of_a_jump("a")


def of_two_types(a):
    if 0 >= a:
        LOG.append(a)
        return
    of_two_types(0.0)
    of_two_types(1)


def stored(a):
    smaller = 0 > a
    LOG.append(smaller)
    return stored(a)


def stored_of_floats(a):
    smaller = 0.5 > a
    LOG.append(smaller)
    return stored_of_floats(1.5)


def returned(a):
    return a > 0 and (LOG.append(a) or returned(a))


def depth(function):
    LOG.clear()
    try:
        function(1)
    except RecursionError:
        return len(LOG)


FUNCTIONS = (
    in_front_of_a_jump,
    of_strings_in_front_of_a_jump,
    of_floats_in_front_of_a_jump,
    of_two_types,
    stored,
    stored_of_floats,
    returned,
)
RESULT = [depth(function) - depth(without_comparison) for function in FUNCTIONS for _ in range(3)]
