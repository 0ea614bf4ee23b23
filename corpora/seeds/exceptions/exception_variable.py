"""`except E as e` deletes e at the end, on every way out of the handler.

Break, continue, return and a new exception all run the clean-up; a nested use
of the same name, a cell and a `del e` by hand are the traps.
"""

LOG = []


def after(n):
    e = "before"
    try:
        if n:
            raise ValueError(n)
    except ValueError as e:
        LOG.append(e.args)
    try:
        return e
    except UnboundLocalError as error:
        return str(error)


def in_loop(values):
    out = []
    for value in values:
        try:
            out.append(10 // value)
        except ZeroDivisionError as e:
            if len(out) > 2:
                break
            continue
        except TypeError as e:
            out.append(str(e))
    return out, "e" in dir()


def by_hand():
    try:
        raise KeyError("k")
    except KeyError as e:
        del e
    try:
        raise KeyError("k")
    except KeyError as e:
        e = 5
    try:
        return e
    except UnboundLocalError:
        return "gone"


def captured():
    readers = []
    try:
        raise ValueError("captured")
    except ValueError as e:
        readers.append(lambda: e)
        inside = readers[0]().args
    try:
        readers[0]()
    except NameError as error:
        return inside, str(error)


def nested():
    try:
        raise ValueError(1)
    except ValueError as e:
        outer = e
        try:
            raise KeyError(2)
        except KeyError as e:
            inner = e
        try:
            return e
        except UnboundLocalError:
            return outer.args, inner.args, inner.__context__ is outer


def raises_again():
    try:
        try:
            raise ValueError("first")
        except ValueError as e:
            raise KeyError("second") from e
    except KeyError as k:
        try:
            return e
        except UnboundLocalError:
            return k.__cause__.args


class Held:
    def __del__(self):
        LOG.append("held released")


def releases():
    try:
        held = Held()
        raise ValueError(held)
    except ValueError as e:
        held = None
        LOG.append("in handler")
    LOG.append("after handler")


def main():
    out = []
    for i in range(60):
        out.append(
            (
                after(i % 2),
                in_loop([1, 0, 2, 5, 0, 7]),
                by_hand(),
                captured(),
                nested(),
                raises_again(),
            )
        )
        releases()
    del LOG[12:]
    out.append(in_loop([1, "x", None]))
    return out[-3:]


RESULT = main()
