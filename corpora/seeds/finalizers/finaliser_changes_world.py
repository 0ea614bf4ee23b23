"""`__del__` runs in the middle of an expression and changes what follows.

Decrementing a temporary may run any code: it changes globals, attributes, list
contents and the class of an object used later in the same expression.
"""

LOG = []

STATE = 1
TABLE = [1, 2, 3]


class Bomb:
    def __init__(self, action):
        self.action = action

    def __del__(self):
        LOG.append(self.action)
        ACTIONS[self.action]()


class Target:
    def __init__(self):
        self.x = 1

    def who(self):
        return "target"


class Other:
    x = 50

    def who(self):
        return "other"


TARGET = Target()


def set_state():
    global STATE
    STATE = 100


def clear_table():
    TABLE.clear()


def swap_class():
    TARGET.__class__ = Other


def new_attribute():
    TARGET.x = "changed"


def nothing():
    return None


ACTIONS = {
    "state": set_state,
    "table": clear_table,
    "class": swap_class,
    "attribute": new_attribute,
    "nothing": nothing,
    "raise": lambda: 1 // 0,
}


def drop(action):
    Bomb(action)
    return STATE, TARGET.x, TARGET.who(), len(TABLE)


def in_expression(action):
    return STATE + (Bomb(action) is None) + STATE, TARGET.x, (Bomb("nothing") is None, TARGET.who())


def overwrite(action):
    x = Bomb(action)
    x = STATE
    return x, STATE, list(TABLE)


def iterate(action):
    out = []
    for value in TABLE:
        out.append(value)
        Bomb(action)
    return out


def at_return(action):
    x = Bomb(action)
    return STATE


def reset():
    global STATE, TARGET
    STATE = 1
    TABLE[:] = [1, 2, 3]
    TARGET = Target()


def main():
    out = []
    functions = (drop, in_expression, overwrite, iterate, at_return)
    for _ in range(30):
        for function in functions:
            function("nothing")
    LOG.clear()
    for action in ("state", "table", "class", "attribute"):
        for function in functions:
            reset()
            out.append((action, function.__name__, function(action), STATE, TARGET.who()))
    return out


RESULT = main()
