"""Sets of tuples, nested comprehensions and counting: the game of life.

Tuples are made and unpacked for each neighbour; sets are compared, never
printed in their own order.
"""

LOG = []


def neighbours(cell):
    x, y = cell
    return [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


def step(cells):
    counts = {}
    for cell in cells:
        for other in neighbours(cell):
            counts[other] = counts.get(other, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or n == 2 and cell in cells}


def run(cells, generations):
    seen = [frozenset(cells)]
    for generation in range(generations):
        cells = step(cells)
        if frozenset(cells) in seen:
            return generation, seen.index(frozenset(cells)), sorted(cells)
        seen.append(frozenset(cells))
    return generations, None, sorted(cells)


def parse(text, x=0, y=0):
    return {
        (x + column, y + row)
        for row, line in enumerate(text.split())
        for column, ch in enumerate(line)
        if ch == "#"
    }


def show(cells):
    if not cells:
        return "empty"
    left = min(x for x, _ in cells)
    right = max(x for x, _ in cells)
    top = min(y for _, y in cells)
    bottom = max(y for _, y in cells)
    return [
        "".join("#" if (x, y) in cells else "." for x in range(left, right + 1))
        for y in range(top, bottom + 1)
    ]


def main():
    blinker = parse("###")
    glider = parse(".#. ..# ###")
    out = [run(blinker, 6), run(parse("## ##"), 6), run(parse("#"), 3)]
    moved = glider
    for _ in range(8):
        moved = step(moved)
    out.append((moved == {(x + 2, y + 2) for x, y in glider}, show(moved)))
    out.append(run(parse(".## ##. .#."), 6)[:2])
    # The same code on a board far beyond 2**62, and on float coordinates.
    far = step(parse("###", x=2**62 - 1, y=-(2**70)))
    out.append(sorted((x - 2**62, y + 2**70) for x, y in far))
    out.append(sorted(step({(0.5, 0), (1.5, 0), (2.5, 0)})))
    return out


RESULT = main()
