"""Strings: methods, formatting, concatenation, comparison, scanning by character."""

TEXT = "the quick brown fox jumps over the lazy dog, again and again. " * 20
WORDS = TEXT.split()


def methods():
    total = 0
    for word in WORDS * 8:
        if word.startswith("a") or word.endswith("k"):
            total += len(word.strip(".,").upper())
    return total


def f_strings():
    out = 0
    for i in range(6_000):
        out += len(f"{i}: {i * 2:>6} {'even' if i % 2 == 0 else 'odd'}!")
    return out


def concatenate():
    out = ""
    for i in range(6_000):
        out += "ab"
        out += "c" if i % 3 else "d"
    return len(out)


def compare():
    counts = [0, 0, 0]
    for word in WORDS * 12:
        if word == "the":
            counts[0] += 1
        elif word == "again":
            counts[1] += 1
        else:
            counts[2] += 1
    return counts


def scan():
    vowels = letters = 0
    for ch in TEXT * 6:
        if ch in "aeiou":
            vowels += 1
        if ch != " ":
            letters += 1
    return vowels, letters


def by_index():
    total = 0
    text = TEXT
    for i in range(len(text) - 1):
        if text[i] == text[i + 1]:
            total += i
    return total


def join_split():
    total = 0
    for _ in range(60):
        total += len("-".join([word.capitalize() for word in TEXT.split(" ")]))
    return total


BENCHMARKS = {
    "methods": methods,
    "f_strings": f_strings,
    "concatenate": concatenate,
    "compare": compare,
    "scan": scan,
    "by_index": by_index,
    "join_split": join_split,
}
