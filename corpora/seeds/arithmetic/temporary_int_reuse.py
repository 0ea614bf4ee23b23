"""An int made in place must not be seen through another name.

Where a result overwrites its operand's object (or an unboxed value is kept
in a register) older names and containers still have to hold the old value.
"""

LOG = []


def old_and_new(start):
    a = start + 100000
    b = a
    a += 1
    c = a
    a = a * 2 - b
    return a, b, c


def history(start, n):
    seen = []
    value = start
    for _ in range(n):
        seen.append(value)
        value += 1000003
        value -= 1
    return seen, value


def swap_chain(a, b, c):
    for _ in range(10):
        a, b, c = b + c, a, b
    return a, b, c


class Holder:
    pass


def through_attribute(holder, n):
    holder.value = 500000
    kept = holder.value
    for _ in range(n):
        holder.value += 77777
    return kept, holder.value


def main():
    out = []
    holder = Holder()
    for i in range(100):
        out.append(old_and_new(i * 50021))
        out.append(through_attribute(holder, i % 5))
    out.append(history(-5, 12))
    out.append(history(2**30 - 3, 12))
    out.append(history(2**62 - 3, 12))
    out.append(swap_chain(1, 1, 1))
    out.append(swap_chain(2**58, 2**59, 2**60))
    return out


RESULT = main()
