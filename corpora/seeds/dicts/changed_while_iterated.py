"""Dict iteration in a hot loop: RuntimeError on a change of size, not of values.

FOR_ITER over dict, items, keys and values; the loop's iterator and the partial
result are on the stack when the error is raised.
"""

LOG = []


def total(table):
    n = 0
    for key in table:
        n += table[key]
    return n


def pairs(table):
    out = []
    for key, value in table.items():
        out.append((value, key))
    return out


def update_values(table):
    for key, value in table.items():
        table[key] = value + 1
    return table


def add_keys(table, limit):
    done = 0
    try:
        for key in table:
            done += 1
            if done == limit:
                table[key, done] = 0
    except RuntimeError as error:
        return done, str(error)
    return done, "no error"


def replace_key(table):
    seen = []
    try:
        for key in table:
            seen.append(key)
            del table[key]
            table[key, "new"] = 1
    except RuntimeError as error:
        return seen, str(error)
    return seen, "no error"


def views(table):
    keys = table.keys()
    values = table.values()
    before = list(keys), list(values)
    table["more"] = 1
    return before, list(keys), list(values), "more" in keys, sorted(map(str, keys & {"a", "more"}))


def main():
    out = []
    for i in range(60):
        table = {"a": 1, "b": 2, "c": i}
        out.append(total(table))
        out.append(pairs(table))
        out.append(list(update_values(table).items()))
        out.append(views(table))
        out.append(add_keys(table, 100))
    out = out[-5:]
    for limit in range(1, 6):
        out.append(add_keys({"a": 1, "b": 2, "c": 3}, limit))
    out.append(replace_key({"a": 1}))
    out.append(replace_key({"a": 1, "b": 2}))
    try:
        total({"a": 1, "b": None})
    except TypeError as error:
        out.append(str(error))
    try:
        pairs([("x", 1)])
    except AttributeError as error:
        out.append(str(error))
    return out


RESULT = main()
