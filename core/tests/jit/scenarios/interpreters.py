"""Subinterpreters run beside the JIT, which stays out of them."""
import _xxsubinterpreters as interpreters
import collections
import json


def hot(x):
    return [collections.OrderedDict(a=i)["a"] + i for i in range(x)]


PROGRAM = """
import collections, json
def hot(x):
    return [collections.OrderedDict(a=i)["a"] + i for i in range(x)]
def evens(n):
    yield from (i for i in range(n) if i % 2 == 0)
total = 0
for i in range(80):
    total += sum(hot(i % 9)) + sum(evens(i)) + len(tuple(evens(i)))
assert json.loads(json.dumps({"a": [total]})) == {"a": [total]}
print("sub", total)
"""


def main():
    total = 0
    for _ in range(4):
        for i in range(40):
            total += sum(hot(i % 9))
            json.loads(json.dumps({"a": total}))
        sub = interpreters.create()
        interpreters.run_string(sub, PROGRAM)
        interpreters.destroy(sub)
        print(total)


main()
