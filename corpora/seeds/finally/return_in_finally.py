"""`finally` with return, break and continue: they replace what was under way.

The pending return value or exception is on the stack (or in flight) when the
finally block throws it away.
"""

LOG = []


def return_both(n):
    try:
        return LOG.append(("try", n)) or [n]
    finally:
        return "finally"


def swallow(n):
    try:
        return 10 // n
    finally:
        if n == 0:
            return "swallowed"


def break_in_finally(values):
    for value in values:
        try:
            10 // value
        finally:
            break
    return value


def continue_in_finally(values):
    done = []
    for value in values:
        try:
            done.append(10 // value)
        finally:
            continue
    return done


def value_computed_first(x):
    try:
        return x
    finally:
        x = "changed too late"


def mutable_result():
    result = [1]
    try:
        return result
    finally:
        result.append(2)


def nested(n):
    try:
        try:
            if n == 1:
                return "inner return"
            if n == 2:
                raise ValueError("inner")
            if n == 3:
                raise KeyError("other")
        finally:
            LOG.append(("inner finally", n))
            if n == 3:
                return "inner finally return"
    except ValueError:
        return "handled"
    finally:
        LOG.append(("outer finally", n))
    return "end"


def loop_return(n):
    for i in range(n):
        try:
            if i == 2:
                return i
        finally:
            if i == 2 and n > 5:
                continue
    return "exhausted"


def finally_raises(n):
    try:
        return "value"
    finally:
        1 // n


def main():
    out = []
    for i in range(50):
        n = i % 4
        out.append(
            (
                return_both(n),
                swallow(n),
                break_in_finally([n, 1]),
                continue_in_finally([1, n, 2]),
                value_computed_first(i),
                mutable_result(),
                nested(n),
                loop_return(n * 2),
            )
        )
    for n in (1, 0, 1):
        try:
            out.append(finally_raises(n))
        except ZeroDivisionError as error:
            out.append((str(error), error.__context__ is None))
    del LOG[20:]
    return out[-8:]


RESULT = main()
