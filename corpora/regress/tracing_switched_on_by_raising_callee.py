"""A callee switches tracing or profiling on and raises: the caller is reported as in the interpreter.

The frame that goes on in the interpreter to report the exception was reported as called once
more; a frame left by an exception was not reported to a profiler at all.
"""

import sys

LOG = []


def tracer(frame, event, arg):
    LOG.append((event, frame.f_code.co_name, frame.f_lineno))
    return tracer


def profiler(frame, event, arg):
    LOG.append(("profile " + event, frame.f_code.co_name, frame.f_lineno))


def switch_on(how):
    if how == "trace":
        sys._getframe(1).f_trace = tracer
        sys._getframe(2).f_trace = tracer
        sys.settrace(tracer)
    elif how == "profile":
        sys.setprofile(profiler)
    raise ValueError(how)


def off():
    sys.settrace(None)
    sys.setprofile(None)


def passes_through(how):
    value = [how, switch_on(how)]
    return value


def handles(how):
    try:
        passes_through(how)
    except ValueError:
        caught = len(how)
    else:
        caught = 0
    return caught


def handles_itself(how):
    caught = 0
    try:
        switch_on(how)
    except ValueError as error:
        caught = len(error.args[0])
    finally:
        caught += 1
    return caught


def main():
    results = []
    for _ in range(120):
        handles("nothing")
        handles_itself("nothing")
    for how in ("trace", "profile", "trace", "profile"):
        results.append(handles(how))
        off()
        results.append(handles_itself(how))
        off()
        LOG.append(how)
    return results


RESULT = main()
