"""Dicts: reads, writes, counting, iteration, membership, sets."""

KEYS = [f"key{i % 97}" for i in range(5_000)]
TABLE = {f"key{i}": i for i in range(200)}


def read():
    table, total = TABLE, 0
    for key in KEYS:
        total += table[key]
    return total


def count():
    counts = {}
    for key in KEYS:
        counts[key] = counts.get(key, 0) + 1
    return counts["key5"]


def count_in():
    counts = {}
    for key in KEYS:
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
    return len(counts)


def int_keys():
    memo = {0: 0, 1: 1}
    for i in range(2, 5_000):
        memo[i] = (memo[i - 1] + memo[i - 2]) % 1_000_003
    return memo[4_999]


def iterate():
    total = 0
    for _ in range(40):
        for key, value in TABLE.items():
            if value % 3 == 0:
                total += value + len(key)
    return total


def tuple_keys():
    grid = {}
    for x in range(60):
        for y in range(60):
            grid[x, y] = x * y
    return sum(grid[x, x] for x in range(60))


def sets():
    seen, repeats = set(), 0
    for key in KEYS:
        if key in seen:
            repeats += 1
        seen.add(key)
    return repeats


BENCHMARKS = {
    "read": read,
    "count": count,
    "count_in": count_in,
    "int_keys": int_keys,
    "iterate": iterate,
    "tuple_keys": tuple_keys,
    "sets": sets,
}
