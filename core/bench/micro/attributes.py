"""Attribute-heavy: instances, slots, properties, class attributes, polymorphic sites."""


class Vector:
    scale = 2

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def dot(self, other):
        return self.x * other.x + self.y * other.y

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def dot(self, other):
        return self.x * other.x + self.y * other.y


class Child(Vector):
    def dot(self, other):
        return self.x + other.y


class Third:
    def __init__(self, x, y):
        self.pad = 0
        self.y = y
        self.x = x

    def dot(self, other):
        return self.y - other.x


def instance_read():
    v = Vector(3, 4)
    total = 0
    for _ in range(20_000):
        total += v.x + v.y + v.x - v.y
    return total


def instance_write():
    v = Vector(0, 0)
    for i in range(20_000):
        v.x = i
        v.y = v.x + 1
        v.x += v.y
    return v.x


def slots():
    v = Slotted(1, 2)
    for i in range(20_000):
        v.x = v.x + v.y - i
        v.y = i
    return v.x


def methods():
    a, b = Vector(1, 2), Vector(3, 4)
    total = 0
    for _ in range(12_000):
        total += a.dot(b) - b.dot(a) + 1
    return total


def properties():
    v = Vector(2, 3)
    total = 0
    for _ in range(12_000):
        total += v.norm
    return total


def class_attributes():
    v = Vector(1, 1)
    total = 0
    for _ in range(20_000):
        total += v.scale + Vector.scale
    return total


def polymorphic_2():
    return polymorphic([Vector(1, 2), Slotted(3, 4)] * 2)


def polymorphic_4():
    return polymorphic([Vector(1, 2), Slotted(3, 4), Child(5, 6), Third(7, 8)])


def polymorphic(objects):
    total = 0
    for _ in range(3_000):
        for obj in objects:
            total += obj.dot(obj) + obj.x
    return total


class Node:
    def __init__(self, value, following):
        self.value = value
        self.next = following


def linked_list():
    head = None
    for i in range(3_000):
        head = Node(i, head)
    total = 0
    for _ in range(5):
        node = head
        while node is not None:
            total += node.value
            node = node.next
    return total


class Particle:
    def __init__(self, position, velocity):
        self.position = position
        self.velocity = velocity
        self.mass = 1.5

    def step(self, dt):
        self.velocity = self.velocity - self.position * dt / self.mass
        self.position = self.position + self.velocity * dt


def float_attributes():
    particle = Particle(1.0, 0.0)
    for _ in range(12_000):
        particle.step(0.001)
    return particle.position


BENCHMARKS = {
    "instance_read": instance_read,
    "instance_write": instance_write,
    "slots": slots,
    "methods": methods,
    "properties": properties,
    "class_attributes": class_attributes,
    "polymorphic_2": polymorphic_2,
    "polymorphic_4": polymorphic_4,
    "linked_list": linked_list,
    "float_attributes": float_attributes,
}
