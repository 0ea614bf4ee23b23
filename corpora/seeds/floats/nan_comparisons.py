"""Every comparison of NaN is false except `!=`, in value and in jump position.

x86_64 `ucomisd` sets the parity flag for unordered operands, aarch64 `fcmp`
the V flag: a jump that tests only one condition takes NaN the wrong way, and
inverting `a < b` to `a >= b` is wrong.
"""

LOG = []

NAN = float("nan")
INF = float("inf")


def values(a, b):
    return (a < b, a <= b, a == b, a != b, a > b, a >= b)


def jumps(a, b):
    mask = 0
    if a < b:
        mask |= 1
    if a <= b:
        mask |= 2
    if a == b:
        mask |= 4
    if a != b:
        mask |= 8
    if a > b:
        mask |= 16
    if a >= b:
        mask |= 32
    return mask


def inverted(a, b):
    mask = 0
    if not a < b:
        mask |= 1
    if not a <= b:
        mask |= 2
    if not a == b:
        mask |= 4
    if not a != b:
        mask |= 8
    if not a > b:
        mask |= 16
    if not a >= b:
        mask |= 32
    return mask


def loop_until(limit):
    x = 0.0
    n = 0
    while x < limit and n < 50:
        x += 1.0
        n += 1
    return n


def ordered(a, b, c):
    return a < b < c, a <= b <= c, a == b == c


def main():
    for i in range(150):
        x = i * 0.5
        values(x, 10.0)
        jumps(x, 10.0)
        inverted(x, 10.0)
        ordered(x, 10.0, 20.0)
    out = []
    interesting = (NAN, INF, -INF, 0.0, -0.0, 1.5, 1, 0, True, 2**70, -(2**70))
    for a in interesting:
        for b in interesting:
            out.append((values(a, b), jumps(a, b), inverted(a, b), ordered(a, b, a)))
        out.append(bool(a))
    out.append([loop_until(limit) for limit in (5.0, NAN, -INF, INF, 3, True)])
    return out


RESULT = main()
