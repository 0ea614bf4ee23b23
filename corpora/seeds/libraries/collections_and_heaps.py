"""deque, Counter, OrderedDict, ChainMap, UserDict, heapq and bisect together.

Mixed C and Python implementations behind the same method names, with Python
`__lt__` called back from C heaps.
"""

import bisect
import heapq
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque

LOG = []


class Task:
    def __init__(self, priority, name):
        self.priority = priority
        self.name = name

    def __lt__(self, other):
        return (self.priority, self.name) < (other.priority, other.name)


class Lower(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)

    def __missing__(self, key):
        return f"no {key}"


def schedule(n):
    heap, order = [], []
    for i in range(n):
        heapq.heappush(heap, Task(i * 7 % 5, f"t{i}"))
    while heap:
        order.append(heapq.heappop(heap).name)
    return order


def window(values, size):
    recent, sums = deque(maxlen=size), []
    for value in values:
        recent.append(value)
        if len(recent) == size:
            sums.append(sum(recent))
    recent.rotate(1)
    recent.appendleft("left")
    return sums, list(recent)


def counting(words):
    counter = Counter(words)
    counter.update("a")
    counter["b"] -= 5
    return counter.most_common(2), sorted((counter + Counter("ab")).items()), counter["zzz"]


def ordered(n):
    table = OrderedDict((i, str(i)) for i in range(n))
    table.move_to_end(0)
    table.popitem(last=False)
    return list(table), table == OrderedDict(table), list(reversed(table))


def graph(edges):
    table = defaultdict(list)
    for a, b in edges:
        table[a].append(b)
        bisect.insort(table[b], a)
    return {key: value for key, value in sorted(table.items())}


def layered(n):
    base, top = {"a": 1, "b": 2}, Lower()
    chain = ChainMap(top, base)
    top["A"] = n
    chain["B"] = n + 1
    return chain["a"], chain["b"], top["missing"], len(chain), base


def main():
    out = []
    for i in range(3, 20):
        out = [
            schedule(i),
            window(range(i), 3),
            counting("abracadabra"),
            ordered(i),
            graph([(1, 2), (2, 3), (1, i), (3, 2)]),
            layered(i),
        ]
    try:
        heapq.heappush([1, 2], "x")
    except TypeError as error:
        out.append(str(error))
    try:
        OrderedDict().popitem()
    except KeyError as error:
        out.append(str(error))
    try:
        for x in (queue := deque([1, 2, 3])):
            queue.append(x)
    except RuntimeError as error:
        out.append(str(error))
    return out


RESULT = main()
