"""A compiled function forks; both sides go on, compile more, and do not disturb each other."""
import os


def fresh(n):
    namespace = {}
    exec(f"def made(x):\n    total = {n}\n    for i in range(x):\n        total += i * {n}\n"
         "    return total", namespace)
    made = namespace["made"]
    return [made(k) for k in range(30)][-1]


def hot(x):
    return x * 3 + 1


def forking(n):
    total = 0
    for i in range(n):
        total += hot(i)
        if i == n // 2:
            pid = os.fork()
            if pid == 0:
                for k in range(40):
                    total += fresh(k + 1000)
                total += sum(hot(k) for k in range(100))
                os._exit(total % 251)
    for k in range(40):
        total += fresh(k)
    _, status = os.waitpid(pid, 0)
    return total, os.WEXITSTATUS(status)


def main():
    for i in range(50):
        hot(i)
    for _ in range(5):
        print(forking(60))
    print(hot(5), fresh(7))


main()
