"""`builtins` itself changes: a builtin replaced, removed, a new one added.

LOAD_GLOBAL's builtin entry is guarded by the keys version of the builtins dict;
changing a value without changing the keys must be seen too.
"""

import builtins

LOG = []


def measure(x):
    return len(x), abs(-2)


def new_name():
    return brand_new


def loop(n):
    total = 0
    for i in range(n):
        total += min(i, 3)
    return total


def attempt(function, *args):
    try:
        return function(*args)
    except (NameError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(100):
        measure("abc")
        attempt(new_name) if i < 3 else None
        loop(4)
    original_len, original_min = builtins.len, builtins.min
    try:
        builtins.len = lambda x: ("fake", original_len(x))
        out.append(measure("abc"))
        builtins.brand_new = "added"
        out.append(attempt(new_name))
        builtins.min = max
        out.append(loop(5))
        del builtins.len
        out.append(attempt(measure, "abc"))
    finally:
        builtins.len = original_len
        builtins.min = original_min
    out.append((measure("ab"), loop(5)))
    del builtins.brand_new
    out.append(attempt(new_name))
    return out


RESULT = main()
