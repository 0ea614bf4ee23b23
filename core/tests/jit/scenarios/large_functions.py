"""Many locals, many constants, thousands of instructions: compiled or left alone, never wrong."""


def make(source, name="made"):
    namespace = {}
    exec(source, namespace)
    return namespace[name]


def many_locals(n):
    lines = ["def made(x):"]
    lines += [f"    v{i} = x + {i}" for i in range(n)]
    lines += ["    if x == 3:", f"        del v{n - 1}"]
    lines += [f"    return v0 + v{n - 1} + v{n // 2}"]
    return make("\n".join(lines))


def long_body(n):
    lines = ["def made(x, y):", "    out = []", "    for i in range(2):"]
    lines += [f"        x = (x * 3 + {i} + i) % 1000003; y = y + x * 0.5" for i in range(n)]
    lines += ["    return x, y"]
    return make("\n".join(lines))


def far_jumps(n):
    lines = ["def made(x):", "    total = 0", "    while x > 0:", "        if x % 2:"]
    lines += [f"            total += x.bit_length() + {i}" for i in range(n)]
    lines += ["        else:", "            total -= 1", "        x -= 1", "    return total"]
    return make("\n".join(lines))


def wide_call(n):
    arguments = ", ".join(f"a{i}" for i in range(n))
    values = ", ".join(f"x + {i}" for i in range(n))
    return make(f"def callee({arguments}):\n    return a0, a{n - 1}\n"
                f"def made(x):\n    return callee({values})")


def deep_expression(n):
    return make("def made(x):\n    return " + "(x + " * n + "1" + ")" * n)


def wide_display(n):
    return make(f"def made(x):\n    return len([{', '.join(f'x * {i}.5' for i in range(n))}])")


def attempt(function, *args):
    try:
        return function(*args)
    except UnboundLocalError as error:
        return str(error)


def main():
    for n in (63, 64, 65, 70, 300):
        function = many_locals(n)
        print(n, [attempt(function, x) for x in range(8)])
    for n in (10, 400, 3000):
        function = long_body(n)
        print(n, [function(x, 1.5) for x in range(4)])
    for n in (10, 400, 4000):
        function = far_jumps(n)
        print(n, [function(x) for x in range(6)])
    for n in (5, 50, 200):
        function = wide_call(n)
        print(n, [function(x) for x in range(6)])
    for n in (5, 20, 80):
        function = deep_expression(n)
        print(n, [function(x) for x in (1, 2.5, 2**61, 2**62, True, 1, 2.5)])
    for n in (5, 20, 800):
        function = wide_display(n)
        print(n, [function(x) for x in (1, 2.5, True, 1)])


main()
