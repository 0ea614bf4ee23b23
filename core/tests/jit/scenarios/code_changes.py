"""Functions lose their code, their name and their last reference while they run."""
import gc
import sys
import weakref


def first(x):
    return ("first", x)


def second(x):
    y = x + 1
    return ("second", y)


def third(x, z=9):
    return ("third", x, z)


def caller(x):
    return first(x)


def replaced_while_running(n):
    if n == 3:
        replaced_while_running.__code__ = other.__code__
    return n if n > 5 else replaced_while_running(n + 1)


def other(n):
    return ("other", n)


original = replaced_while_running.__code__


def deletes_itself(table):
    del table["f"]
    gc.collect()
    local = [1, 2, 3]
    return sum(local), sys._getframe().f_code.co_name


def dies():
    namespace = {}
    exec("def f(table):\n    del table['f']\n    total = 0\n    for i in range(5):\n"
         "        total += i\n    return total\n", namespace)
    function = namespace.pop("f")
    reference, code = weakref.ref(function), weakref.ref(function.__code__)
    for _ in range(5):
        table = {"f": function}
        function(table)
    table = {"f": function}
    del function
    result = table["f"](table)
    return result, reference() is None, code() is None


def by_method():
    class Local:
        def method(self):
            del Local.method
            return [self.value, sys._getframe().f_lineno > 0]

        value = 5

    return Local().method()


def calls_what_it_replaces(flag):
    def inner(a):
        return a + 1

    out = []
    for i in range(30):
        out.append(inner(i))
        if flag and i == 15:
            def inner(a):
                return a - 1
    return out[-2:]


def main():
    for i in range(60):
        caller(i)
    print(caller(1))
    first.__code__ = second.__code__
    print(caller(1))
    first.__code__ = third.__code__
    try:
        print(caller(1))
    except TypeError as error:
        print(error)
    first.__defaults__ = (7,)
    print(caller(1))
    for i in range(60):
        caller(i)
    first.__defaults__ = (8,)
    print(caller(1))
    first.__defaults__ = None
    try:
        caller(1)
    except TypeError as error:
        print(error)
    for _ in range(20):
        replaced_while_running.__code__ = original
        print(replaced_while_running(0), end=" ")
    print()
    for _ in range(20):
        table = {"f": deletes_itself}
        print(deletes_itself(table), end=" ")
    print()
    for _ in range(20):
        print(dies(), by_method(), calls_what_it_replaces(_ % 2))


main()
