"""A small stack machine with methods looked up by name, and a compiler for it.

Indirect calls through a dict of bound methods, list as stack, strings as
opcodes: the megamorphic site is the heart of the program.
"""

LOG = []


class Machine:
    def __init__(self, program):
        self.program = program
        self.stack = []
        self.variables = {}
        self.pc = 0
        self.steps = 0
        self.table = {
            name[3:]: getattr(self, name)
            for name in sorted(dir(type(self)))
            if name.startswith("op_")
        }

    def run(self, limit=2000):
        while self.pc < len(self.program):
            op, argument = self.program[self.pc]
            self.pc += 1
            self.steps += 1
            self.table[op](argument)
            if self.steps > limit:
                raise RuntimeError("limit", self.pc)
        return self.variables

    def op_push(self, x):
        self.stack.append(x)

    def op_load(self, name):
        self.stack.append(self.variables[name])

    def op_store(self, name):
        self.variables[name] = self.stack.pop()

    def op_add(self, _):
        b, a = self.stack.pop(), self.stack.pop()
        self.stack.append(a + b)

    def op_mul(self, _):
        b, a = self.stack.pop(), self.stack.pop()
        self.stack.append(a * b)

    def op_less(self, _):
        b, a = self.stack.pop(), self.stack.pop()
        self.stack.append(a < b)

    def op_jump_if(self, target):
        if self.stack.pop():
            self.pc = target


class Counting(Machine):
    def op_add(self, argument):
        LOG.append("add")
        super().op_add(argument)


def loop(initial, step, limit):
    return [
        ("push", initial),
        ("store", "x"),
        ("push", 1),
        ("store", "y"),
        ("load", "x"),
        ("push", step),
        ("add", None),
        ("store", "x"),
        ("load", "y"),
        ("push", 2),
        ("mul", None),
        ("store", "y"),
        ("load", "x"),
        ("push", limit),
        ("less", None),
        ("jump_if", 4),
    ]


def attempt(machine):
    try:
        return machine.run()
    except (KeyError, IndexError, TypeError, RuntimeError) as error:
        return type(error).__name__, error.args, machine.pc, machine.stack


def main():
    out = [Machine(loop(0, 1, 30)).run()]
    out.append(Machine(loop(0, 1, 70)).run())
    out.append(Machine(loop(0.5, 0.25, 5)).run())
    out.append(attempt(Machine(loop("", "b", "bbbb"))))
    out.append(Counting(loop(0, 3, 12)).run())
    for bad in (
        [("load", "nothing")],
        [("add", None)],
        [("push", 1), ("push", "a"), ("add", None)],
        [("fly", 1)],
        loop(0, 0, 1),
    ):
        out.append(attempt(Machine(bad)))
    return out


RESULT = main()
