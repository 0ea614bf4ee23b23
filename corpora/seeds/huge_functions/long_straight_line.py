"""A function of a few thousand instructions: far jumps, big frames, many sites.

Branch displacements outgrow short forms (and aarch64's 19-bit and 14-bit
ranges), code may need more than one page, tables more than 255 entries.
"""

LOG = []


def build_source(n):
    lines = ["def huge(x, flag):", "    total = 0", "    while flag:", "        flag -= 1"]
    for i in range(n):
        kind = i % 6
        if kind == 0:
            lines.append(f"        total += x * {i} - {i % 7}")
        elif kind == 1:
            lines.append(f"        if total % {i + 2} == 1: total -= {i}")
        elif kind == 2:
            lines.append(f"        total ^= (x + {i}) & 255")
        elif kind == 3:
            lines.append(f"        if total > 10 ** 9: total //= {i + 3}")
        elif kind == 4:
            lines.append(f"        y{i} = [total, x][total & 1]")
        else:
            lines.append(f"        total += y{i - 1} % 11")
    lines.append("        if total < 0: break")
    lines.append("    else:")
    lines.append("        return total, 'else'")
    lines.append("    return total, 'break'")
    return "\n".join(lines)


def main():
    scope = {}
    exec(build_source(420), scope)
    huge = scope["huge"]
    out = []
    for i in range(6):
        out.append(huge(i, 2))
    out.append(huge(2**64, 1))
    out.append(huge(0, 0))
    out.append(huge(-5, 2))
    out.append(huge(True, 1))
    for bad in ("text", None, 1.5):
        try:
            out.append(huge(bad, 1))
        except TypeError as error:
            out.append((str(error), error.__traceback__.tb_next.tb_lineno))
    return out


RESULT = main()
