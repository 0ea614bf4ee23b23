"""try/except inside a hot loop, where the exception comes late.

The handler's stack depth is that of the loop (its iterator stays); values
computed so far must be in the locals, not lost in registers.
"""

LOG = []


def inverse_sum(values):
    total = 0.0
    errors = 0
    for i, value in enumerate(values):
        try:
            total += 1 / value
        except ZeroDivisionError:
            errors += 1
        except TypeError as error:
            LOG.append((i, str(error)))
            total = -total
        else:
            total += 1
    return total, errors, i


def parse(texts):
    out = []
    for text in texts:
        try:
            out.append(int(text))
        except ValueError:
            try:
                out.append(float(text))
            except ValueError:
                out.append(text)
    return out


def partial(values):
    a = b = c = None
    try:
        a = values[0]
        b = values[1]
        c = a // b
    except (IndexError, ZeroDivisionError) as error:
        return type(error).__name__, a, b, c
    return a, b, c


def lookup(table, keys):
    hits = 0
    for key in keys:
        try:
            hits += table[key]
        except KeyError as error:
            table[key] = error.args[0] + 1
        except (TypeError, AttributeError):
            hits -= 1000
    return hits, list(table.items())


def mid_expression(f, x):
    y = 1
    try:
        y = [x, f(x) + (y := 2), y]
    except RuntimeError:
        return "caught", y
    return y


def sometimes(x):
    if x > 40:
        raise RuntimeError(x)
    return x


def main():
    out = []
    for i in range(50):
        out.append(inverse_sum([1, 2, i]))
        out.append(partial([10, 3]))
        out.append(lookup({1: 5}, [1, 2, 2]))
        out.append(mid_expression(sometimes, i))
    out.append(parse(["1", "2.5", "x", "1e3", "nan?", ""]))
    out.append(inverse_sum([1, 0, "a", None, 2.0, 0.0, True, False, 10**400]))
    for values in ([], [1], [1, 0], (5, 2), {0: 9, 1: 4}):
        try:
            out.append(partial(values))
        except KeyError as error:
            out.append(str(error))
    out.append(lookup({}, [1, 1, [], 2]))
    return out


RESULT = main()
