"""Bound methods kept, passed, compared, called with too many arguments.

CALL unpacks a bound method into function and self; the method object is a
temporary and self must stay alive during the call.
"""

import functools

LOG = []


class Account:
    def __init__(self, name):
        self.name = name
        self.balance = 0

    def deposit(self, amount, times=1):
        self.balance += amount * times
        return self.balance

    def fluent(self, amount):
        self.balance += amount
        return self

    def __del__(self):
        LOG.append(("del", self.name, self.balance))


def many(function, n):
    last = None
    for i in range(n):
        last = function(i)
    return last


def temporary(name):
    return Account(name).deposit(5)


def kept(name):
    method = Account(name).deposit
    method(1)
    return method(2)


def chain(account):
    return account.fluent(1).fluent(2).fluent(3).balance


def rebinding(account):
    method = account.deposit
    account = None
    return method(10)


def main():
    out = []
    account = Account("main")
    for i in range(60):
        out.append(many(account.deposit, 3))
        out.append(chain(account))
        temporary("t")
        kept("k")
        rebinding(Account("r"))
    out = out[-2:]
    del LOG[9:]
    out.append(many(functools.partial(account.deposit, times=2), 4))
    out.append(many(Account.deposit.__get__(account), 2))
    out.append((account.deposit == account.deposit, account.deposit.__func__ is Account.deposit))
    for args in ((), (1, 2, 3), ("x",)):
        try:
            out.append(account.deposit(*args))
        except TypeError as error:
            out.append(str(error))
    bound = type(account.deposit)(len, [1, 2, 3])
    out.append(bound())
    bound = type(account.deposit)(account.deposit, 100)
    out.append(bound())
    return out


RESULT = main()
