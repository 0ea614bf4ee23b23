"""Insertion order through updates, deletes, re-insertions and merges.

Inline stores into a dict must append new keys and leave the place of old ones;
a deleted and re-inserted key goes to the end.
"""

LOG = []


def count(words):
    table = {}
    for word in words:
        if word in table:
            table[word] += 1
        else:
            table[word] = 1
    return table


def churn(table, keys):
    for key in keys:
        if key in table:
            del table[key]
        else:
            table[key] = len(table)
    return list(table.items())


def rotate(table):
    key = next(iter(table))
    table[key] = table.pop(key)
    return list(table)


def merge(a, b):
    c = a | b
    c |= {"last": 1}
    return list(c), list({**b, **a})


def defaults(pairs):
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def main():
    out = []
    words = "the cat and the dog and the bird".split()
    for i in range(60):
        out.append(list(count(words[i % 4 :]).items()))
        out.append(churn({}, [1, 2, 3, 2, 4, 2, 1, i % 5]))
        out.append(rotate({"a": 1, "b": 2, i: 3}))
        out.append(merge({"x": 1, "y": 2}, {"y": 3, "z": 4}))
        out.append(list(defaults([("k", 1), ("j", 2), ("k", i)]).items()))
    out = out[-10:]
    out.append(churn({}, [0, False, 0.0, True, 1, 1.0, "1"]))
    out.append(churn({i: i for i in range(20)}, range(0, 40, 3)))
    out.append(list(count([1, True, 1.0, "1", (1,), (True,)]).items()))
    return out


RESULT = main()
