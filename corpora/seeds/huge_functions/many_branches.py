"""A long if/elif chain and a state machine: hundreds of jump targets.

Each target needs the same canonical stack; the machine visits them in changing
order, with loops that jump far backwards.
"""

LOG = []


def build_dispatch(n):
    lines = ["def dispatch(op, x):"]
    for i in range(n):
        lines.append(f"    {'if' if i == 0 else 'elif'} op == {i}:")
        lines.append(f"        return x {'+-*'[i % 3]} {i + 1} if x else {i}")
    lines.append("    return 'unknown', op, x")
    return "\n".join(lines)


def build_machine(n):
    lines = ["def machine(state, fuel):", "    trace = 0", "    while fuel:", "        fuel -= 1"]
    for i in range(n):
        lines.append(f"        if state == {i}:")
        lines.append(f"            state = (state * 7 + {i} + fuel) % {n + 1}")
        lines.append(f"            trace = (trace * 3 + {i}) % 65521")
        lines.append("            continue")
    lines.append("        return 'halt', trace, fuel")
    lines.append("    return 'fuel', trace, state")
    return "\n".join(lines)


def main():
    scope = {}
    exec(build_dispatch(150), scope)
    exec(build_machine(60), scope)
    dispatch, machine = scope["dispatch"], scope["machine"]
    out = []
    for i in range(12):
        out.append(dispatch(i * 13, i))
        out.append(machine(i, 20))
    for op in (149, 150, 0.0, True, "x", None, -1, 2**70):
        out.append(dispatch(op, 5))
    out.append(dispatch(2, [1]))
    for op, x in ((1, "text"), (0, [1]), (3, None)):
        try:
            out.append(dispatch(op, x))
        except TypeError as error:
            out.append(str(error))
    out.append(machine(2.0, 10))
    out.append(machine("x", 10))
    return out


RESULT = main()
