"""STORE_GLOBAL and LOAD_GLOBAL of the same name in one hot loop.

A value cache has to see the store of the very function that reads; the dict's
values change without its keys version changing.
"""

LOG = []

STATE = 0
LIMIT = 10
HISTORY = []


def advance(n):
    global STATE, HISTORY
    for i in range(n):
        STATE = STATE + i
        if STATE > LIMIT:
            STATE = STATE - LIMIT
            HISTORY = HISTORY + [STATE]
    return STATE


def peek():
    return STATE, len(HISTORY)


def reset(value):
    global STATE, HISTORY
    STATE, HISTORY = value, []


def create(name_value):
    global CREATED
    CREATED = name_value
    return CREATED


def main():
    global LIMIT
    out = []
    for i in range(60):
        out.append(advance(i % 8))
        out.append(peek())
        out.append(create(i))
    LIMIT = 2**70
    reset(2**62)
    out.append((advance(20), peek()))
    reset(0.5)
    LIMIT = 3.5
    out.append((advance(10), peek(), HISTORY))
    reset("text")
    try:
        advance(2)
    except TypeError as error:
        out.append((str(error), peek()))
    reset(True)
    out.append((advance(0), peek()))
    return out


RESULT = main()
