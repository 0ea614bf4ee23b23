"""Dijkstra, depth-first search, topological order and union-find on small graphs.

heapq with tuples that compare equal in the first place, recursion with closures
over shared state, and dicts of dicts.
"""

import heapq

LOG = []


def make_graph(n):
    graph = {i: {} for i in range(n)}
    x = 1
    for _ in range(n * 3):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        a, b, weight = x % n, x // n % n, x // 7 % 20 + 1
        graph[a][b] = graph[b][a] = weight
    return graph


def dijkstra(graph, start):
    distance, queue = {start: 0}, [(0, start)]
    while queue:
        d, node = heapq.heappop(queue)
        if d > distance[node]:
            continue
        for other, weight in graph[node].items():
            if d + weight < distance.get(other, float("inf")):
                distance[other] = d + weight
                heapq.heappush(queue, (d + weight, other))
    return [distance.get(node) for node in graph]


def topological(edges):
    order, state = [], {}

    def visit(node):
        if state.get(node) == "open":
            raise ValueError("cycle", node)
        if node not in state:
            state[node] = "open"
            for other in edges.get(node, ()):
                visit(other)
            state[node] = "done"
            order.append(node)

    for node in list(edges):
        visit(node)
    return order[::-1]


class UnionFind:
    def __init__(self, n):
        self.parent = list(range(n))
        self.groups = n

    def find(self, x):
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        self.parent[a] = b
        self.groups -= 1
        return True


def spanning_tree(graph):
    edges = sorted((w, a, b) for a, others in graph.items() for b, w in others.items() if a < b)
    union = UnionFind(len(graph))
    chosen = [(a, b, w) for w, a, b in edges if union.union(a, b)]
    return sum(w for _, _, w in chosen), len(chosen), union.groups


def main():
    out = []
    for n in range(4, 14):
        graph = make_graph(n)
        out.append((dijkstra(graph, 0), spanning_tree(graph)))
    graph = make_graph(6)
    for node in graph:
        for other in graph[node]:
            graph[node][other] *= 0.25
    out.append((dijkstra(graph, 1), spanning_tree(graph)))
    out.append(topological({"a": "bc", "b": "d", "c": "d", "e": "a"}))
    for bad in ({"a": "b", "b": "a"}, {1: [2], 2: [3], 3: [1]}, {"a": 5}):
        try:
            topological(bad)
        except (ValueError, TypeError) as error:
            out.append(error.args)
    try:
        dijkstra({0: {1: "heavy"}, 1: {}}, 0)
    except TypeError as error:
        out.append(str(error))
    return out


RESULT = main()
