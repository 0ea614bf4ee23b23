"""Constants that an array does not take raise there, and nowhere else.

A constant was read as an int while the store was compiled; one that was no small int left its
error behind for whoever came next.
"""

from array import array


def number(items):
    items[0] = 42


def fraction(items):
    items[0] = 42.5


def text(items):
    items[0] = "a"


def large(items):
    items[0] = 123456789012345678901234567890


def attempt(store, code):
    items = array(code, [1, 2])
    try:
        store(items)
    except (TypeError, OverflowError) as error:
        return [type(error).__name__, str(error), list(items), len("abc")]
    return [list(items), sum([1, 2])]


def main():
    out = []
    for code in "idi":
        for store in (number, fraction, text, large):
            out += [attempt(store, code) for _ in range(60)][-2:]
    return out


RESULT = main()
