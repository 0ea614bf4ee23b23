"""Tracing and profiling switched on and off by callees of compiled frames."""
import sys

EVENTS = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in NAMES:
        EVENTS.append((event, frame.f_code.co_name, frame.f_lineno))
    return tracer


def profiler(frame, event, arg):
    if frame.f_code.co_name in NAMES:
        name = arg.__name__ if event.startswith("c_") else ""
        EVENTS.append(("profile " + event, frame.f_code.co_name, name))


def leaf(x):
    y = x + 1
    return y


def switch(how):
    if how == "trace":
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_name in NAMES:
            frame.f_trace = tracer
            frame = frame.f_back
        sys.settrace(tracer)
    elif how == "profile":
        sys.setprofile(profiler)
    elif how == "off":
        sys.settrace(None)
        sys.setprofile(None)
    return 1


class Switching:
    def __init__(self, how):
        self.how = how

    @property
    def attribute(self):
        return switch(self.how)

    def __add__(self, other):
        return switch(self.how)

    def __getitem__(self, index):
        return switch(self.how)

    def __lt__(self, other):
        return switch(self.how)

    def __bool__(self):
        return bool(switch(self.how))

    def __contains__(self, item):
        return bool(switch(self.how))

    def __iter__(self):
        switch(self.how)
        return iter((1, 2))

    def __enter__(self):
        return switch(self.how)

    def __exit__(self, *exc):
        switch("off")

    def __format__(self, spec):
        return str(switch(self.how))

    def __neg__(self):
        return switch(self.how)

    def __setattr__(self, name, value):
        if name == "how":
            object.__setattr__(self, name, value)
        else:
            switch(self.how)

    def __setitem__(self, index, value):
        switch(self.how)


def by_call(how):
    total = switch(how)
    total += leaf(total)
    return len([total])


def by_attribute(how):
    total = Switching(how).attribute
    total += leaf(total)
    return len([total])


def by_add(how):
    total = Switching(how) + 1
    total += leaf(total)
    return len([total])


def by_item(how):
    total = Switching(how)[0]
    total += leaf(total)
    return len([total])


def by_comparison(how):
    if Switching(how) < 1:
        total = leaf(1)
    else:
        total = 2
    return len([total])


def by_comparison_value(how):
    total = Switching(how) < 1
    total += leaf(total)
    return len([total])


def by_truth(how):
    switching = Switching(how)
    total = 0
    if switching:
        total = leaf(1)
    return len([total])


def by_contains(how):
    total = 1 in Switching(how)
    total += leaf(total)
    return len([total])


def by_iteration(how):
    total = 0
    for item in Switching(how):
        total += leaf(item)
    return len([total])


def by_with(how):
    with Switching(how) as total:
        total += leaf(total)
    return len([total])


def by_format(how):
    total = f"{Switching(how)}"
    total += str(leaf(1))
    return len([total])


def by_negation(how):
    total = -Switching(how)
    total += leaf(total)
    return len([total])


def by_store(how):
    switching = Switching(how)
    switching.attribute2 = 1
    switching[0] = 1
    total = leaf(1)
    return len([total])


def in_a_loop(how):
    total = 0
    for i in range(4):
        total += leaf(i)
        if i == 1:
            switch(how)
        elif i == 2:
            switch("off")
    return total


def outer(function, how):
    result = function(how)
    result += leaf(result)
    return result


CASES = (
    by_call, by_attribute, by_add, by_item, by_comparison, by_comparison_value, by_truth,
    by_contains, by_iteration, by_with, by_format, by_negation, by_store, in_a_loop,
)
NAMES = {function.__name__ for function in CASES} | {"leaf", "outer"}


def main():
    for _ in range(60):
        for function in CASES:
            outer(function, "nothing")
    for how in ("trace", "profile"):
        for function in CASES:
            result = outer(function, how)
            switch("off")
            print(function.__name__, how, result)
            for event in EVENTS:
                print("   ", *event)
            EVENTS.clear()
            outer(function, "nothing")


main()
