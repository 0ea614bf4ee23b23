"""Globals that stay, read beside globals that every call changes; names that come and go.

Where a value is may be remembered while others change, but not when names are added or removed,
when a builtin is shadowed, or in another namespace.
"""

import types

COUNT = 0
STEP = 2


def step():
    global COUNT
    COUNT += 1
    return STEP + COUNT


def shadowed():
    global COUNT
    COUNT += 1
    return len("abc") + STEP


SOURCE = """
def read():
    global n
    n = n + 1
    return wanted, n
"""


class Fallback(dict):
    def __missing__(self, key):
        return ("missing", key)


def outcome(function):
    try:
        return function()
    except NameError as error:
        return str(error)


def others():
    home = {"n": 0, "wanted": "first"}
    exec(SOURCE, home)
    read = home["read"]
    out = [read() for _ in range(40)][-1:]
    home["wanted"] = "second"
    out.append(read())
    home["later"] = 1
    out.append(read())
    del home["wanted"]
    out.append(outcome(read))
    home["wanted"] = "third"
    out.append(read())
    home["__builtins__"] = {"wanted": "builtin"}
    elsewhere = types.FunctionType(read.__code__, {"n": 5, "wanted": "elsewhere"})
    out += [elsewhere(), read()]
    copied = types.FunctionType(read.__code__, dict(home))
    out += [copied(), read()]
    for namespace in ({"n": 1}, Fallback(n=1), Fallback(home)):
        out.append(outcome(types.FunctionType(read.__code__, namespace)))
    moved = types.SimpleNamespace(n=7, wanted="attribute")
    out += [outcome(types.FunctionType(read.__code__, moved.__dict__)), vars(moved)["n"]]
    return out


def main():
    global STEP, len, COUNT
    COUNT = 0
    out = [step() for _ in range(120)][-2:]
    STEP = 10
    out += [step(), [shadowed() for _ in range(120)][-1]]
    len = lambda text: 100
    out += [shadowed(), step()]
    del len
    out += [shadowed(), step()]
    return out


STEPS = main()
RESULT = STEPS, [others() for _ in range(3)]
