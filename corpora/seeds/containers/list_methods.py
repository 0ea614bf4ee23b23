"""`append`, `pop`, `extend`, `sort`… with their results used and dropped.

`list.append` has its own specialisation (the POP_TOP after it is skipped):
using the result, calling it on a subclass, or through a bound method differs.
"""

LOG = []


class Logged(list):
    def append(self, value):
        LOG.append(("append", value))
        list.append(self, value)
        return "from subclass"


def dropped(values, n):
    for i in range(n):
        values.append(i)
    return values


def used(values, n):
    out = []
    for i in range(n):
        out.append(values.append(i))
    return out, values


def bound(values, n):
    push = values.append
    for i in range(n):
        push(i * i)
    return values


def stack_machine(program):
    stack = []
    for op in program:
        if op == "+":
            stack.append(stack.pop() + stack.pop())
        elif op == "*":
            stack.append(stack.pop() * stack.pop())
        elif op == "d":
            stack.append(stack[-1])
        else:
            stack.append(op)
    return stack


def shuffle(values):
    values.insert(1, "i")
    values.extend((1, 2))
    values.reverse()
    values.remove(1)
    copy = values.copy()
    del values[0]
    return copy, values, values.index("i"), values.count(2), values.pop(0)


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(60):
        out.append(dropped([], i % 4))
        out.append(used([], i % 4))
        out.append(bound([], i % 4))
        out.append(stack_machine([1, 2, "+", 3, "*", "d", "*"]))
        out.append(shuffle(["a", 2]))
    out = out[-5:]
    for make in (Logged, lambda: Logged("q"), bytearray, lambda: None, lambda: (1,)):
        for function in (dropped, used, bound):
            out.append(attempt(function, make(), 2))
        out.append(attempt(shuffle, make()))
    out.append(attempt(stack_machine, ["+"]))
    out.append(attempt(stack_machine, [1, "+"]))
    out.append(attempt(stack_machine, [1, "a", "+"]))
    return out


RESULT = main()
