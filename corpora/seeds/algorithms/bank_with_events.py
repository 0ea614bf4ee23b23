"""Accounts, events and observers: ordinary business code with many small classes.

Inheritance, properties with checks, callbacks stored in lists, a context
manager as transaction that rolls back, and custom exceptions.
"""

LOG = []


class InsufficientFunds(Exception):
    def __init__(self, account, amount):
        super().__init__(f"{account.name}: {account.balance} < {amount}")
        self.account = account


class Event:
    def __init__(self):
        self.handlers = []

    def __iadd__(self, handler):
        self.handlers.append(handler)
        return self

    def __call__(self, *args, **kwargs):
        for handler in self.handlers:
            handler(*args, **kwargs)


class Account:
    fee = 0

    def __init__(self, name, balance=0):
        self.name = name
        self._balance = balance
        self.changed = Event()

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        old, self._balance = self._balance, value
        self.changed(self, old=old, new=value)

    def withdraw(self, amount):
        total = amount + self.fee
        if total > self.balance:
            raise InsufficientFunds(self, total)
        self.balance -= total

    def deposit(self, amount):
        self.balance += amount


class Savings(Account):
    fee = 1
    rate = 0.125

    def deposit(self, amount):
        super().deposit(amount)
        self.interest = self.balance * self.rate


class Transaction:
    def __init__(self, *accounts):
        self.accounts = accounts

    def __enter__(self):
        self.saved = [account._balance for account in self.accounts]
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None:
            for account, balance in zip(self.accounts, self.saved):
                account._balance = balance
            LOG.append(("rolled back", str(error)))
        return kind is not None and issubclass(kind, InsufficientFunds)


def transfer(a, b, amount):
    with Transaction(a, b):
        b.deposit(amount)
        a.withdraw(amount)
        return True
    return False


def audit(account, old, new):
    LOG.append((account.name, old, new))


def main():
    out = []
    a, b, c = Account("a", 100), Savings("b", 50), Savings("c")
    b.changed += audit
    for i in range(60):
        out.append(transfer(a, b, i % 7))
        out.append(transfer(b, c, i % 5))
        out.append(transfer(c, a, i % 11))
    out = [out.count(True), out.count(False), a.balance, b.balance, c.balance, b.interest]
    Account.fee = 0.5
    Savings.fee = 2**64
    out += [transfer(a, b, 1), transfer(b, a, 1), a.balance, b.balance]
    del Savings.fee
    out += [transfer(b, a, 1), b.balance]
    a.changed += lambda account, **values: values["missing"]
    try:
        transfer(b, a, 1)
    except KeyError as error:
        out.append((error.args, a.balance, b.balance))
    Savings.deposit = lambda self, amount: LOG.append("no deposit")
    a.changed.handlers.clear()
    out += [transfer(a, b, 1), a.balance, b.balance]
    n = len(LOG)
    del LOG[20:]
    return n, out


RESULT = main()
