"""A stack machine whose instructions are sequence patterns, in the loop that runs it.

Lengths, stars on either side, literals, captures and guards: each is a jump of
its own in the hot loop, and what one case captured is visible in the next.
"""

LOG = []

COUNTDOWN = [
    ("push", 0),
    ("store", "total"),
    ("push", 12),
    ("store", "n"),
    ("label", "again"),
    ("load", "n"),
    ("jump-if-zero", "end"),
    ["load", "total"],
    ["load", "n"],
    ("op", "*", 2),
    ("op", "+"),
    ("store", "total"),
    ("load", "n"),
    ("op", "-", 1),
    ("store", "n"),
    ("jump", "again"),
    ("label", "end"),
    ("load", "total"),
    ("print", "total is", "now", 5),
    ("halt",),
]


def labels_of(program):
    labels = {}
    for i, instruction in enumerate(program):
        match instruction:
            case ("label", name):
                labels[name] = i
    return labels


def apply(operator, a, b):
    match operator, a, b:
        case "+", _, _:
            return a + b
        case "-", _, _:
            return a - b
        case "*", (0, _) | (_, 0), _:
            return "never"
        case "*", x, y:
            return x * y
        case "/", _, 0 | 0.0:
            return None
        case "/", x, y:
            return x / y
    raise LookupError(operator)


def step(instruction, stack, variables, labels, at):
    match instruction:
        case ("push", value) | ["push", value, "twice"]:
            stack.append(value)
        case ("load", str(name)) if name in variables:
            stack.append(variables[name])
        case ("load", name):
            raise NameError(name)
        case ("store", name):
            variables[name] = stack.pop()
        case ("op", operator):
            b, a = stack.pop(), stack.pop()
            stack.append(apply(operator, a, b))
        case ("op", operator, constant):
            stack.append(apply(operator, stack.pop(), constant))
        case ("label", _):
            pass
        case ("jump", target):
            return labels[target]
        case ("jump-if-zero", target):
            match stack.pop():
                case 0 | 0.0 | False | "" | None:
                    return labels[target]
        case ("print", *words, last):
            LOG.append((words, last, stack[-1]))
        case ("halt",):
            return None
        case [first, *_, last] as unknown:
            raise SyntaxError(first, last, len(unknown))
        case []:
            raise SyntaxError("empty")
        case other:
            raise TypeError(type(other).__name__)
    return at + 1


def run(program):
    stack, variables, labels, at, steps = [], {}, labels_of(program), 0, 0
    while at is not None and at < len(program):
        at = step(program[at], stack, variables, labels, at)
        steps += 1
    return stack, variables, steps


def attempt(*program):
    try:
        return run(list(program))
    except (NameError, SyntaxError, TypeError, LookupError) as error:
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        return type(error).__name__, error.args, trace.tb_lineno


def main():
    runs = [run(COUNTDOWN) for _ in range(6)]
    out = [runs[0], all(each == runs[0] for each in runs)]
    out.append(attempt(("push", 2.5), ["push", 4, "twice"], ("op", "/"), ("op", "*", 2**70)))
    out.append(attempt(("push", 2.5), ("push", 0), ("op", "/")))
    out.append(attempt(("load", "nothing")))
    out.append(attempt(("push", 1, 2, 3)))
    out.append(attempt(()))
    out.append(attempt("push"))
    out.append(attempt(b"push"))
    out.append(attempt({"push": 1}))
    out.append(attempt(range(5), ("halt",)))
    out.append(attempt(("push", 1), ("op", "?", 2)))
    del LOG[2:]
    return out


RESULT = main()
