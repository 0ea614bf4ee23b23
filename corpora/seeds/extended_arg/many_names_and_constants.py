"""More than 255 names, constants and globals: EXTENDED_ARG before many opcodes.

LOAD_CONST, LOAD_GLOBAL, LOAD_ATTR, LOAD_METHOD, BUILD_LIST and jumps with wide
arguments; an exit at such an instruction must back up over EXTENDED_ARG.
"""

LOG = []


class Bag:
    def __init__(self, n):
        for i in range(n):
            setattr(self, f"a{i}", i)


def build_source(n):
    lines = [f"g{i} = {i} * 3" for i in range(n)]
    lines.append("def constants():")
    lines.append("    return [" + ", ".join(f"{i}.5" for i in range(n)) + "][-3:], " + f"{n}.25")
    lines.append("def names(x):")
    lines.append("    total = " + " + ".join(f"g{i}" for i in range(n)))
    lines.append("    total += " + " + ".join(f"x.a{i}" for i in range(n)))
    lines.append(f"    x.a{n - 1} = total")
    lines.append(f"    return total, x.a{n - 1}, g{n - 1}")
    lines.append("def display(x):")
    lines.append("    values = [" + ", ".join(f"x + {i}" for i in range(n)) + "]")
    lines.append("    table = {" + ", ".join(f"{i}: x" for i in range(n)) + "}")
    lines.append("    return len(values), values[-1], len(table)")
    lines.append("def late(x):")
    lines.append("    y = 0")
    for i in range(n):
        lines.append(f"    y += x.a{i} if x else {i}000")
    lines.append("    return x.missing_name_at_the_end")
    lines.append("def far(flag):")
    lines.append("    if flag:")
    lines.extend(f"        flag = g{i}" for i in range(n))
    lines.append("    return flag")
    return "\n".join(lines)


def main():
    n = 280
    scope = {}
    exec(build_source(n), scope)
    out = []
    bag = Bag(n)
    for i in range(6):
        out.append(
            (scope["constants"](), scope["names"](bag), scope["display"](i), scope["far"](i % 2))
        )
    scope["g279"] = 0.5
    out.append(scope["names"](bag))
    out.append(scope["far"](1))
    for bad in (
        lambda: scope["late"](bag),
        lambda: scope["display"]("x"),
        lambda: scope["names"](Bag(279)),
    ):
        for _ in range(2):
            try:
                out.append(bad())
            except (AttributeError, TypeError) as error:
                tb = error.__traceback__.tb_next.tb_next
                out.append((str(error), tb.tb_lineno, tb.tb_lasti))
    del scope["g100"]
    try:
        scope["names"](bag)
    except NameError as error:
        out.append((str(error), error.__traceback__.tb_next.tb_lasti))
    return out


RESULT = main()
