"""LOAD_METHOD + CALL on str methods of every C calling convention in a loop.

NOARGS (upper), O (startswith is VARARGS, join is O), FASTCALL (split with
keywords, replace): called straight through `ml_meth` behind a type guard.
"""

LOG = []


class Shouting(str):
    def upper(self):
        LOG.append("Shouting.upper")
        return str.upper(self) + "!"

    def split(self, *args, **kwargs):
        LOG.append(("split", args, sorted(kwargs.items())))
        return ["shouted"]


def normalise(text):
    return text.strip().upper().replace(" ", "_").lower()


def words(text):
    out = []
    for word in text.split(","):
        if word.startswith("a") or word.endswith("z"):
            out.append(word.title())
        elif word.isdigit():
            out.append(word.zfill(5))
        else:
            out.append("-".join(word))
    return out


def keywords(text):
    return (
        text.split(sep=" ", maxsplit=1),
        text.encode(encoding="utf-8"),
        text.expandtabs(tabsize=2),
    )


def find(text, needle):
    return text.find(needle), text.count(needle), text.partition(needle), text.index(needle)


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(100):
        out.append(normalise(f"  Hello {i % 5} "))
        out.append(words("abc,123,xyz,q" + str(i % 3)))
        out.append(keywords("a b c\t"))
        out.append(find("hello", "l"))
    out = out[-4:]
    for text in (Shouting(" loud one "), b" bytes ", "", 5, None, ["list"]):
        out.append(attempt(normalise, text))
        out.append(attempt(words, text))
        out.append(attempt(keywords, text))
        out.append(attempt(find, text, "q"))
    return out


RESULT = main()
