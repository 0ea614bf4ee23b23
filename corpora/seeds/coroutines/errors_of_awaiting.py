"""What cannot be awaited, entered or iterated, and says so: at the right line, with the right words.

The same sites await proper objects many times before. Coroutines that are
awaited twice, run already, or are finished have errors of their own.
"""

LOG = []


class Wait:
    def __await__(self):
        yield "waiting"
        return "waited"


class Answers:
    """Its special methods answer with what it was given, or raise it."""

    def __init__(self, **answers):
        self.answers = answers

    def answer(self, name):
        answer = self.answers.get(name)
        LOG.append(name)
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer

    def __await__(self):
        return self.answer("await")

    def __aiter__(self):
        return self.answer("aiter")

    def __anext__(self):
        return self.answer("anext")

    def __aenter__(self):
        return self.answer("aenter")

    def __aexit__(self, *details):
        return self.answer("aexit")


class Nothing:
    pass


class NoExit:
    __aenter__ = Answers.__aenter__


class OnlySynchronous:
    def __enter__(self):
        return self

    def __exit__(self, *details):
        return None

    def __iter__(self):
        return iter("ab")

    __next__ = __enter__


class Refuses:
    __await__ = __aiter__ = __anext__ = __aenter__ = __aexit__ = None


async def fine():
    return await Wait()


def generator():
    yield "from generator"


async def awaits(value):
    return await value


async def enters(value):
    async with value as entered:
        await Wait()
        return entered


async def iterates(value):
    got = []
    async for x in value:
        got.append(x)
    return got


async def awaits_twice(value):
    first = await value
    return first, await value


def closed():
    made = fine()
    made.close()
    return made


def describe(error):
    trace, lines = error.__traceback__, []
    while trace is not None:
        positions = list(trace.tb_frame.f_code.co_positions())
        lines.append((trace.tb_frame.f_code.co_name, positions[trace.tb_lasti // 2][:2]))
        trace = trace.tb_next
    cause = error.__cause__ and (type(error.__cause__).__name__, str(error.__cause__))
    return type(error).__name__, str(error), cause, lines[1:]


def drive(coroutine):
    steps = 0
    try:
        while True:
            coroutine.send(None)
            steps += 1
            if steps > 20:
                coroutine.close()
                return "endless"
    except StopIteration as stop:
        return steps, stop.value if isinstance(stop.value, (str, list, tuple)) else type(
            stop.value
        ).__name__
    except (Exception, GeneratorExit) as error:
        return steps, describe(error)


VALUES = [
    Nothing,
    NoExit,
    OnlySynchronous,
    Refuses,
    fine,
    closed,
    generator,
    lambda: 5,
    lambda: None,
    lambda: Answers(**{"await": lambda: iter("abc")}),
    lambda: Answers(**{"await": closed}),
    lambda: Answers(**{"await": "text"}),
    lambda: Answers(**{"await": LookupError("await")}),
    lambda: Answers(aiter=Nothing),
    lambda: Answers(aiter=lambda: Answers(anext=Nothing)),
    lambda: Answers(aiter=lambda: Answers(anext=closed)),
    lambda: Answers(aiter=lambda: Answers(anext=lambda: Answers(**{"await": closed}))),
    lambda: Answers(aiter=lambda: Answers(anext=LookupError("anext"))),
    lambda: Answers(aiter=lambda: Answers(anext=StopAsyncIteration("at once"))),
    lambda: Answers(aiter=LookupError("aiter")),
    lambda: Answers(aenter=Nothing),
    lambda: Answers(aenter=fine, aexit=Nothing),
    lambda: Answers(aenter=fine, aexit=fine),
    lambda: Answers(aenter=LookupError("aenter")),
    lambda: Answers(aenter=fine, aexit=LookupError("aexit")),
]


def again_and_again():
    """One coroutine, awaited by two; and one that awaits itself."""
    out = []
    inner = fine()
    first, second = awaits(inner), awaits(inner)
    out.append(first.send(None))
    out.append(drive(second))
    out.append(inner.cr_await is not None)
    out.append(drive(first))
    out.append(drive(awaits(inner)))
    out.append(drive(awaits_twice(fine())))
    box = []

    async def itself():
        await box[0]

    box.append(itself())
    out.append(drive(box[0]))
    box.clear()
    return out


def main():
    out = []
    for function in (awaits, enters, iterates):
        warm = []
        for _ in range(10):
            good = Answers(aenter=fine, aexit=fine, aiter=lambda: Answers(anext=lambda: Stops()))
            warm.append(drive(function(fine() if function is awaits else good)))
        out.append((warm[0], all(each == warm[0] for each in warm)))
        for make in VALUES:
            value = make()
            out.append(drive(function(value)))
            if hasattr(value, "close"):
                value.close()
    for _ in range(6):
        shown = again_and_again()
    out.append(shown)
    out.append(len(LOG))
    del LOG[:]
    return out


class Stops:
    def __await__(self):
        raise StopAsyncIteration("no more")
        yield


RESULT = main()
