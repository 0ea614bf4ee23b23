"""Recursive algorithms on trees and lists: sorts, search trees, backtracking.

Many short frames with attributes, default arguments and early returns: call and
attribute caches at work, with None and nodes meeting at the same sites.
"""

LOG = []


class Tree:
    def __init__(self, key, left=None, right=None):
        self.key = key
        self.left = left
        self.right = right

    def insert(self, key):
        if key < self.key:
            if self.left is None:
                self.left = Tree(key)
            else:
                self.left.insert(key)
        elif key > self.key:
            if self.right is None:
                self.right = Tree(key)
            else:
                self.right.insert(key)
        return self


def inorder(node):
    if node is None:
        return []
    return inorder(node.left) + [node.key] + inorder(node.right)


def height(node):
    return 0 if node is None else 1 + max(height(node.left), height(node.right))


def quicksort(values):
    if len(values) < 2:
        return values
    pivot, *rest = values
    return (
        quicksort([x for x in rest if x < pivot])
        + [pivot]
        + quicksort([x for x in rest if x >= pivot])
    )


def merge_sort(values):
    if len(values) < 2:
        return values
    middle = len(values) // 2
    left, right = merge_sort(values[:middle]), merge_sort(values[middle:])
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    return out + left[i:] + right[j:]


def queens(n, row=0, columns=(), diagonals=(), antidiagonals=()):
    if row == n:
        return 1
    count = 0
    for column in range(n):
        if column in columns or row + column in diagonals or row - column in antidiagonals:
            continue
        count += queens(
            n,
            row + 1,
            columns + (column,),
            diagonals + (row + column,),
            antidiagonals + (row - column,),
        )
    return count


def numbers(n, seed):
    out = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2**31
        out.append(seed % 100)
    return out


def main():
    out = []
    for seed in range(4):
        values = numbers(40, seed)
        root = Tree(50)
        for value in values:
            root.insert(value)
        out.append((inorder(root) == sorted(set(values) | {50}), height(root)))
        out.append((quicksort(values), merge_sort(values) == sorted(values)))
    out.append(queens(5))
    out.append(quicksort([2.5, 1, True, 0.5]))
    root = Tree("m")
    for ch in "python":
        root.insert(ch)
    out.append(inorder(root))
    try:
        root.insert(5)
    except TypeError as error:
        out.append(str(error))
    try:
        merge_sort([1, "a", 2])
    except TypeError as error:
        out.append(str(error))
    return out


RESULT = main()
