"""Frames taken while running and kept afterwards own the locals of their call.

The frame object takes the interpreter frame over when the call ends; the values
must be complete, counted once, and released when the frame object dies.
"""

import sys

LOG = []


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("del", self.name))


def grab():
    return sys._getframe(1)


def keeps(name):
    local = D(name)
    frame = grab()
    number = 1.5
    number = number * 2
    return frame


def many(n):
    frames = []
    for i in range(n):
        d = D(f"many{i}")
        frames.append(grab())
    return frames


def recursive(n, frames):
    marker = [n]
    frames.append(grab())
    if n:
        recursive(n - 1, frames)
    marker.append("after")
    return marker


def via_exception(name):
    local = D(name)
    try:
        raise ValueError(name)
    except ValueError as error:
        return error


def main():
    out = []
    for i in range(40):
        frame = keeps("k")
        values = frame.f_locals
        out.append((values["number"], values["local"].name, frame.f_back is not None))
        del values
        frame.clear()
        del frame
        frames = many(2)
        out.append((frames[0] is frames[1], frames[0].f_locals["i"]))
        del frames
        frames = []
        recursive(3, frames)
        out.append([frame.f_locals["marker"] for frame in frames])
        error = via_exception("e")
        out.append(sorted(error.__traceback__.tb_frame.f_locals))
        error = None
    out = out[-4:]
    n = len(LOG)
    del LOG[8:]
    return n, out


RESULT = main()
