"""A nursery of tasks that fail together: what each layer handles, and what is left for the next.

Every layer is an `except*` of its own in hot code: full matches, parts, nothing,
clauses that raise, reraise, return through finally, and groups within groups.
"""

LOG = []


class Retry(Exception):
    def __init__(self, task, after):
        super().__init__(task, after)
        self.after = after


class Fatal(BaseException):
    pass


def work(task, attempt):
    match task % 6, attempt:
        case 0, _:
            return task
        case 1, 0:
            raise Retry(task, 1)
        case 2, n if n < 2:
            raise Retry(task, 2)
        case 3, _:
            raise KeyError(task)
        case 4, _:
            raise ExceptionGroup(f"task {task}", [OSError(task), ValueError(task, attempt)])
        case 5, _:
            return 1 // (task - 5)
    return -task


def gather(tasks, attempt):
    done, errors = [], []
    for task in tasks:
        try:
            done.append(work(task, attempt))
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"attempt {attempt}", errors)
    return done


def run(tasks):
    """Tries again what asks for it; the others' failures go on together."""
    retries, handled = [], 0
    for attempt in range(4):
        try:
            done = gather(tasks, attempt)
        except* Retry as group:
            retries.append(sum(error.after for error in group.exceptions))
            tasks = [task for task in tasks if task % 6 != 1]
        except* (KeyError, ZeroDivisionError) as group:
            handled += len(group.exceptions)
        except* OSError:
            handled += 100
            if attempt == 2:
                raise
        else:
            return done, retries, handled
        finally:
            LOG.append((attempt, len(tasks)))
    return "gave up", retries, handled


def shape(error):
    if isinstance(error, BaseExceptionGroup):
        return type(error).__name__, error.message, [shape(inner) for inner in error.exceptions]
    return type(error).__name__, error.args


def attempt(function, *args):
    try:
        return function(*args)
    except BaseException as error:
        trace, lines = error.__traceback__, []
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
            trace = trace.tb_next
        return shape(error), lines, shape(error.__context__) if error.__context__ else None


def translate(kinds):
    """Every clause does something else with its part."""
    try:
        raise BaseExceptionGroup("mixed", [kind(kind.__name__) for kind in kinds])
    except* ValueError as group:
        raise RuntimeError("translated") from group
    except* KeyError:
        raise
    except* TypeError as group:
        raise group
    except* IndexError as group:
        raise group.exceptions[0]
    except* Fatal as group:
        raise group.derive([Fatal("derived")])
    except* ArithmeticError:
        pass
    return "handled"


def first_of(kinds):
    """A loop that goes on behind except*; nothing may leave it there, so flags do."""
    for i, kind in enumerate(kinds):
        found = False
        try:
            if kind is not None:
                raise kind(i)
        except* (ValueError, KeyError):
            continue_after = True
        except* OSError as group:
            found = [error.args for error in group.exceptions]
        else:
            continue_after = False
        if found:
            return i, found, continue_after
    return None


def main():
    sets = [[0, 6], [0, 1], [0, 2, 3], [4], [5, 3, 9], [1, 2, 3, 4, 5], [4, 10, 16], [11]]
    runs = [[attempt(run, tasks) for tasks in sets] for _ in range(8)]
    out = [runs[0], all(each == runs[0] for each in runs)]
    kinds = [ValueError, KeyError, TypeError, IndexError, Fatal, ZeroDivisionError, EOFError]
    for _ in range(3):
        singles = [attempt(translate, [kind]) for kind in kinds]
        pairs = [attempt(translate, [kind, KeyError]) for kind in kinds]
    out += [singles, pairs, attempt(translate, kinds), attempt(translate, [])]
    for _ in range(6):
        found = (
            first_of([None, ValueError, KeyError, OSError]),
            first_of([None, KeyError]),
            attempt(first_of, [EOFError]),
        )
    out.append(found)
    del LOG[25:]
    return out


RESULT = main()
