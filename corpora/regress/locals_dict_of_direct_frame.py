"""A frame entered directly was torn down without its f_locals.

Found by the lifetime oracle: every call of a function that calls locals()
leaked the dictionary, and what it held.
"""

import weakref

LOG = []


class Held:
    pass


def leaks(value):
    kept = value
    locals()
    return kept is value


def main():
    seen = []
    for i in range(60):
        value = Held()
        seen.append(weakref.ref(value))
        leaks(value)
    del value
    return sum(reference() is not None for reference in seen)


RESULT = main()
