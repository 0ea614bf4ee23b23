"""Signals arrive in hot loops: handlers run, and what they raise goes to the right handler."""
import _thread
import signal


class Alarm(Exception):
    pass


def on_alarm(signum, frame):
    raise Alarm(frame.f_code.co_name)


def soon():
    signal.setitimer(signal.ITIMER_REAL, 0.05)


def forever():
    n = 0
    while True:
        n += 1


def empty_loop():
    while True:
        pass


def caught_inside():
    n = 0
    try:
        while True:
            n += 1
    except Alarm as error:
        return "caught", str(error), n > 0
    finally:
        n = -1


def caught_in_the_loop():
    caught = 0
    while caught < 2:
        try:
            soon()
            while True:
                pass
        except Alarm:
            caught += 1
    return caught


def with_for():
    total = 0
    try:
        for i in range(10**12):
            total += i & 1
    except Alarm as error:
        return "for", str(error)


def calls():
    try:
        while True:
            leaf(1)
    except Alarm as error:
        return "calls", str(error) in ("leaf", "calls")


def leaf(x):
    return x + 1


def counting_handler():
    seen = []
    signal.signal(signal.SIGALRM, lambda signum, frame: seen.append(frame.f_code.co_name))
    soon()
    n = 0
    while not seen:
        n += 1
    signal.signal(signal.SIGALRM, on_alarm)
    return seen


def propagates(function):
    try:
        function()
    except Alarm as error:
        traceback = error.__traceback__
        names = []
        while traceback is not None:
            names.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        return names


def waiting():
    try:
        while True:
            yield
    except KeyboardInterrupt:
        yield "the innermost"


def delegating():
    try:
        yield from waiting()
    except KeyboardInterrupt:
        yield "the delegating one"


def suspended():
    """Nothing runs between the signal and resuming: it is the innermost generator's."""
    generator = delegating()
    next(generator)
    return list(zip(map(_thread.interrupt_main, [signal.SIGINT]), generator))


def main():
    signal.signal(signal.SIGALRM, on_alarm)
    for _ in range(3):
        soon()
        print(propagates(forever))
        soon()
        print(propagates(empty_loop))
        soon()
        print(caught_inside())
        print(caught_in_the_loop())
        soon()
        print(with_for())
        soon()
        print(calls())
        print(counting_handler())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        signal.raise_signal(signal.SIGINT)
        forever()
    except KeyboardInterrupt:
        print("interrupted")
    for _ in range(3):
        print(suspended())


main()
