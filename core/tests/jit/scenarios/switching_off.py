"""The JIT is switched off and on again by callees of compiled code."""
import sys

try:
    import pyjit_core
except ImportError:
    pyjit_core = None


def switch(on):
    if JIT:
        (pyjit_core.enable if on else pyjit_core.disable)()
    return on


JIT = pyjit_core is not None and pyjit_core.is_enabled()


class Held:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(self.name)


LOG = []


def leaf(a, b=2):
    return a + b


def takes(held):
    name = held.name
    return name


def again(n, held):
    if n == 0:
        switch(True)
        return leaf(1)
    return again(n - 1, held) + leaf(n)


def off_and_on(i):
    out = [leaf(i)]
    switch(False)
    out.append(leaf(i))
    out.append(again(3, Held("again")))
    out.append(takes(Held("temporary")))
    switch(True)
    out.append(leaf(i, 5))
    return out


def in_a_loop(n):
    total = 0
    for i in range(n):
        total += leaf(i)
        switch(i % 3 != 0)
    switch(True)
    return total


def count(n):
    for i in range(n):
        switch(i % 4 < 2)
        yield leaf(i)
    return n


async def ready(i):
    return leaf(i)


async def awaiting(n):
    return [await ready(i) + switch(i % 2) for i in range(n)]


def driven(n):
    """By C, by compiled code, and by both in turn."""
    gen = count(n)
    out = [next(gen), *(x for x in gen if x % 2), tuple(count(n)), sum(x for x in count(n))]
    try:
        awaiting(n).send(None)
    except StopIteration as stop:
        out.append(stop.value)
    switch(True)
    return out


def main():
    for i in range(50):
        leaf(i), takes(Held("warm")), again(2, None)
    LOG.clear()
    for i in range(20):
        print(driven(i + 1), off_and_on(i), in_a_loop(20), sorted(LOG), sys._getframe().f_lineno)
        LOG.clear()


main()
