"""More than 255 locals and cells: EXTENDED_ARG on LOAD_FAST and STORE_FAST.

The frame is large, slot offsets outgrow 8-bit (and on aarch64 scaled 12-bit)
displacements, and clearing the frame releases hundreds of values in order.
"""

LOG = []


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        LOG.append(self.n)


def build_source(n):
    lines = ["def wide(x):"]
    for i in range(n):
        lines.append(f"    v{i} = x + {i}")
    lines.append(f"    v{n - 1}, v0 = v0, v{n - 1}")
    lines.append(f"    del v{n // 2}")
    lines.append("    def reader(): return (" + ", ".join(f"v{i}" for i in range(0, n, 40)) + ")")
    lines.append("    total = " + " + ".join(f"v{i}" for i in range(0, n, 7) if i != n // 2))
    lines.append("    v0 += 1; v40 += 1")
    lines.append(f"    return total, v0, v{n - 1}, reader()")
    lines.append("def dying(D):")
    for i in range(0, n):
        lines.append(f"    d{i} = D({i})" if i % 30 == 0 else f"    d{i} = {i}")
    lines.append(f"    return d{n - 1}")
    lines.append("def unbound(flag):")
    for i in range(n):
        lines.append(f"    if flag == {i}: u{i} = {i}" if i > n - 4 else f"    u{i} = flag")
    lines.append(f"    return u{n - 1}")
    return "\n".join(lines)


def main():
    scope = {}
    n = 300
    exec(build_source(n), scope)
    out = []
    for i in range(8):
        out.append(scope["wide"](i))
        out.append(scope["dying"](D))
    out.append(scope["wide"](0.5))
    out.append(scope["wide"](2**62))
    for flag in (n - 1, n - 2, 0):
        try:
            out.append(scope["unbound"](flag))
        except UnboundLocalError as error:
            out.append(str(error))
    del LOG[20:]
    return out[-10:]


RESULT = main()
