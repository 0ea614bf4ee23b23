"""Attributes that are now the instance's and now the class's, at one site.

Inline caches prove that an instance has no attribute of its own: by its inline values, by the
version of keys, by a dictionary that is not there yet. Each of these stops being true in turn.
"""


class Node:
    text = None
    tail = "tail"

    def method(self):
        return "method"


class Slotted:
    __slots__ = ("first", "second")
    shared = "shared"

    def __init__(self, first=None):
        if first is not None:
            self.first = first


class Disguised:
    @property
    def __class__(self):
        return Node


class Descriptor:
    def __init__(self, value):
        self.value = value


class Other:
    text = "other"


def text_of(node):
    return node.text


def call_method(node):
    return node.method()


def class_of(x):
    return x.__class__


def class_name(x):
    return x.__class__.__name__


def with_traceback(error):
    return error.with_traceback(None)


def constant():
    return Holder.marker


def set_first(slotted, value):
    slotted.first = value
    return slotted.first


def outcome(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return type(error).__name__, str(error)


class Holder:
    marker = Descriptor(1)


def main():
    plain, own, other = Node(), Node(), Other()
    own.text = "own"
    for i in range(130):
        text_of(plain if i % 3 else own)
        call_method(plain)
        class_of(plain)
        class_name(i)
        with_traceback(ValueError(i))
        constant()
        set_first(Slotted(i if i % 2 else None), i)
    out = [text_of(plain), text_of(own), text_of(other)]
    del own.text
    out.append(text_of(own))
    out.append(sorted(plain.__dict__))
    out.append((text_of(plain), call_method(plain)))
    plain.__dict__["text"] = "by dictionary"
    plain.__dict__["method"] = lambda: "shadowed"
    out.append((text_of(plain), call_method(plain)))
    own.method = lambda: "own"
    out.append((call_method(own), call_method(Node())))
    Node.text = "new default"
    out.append((text_of(own), text_of(plain), text_of(Node())))
    Node.text = property(lambda self: "computed")
    out.append((text_of(own), text_of(plain)))
    del Node.text
    out.append((outcome(text_of, own), outcome(text_of, plain)))

    out.append(class_of(Disguised()).__name__)
    out.append(class_of(own).__name__)
    own.__class__ = Other
    out.append((class_of(own).__name__, class_of(Node) is type, class_name(3.5)))

    error = ValueError("kept")
    out.append(repr(with_traceback(error)))
    error.with_traceback = lambda traceback: "shadowed"
    out.append(with_traceback(error))
    out.append(outcome(with_traceback, 3))

    out.append(constant().value)
    Descriptor.__get__ = lambda self, owner, cls=None: ("bound", owner, self.value)
    out.append(constant())
    del Descriptor.__get__
    out.append(constant().value)
    Holder.marker = Descriptor(2)
    out.append(constant().value)

    empty = Slotted()
    out.append(outcome(lambda: empty.first))
    out.append((set_first(empty, 1), set_first(empty, 2)))
    del empty.first
    out.append((outcome(lambda: empty.first), set_first(empty, 3)))
    return out


RESULT = main()
