"""Strings that are equal, or nearly, in every representation; characters; other types at last.

A comparison may look at identity, length and characters itself, where the strings are stored in
one way; not where one is a subclass, or of another width.
"""

from decimal import Decimal


class Text(str):
    def __eq__(self, other):
        return "own"

    def __ne__(self, other):
        return ""

    __hash__ = str.__hash__


def equal(left, right):
    return left == right


def unequal(left, right):
    return left != right


def chosen(left, right):
    out = 0
    if left == right:
        out += 1
    if left != right:
        out += 2
    return out


def character(text):
    if text == "x":
        return "right"
    if "y" == text:
        return "left"
    if text != "z":
        return "none"
    return "z"


def spelled(text):
    kind = 0
    for letter in text:
        if letter == "a":
            kind += 1
        elif letter != "b":
            kind += 100
    return kind


def again(text):
    """Return an equal string that is another object, if there can be one."""
    return "".join(list(text))


TEXTS = [
    "",
    "x",
    "y",
    "z",
    "xx",
    "xy",
    "é",
    "ée",
    "ž",
    "žx",
    "\U0001f600",
    "x\0",
    "x\0y",
    "word",
    "worD",
]
PAIRS = [(left, right) for left in TEXTS for right in TEXTS]


def run():
    out = [equal(left, again(right)) for left, right in PAIRS]
    out += [unequal(again(left), right) for left, right in PAIRS]
    out += [chosen(left, again(right)) for left, right in PAIRS]
    out += [character(text) for text in TEXTS]
    out += [character(again(text)) for text in TEXTS]
    out += [character(text[:1]) for text in TEXTS]
    out += [spelled(text) for text in ("abab", "abc", "", "éa")]
    return out


RUNS = [run() for _ in range(12)]
OTHERS = [None, 1, b"x", Text("x"), ("x",), Decimal(1)]
SURPRISES = [
    (equal("x", each), equal(each, "x"), unequal("x", each), chosen("x", each)) for each in OTHERS
]
CHARACTERS = [character(each) for each in OTHERS]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1], SURPRISES, CHARACTERS
