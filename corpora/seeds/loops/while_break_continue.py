"""`while` with break, continue, nested loops and conditions that change type.

Back-edges with values on the stack of an outer `for` (its iterator), and exits
from two loops at once by return or exception.
"""

LOG = []


def search(grid, wanted):
    for y, row in enumerate(grid):
        x = 0
        while x < len(row):
            if row[x] is None:
                x += 2
                continue
            if row[x] == wanted:
                return x, y
            if row[x] == "stop":
                break
            x += 1
        else:
            LOG.append(("row done", y))
            continue
        LOG.append(("row broken", y))
    return None


def newton(n):
    x = n
    steps = 0
    while True:
        y = (x + n // x) // 2
        steps += 1
        if y >= x:
            return x, steps
        x = y


def countdown(n):
    seen = 0
    while n:
        n -= 1
        if n % 3 == 0:
            continue
        if n % 7 == 6:
            break
        seen += n
    return seen, n


def triple(n):
    found = []
    for a in range(1, n):
        for b in range(a, n):
            c = b
            while c < n:
                if a * a + b * b == c * c:
                    found.append((a, b, c))
                    break
                if a * a + b * b < c * c:
                    break
                c += 1
    return found


def drain(stack):
    out = []
    while stack:
        x = stack.pop()
        if isinstance(x, list):
            stack.extend(x)
            continue
        out.append(x)
    return out


def main():
    out = []
    grid = [[1, 2, None, 3], ["stop", 5], [6, 7, 8]]
    for i in range(60):
        out.append((search(grid, i % 10), newton(i * 977 + 1), countdown(i)))
        out.append(drain([1, [2, [3, 4]], 5]))
    del LOG[20:]
    out.append(triple(16))
    out.append(newton(2**70 + 1))
    out.append((countdown(True), countdown(5.0)))
    out.append(drain([[], [[]], "ab", [None]]))
    try:
        search([[1, 2], 5], 9)
    except TypeError as error:
        out.append(str(error))
    try:
        newton(0)
    except ZeroDivisionError as error:
        out.append(str(error))
    return out


RESULT = main()
