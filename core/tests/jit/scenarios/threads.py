"""Threads take turns in compiled loops; asynchronous exceptions arrive there."""
import ctypes
import queue
import sys
import threading


def count(n, into, lock):
    total = 0
    for i in range(n):
        total += i % 7
        if i % 500 == 0:
            with lock:
                into.append(step(i))
    return total


def step(i):
    return i * 2


class Account:
    def __init__(self):
        self.balance = 0
        self.lock = threading.Lock()

    def add(self, amount):
        with self.lock:
            before = self.balance
            self.balance = before + amount


def deposits(account, n):
    for i in range(n):
        account.add(i)


def work(results, index, *args):
    results[index] = count(*args)


def recursive(n):
    return n if n < 2 else recursive(n - 1) + recursive(n - 2)


def fib_worker(results, index):
    results[index] = [recursive(14) for _ in range(3)]


def spin(started, ended):
    n = 0
    try:
        started.set()
        while True:
            n += 1
    except ZeroDivisionError:
        ended.put("ended")  # how often the loop went round is not known


def run(*threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    sys.setswitchinterval(1e-5)
    for _ in range(3):
        results, into, lock = {}, [], threading.Lock()
        run(*(
            threading.Thread(target=work, args=(results, k, 20000, into, lock)) for k in range(3)
        ))
        print(sorted(results.items()), len(into), sum(into))
        account = Account()
        run(*(threading.Thread(target=deposits, args=(account, 3000)) for _ in range(3)))
        print(account.balance)
        results = {}
        run(*(threading.Thread(target=fib_worker, args=(results, k)) for k in range(3)))
        print(sorted(results.items()))
        started, ended = threading.Event(), queue.Queue()
        thread = threading.Thread(target=spin, args=(started, ended))
        thread.start()
        started.wait()
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(ZeroDivisionError)
        )
        print(ended.get(timeout=20))
        thread.join()


main()
