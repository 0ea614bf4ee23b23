"""One code object, several global namespaces.

Functions made by `exec` in different dicts share nothing but may share code
through `types.FunctionType`; a cached global of one must not be used by another.
"""

LOG = []

SOURCE = """
def compute(x):
    return x * K + helper(x)

def helper(x):
    return x + OFFSET
"""


def namespace(k, offset):
    scope = {"K": k, "OFFSET": offset}
    exec(SOURCE, scope)
    return scope


def main():
    out = []
    first = namespace(2, 100)
    second = namespace(3, 200)
    third = namespace("-", "!")
    function_type = type(main)
    clone = function_type(first["compute"].__code__, second)
    for i in range(100):
        out.append(first["compute"](i))
        out.append(second["compute"](i))
        out.append(clone(i))
    out = out[-3:]
    try:
        third["compute"]("x")
    except TypeError as error:
        out.append(str(error))
    second["helper"] = lambda x: -x
    out.append((first["compute"](5), second["compute"](5), clone(5)))
    bare = function_type(first["compute"].__code__, {"K": 4, "__builtins__": {"helper": str}})
    for _ in range(5):
        try:
            out.append(bare(1))
        except TypeError as error:
            out.append(str(error))
    odd = function_type(first["compute"].__code__, {"K": 4})
    try:
        odd(1)
    except NameError as error:
        out.append(str(error))
    return out


RESULT = main()
