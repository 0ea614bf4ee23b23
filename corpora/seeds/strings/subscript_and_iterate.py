"""Characters by subscript, by slice and by iteration, for all three str kinds.

A fast path may read latin-1 bytes directly; the same site then meets UCS-2,
UCS-4, str subclasses, bytes and a list.
"""

LOG = []


class Text(str):
    def __getitem__(self, i):
        LOG.append(("getitem", str(i)))
        return "*"

    def __iter__(self):
        LOG.append("iter")
        return iter(("x", "y"))


def at(text, i):
    return text[i]


def vowels(text):
    n = 0
    for ch in text:
        if ch in "aeiou":
            n += 1
    return n


def reverse(text):
    out = ""
    for i in range(len(text) - 1, -1, -1):
        out += text[i]
    return out, text[::-1], text[1:-1], text[-2:]


def codes(text):
    return [ord(ch) if isinstance(ch, str) else ch for ch in text]


def attempt(function, *args):
    try:
        return function(*args)
    except (IndexError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    for i in range(100):
        at("hello", i % 5)
        vowels("education")
        reverse("abc")
        codes("az")
    out = []
    for text in (
        "hello",
        "",
        "\xe9t\xe9",
        "\u20acuro",
        "\U0001f600smile",
        b"bytes",
        Text("text"),
        ["a", "b", "c"],
    ):
        for i in (0, -1, 4, 5, -6):
            out.append(attempt(at, text, i))
        for function in (vowels, reverse, codes):
            out.append(attempt(function, text))
    return out


RESULT = main()
