"""A generator is dropped while it is suspended in front of a call, whose NULL is an operand, too.

Operands of a generator that dies without an exception were all taken for objects: a crash.
"""


def called(function):
    function(1, (yield 2))


def plain():
    print("never", (yield 1), [(yield 2)])


def left():
    values = [called(print), plain()]
    out = [next(each) for each in values]
    out.append(values[1].send(5))
    return out


RESULT = [left() for _ in range(60)][-1]
