"""The process ends while compiled code is alive, and while threads run it."""
import atexit
import sys
import threading
import time


def hot(x):
    total = 0
    for i in range(x):
        total += i
    return total


class Late:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        sys.stdout.write(f"late {self.name} {hot(10)}\n")


def spin():
    n = 0
    while True:
        n += hot(3)


def at_exit():
    sys.stdout.write(f"atexit {hot(20)}\n")


def main():
    for i in range(40):
        hot(i % 5)
    atexit.register(at_exit)
    for _ in range(2):
        threading.Thread(target=spin, daemon=True).start()
    time.sleep(0.05)
    global KEPT
    KEPT = Late("global")
    sys.kept = Late("in sys")
    cycle = [Late("in a cycle")]
    cycle.append(cycle)
    print("end")


main()
