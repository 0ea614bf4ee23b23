"""Frames seen through `tb_frame`: f_locals, f_lineno, f_back, after the fact.

A frame that outlives its function owns its locals; all values that lived in
registers must be there, under their names, with later changes by `except` code.
"""

LOG = []


def failing(a, b):
    total = a + b
    label = f"{a}/{b}"
    for i in range(3):
        total += i
        if i == 2:
            raise ValueError(total)
    return label


def with_cells(x):
    y = x * 2

    def inner():
        return x + y

    z = inner()
    return z // (x - x)


def caller(f, *args):
    before = "before"
    result = f(*args)
    after = "after"
    return result


def snapshot(error):
    out = []
    tb = error.__traceback__.tb_next
    while tb is not None:
        frame = tb.tb_frame
        names = {key: value for key, value in frame.f_locals.items() if not callable(value)}
        out.append(
            (
                frame.f_code.co_name,
                tb.tb_lineno,
                frame.f_lineno,
                names,
                frame.f_back.f_code.co_name if frame.f_back else None,
            )
        )
        tb = tb.tb_next
    return out


def inspect(f, *args):
    try:
        caller(f, *args)
    except (ValueError, ZeroDivisionError, TypeError) as error:
        return snapshot(error)


def in_handler(n):
    x = n
    try:
        x += 1
        failing(x, 1)
    except ValueError as error:
        x += 100
        frame = error.__traceback__.tb_frame
        y = "late"
        return frame.f_locals["x"], "y" in frame.f_locals, frame.f_lineno, frame.f_code.co_name


def own_locals(a, b):
    c = a + b
    first = sorted(locals())
    d = c * 2
    table = locals()
    e = table["d"] + 1
    del a
    return first, sorted(locals()), e, table["c"]


def main():
    out = []
    for i in range(50):
        out.append(inspect(failing, i, 2.5))
        out.append(inspect(with_cells, i))
        out.append(in_handler(i))
        out.append(own_locals(i, 1))
    out = out[-4:]
    out.append(inspect(failing, "a", "b"))
    out.append(inspect(failing, 1, None))
    return out


RESULT = main()
