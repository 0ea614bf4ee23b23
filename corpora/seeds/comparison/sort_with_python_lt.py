"""Compiled `__lt__` and `__eq__` called back from C: sort, min, max, index, in.

The compiled entry is reached through a slot wrapper from C code that holds
borrowed references; exceptions must travel through the C frames.
"""

LOG = []


class Version:
    def __init__(self, major, minor):
        self.major = major
        self.minor = minor

    def __lt__(self, other):
        if self.major != other.major:
            return self.major < other.major
        return self.minor < other.minor

    def __eq__(self, other):
        return self.major == other.major and self.minor == other.minor

    def __hash__(self):
        return self.major * 31 + self.minor

    def __repr__(self):
        return f"{self.major}.{self.minor}"


def build(n):
    return [Version(i * 7 % 11, i * 5 % 13) for i in range(n)]


def key(version):
    return -version.minor, version.major


def main():
    out = []
    for n in range(2, 22):
        versions = build(n)
        out.append(repr(sorted(versions)))
        out.append(repr(max(versions)))
        out.append(versions.index(Version(versions[-1].major, versions[-1].minor)))
    versions = build(30)
    out.append(repr(sorted(versions, key=key)))
    out.append(len(set(versions)))
    out.append(Version(3, 11) in versions)
    versions.insert(7, 42)
    for function in (sorted, max, min):
        try:
            out.append(function(versions))
        except (AttributeError, TypeError) as error:
            out.append((type(error).__name__, str(error)))
    return out


RESULT = main()
