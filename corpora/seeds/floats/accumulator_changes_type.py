"""A float accumulator in a loop, unboxed, whose input changes type in mid-loop.

The loop is compiled for floats; an int, a bool, a big int, a str or an object
arrives in the middle. The value so far must survive the way out of the guard.
"""

LOG = []


class Meters:
    def __init__(self, value):
        self.value = value

    def __radd__(self, other):
        LOG.append(("radd", other))
        return other + self.value

    def __rmul__(self, other):
        LOG.append(("rmul", other))
        return other * self.value


def accumulate(values):
    total = 0.0
    weight = 1.0
    count = 0
    for value in values:
        total = total + weight * value
        weight = weight * 0.5 + 0.25
        count += 1
    return total, weight, count


def guarded(values):
    total = 0.0
    done = 0
    try:
        for value in values:
            total += value
            done += 1
    except TypeError as error:
        return total, done, str(error)
    return total, done


def main():
    floats = [i * 0.125 for i in range(40)]
    out = []
    for _ in range(30):
        out.append(accumulate(floats))
        out.append(guarded(floats))
    out = out[-2:]
    for position in (0, 1, 19, 39):
        for surprise in (3, True, 2**70, Meters(2), Meters(0.5), -0.0, float("inf")):
            changed = list(floats)
            changed[position] = surprise
            out.append(accumulate(changed))
            out.append(guarded(changed))
        for surprise in ("x", None, [1]):
            changed = list(floats)
            changed[position] = surprise
            out.append(guarded(changed))
    return out


RESULT = main()
