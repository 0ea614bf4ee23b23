"""A recursive-descent parser and evaluator with its own exceptions.

Deep calls, string scanning, closures as code, exceptions with positions, and a
class hierarchy with `__slots__`.
"""

LOG = []


class ParseError(Exception):
    def __init__(self, message, position):
        super().__init__(f"{message} at {position}")
        self.position = position


class Parser:
    __slots__ = ("text", "i")

    def __init__(self, text):
        self.text = text
        self.i = 0

    def peek(self):
        while self.i < len(self.text) and self.text[self.i] == " ":
            self.i += 1
        return self.text[self.i] if self.i < len(self.text) else ""

    def take(self, expected):
        if self.peek() != expected:
            raise ParseError(f"expected {expected!r}, found {self.peek()!r}", self.i)
        self.i += 1

    def expression(self):
        value = self.term()
        while (op := self.peek()) and op in "+-":
            self.i += 1
            right = self.term()
            value = (
                (lambda a, b: lambda env: a(env) + b(env))(value, right)
                if op == "+"
                else (lambda a, b: lambda env: a(env) - b(env))(value, right)
            )
        return value

    def term(self):
        value = self.factor()
        while (op := self.peek()) and op in "*/":
            self.i += 1
            left, right = value, self.factor()

            def value(env, left=left, right=right, op=op):
                return left(env) * right(env) if op == "*" else left(env) / right(env)

        return value

    def factor(self):
        ch = self.peek()
        if ch == "(":
            self.i += 1
            value = self.expression()
            self.take(")")
            return value
        if ch == "-":
            self.i += 1
            inner = self.factor()
            return lambda env: -inner(env)
        start = self.i
        if ch.isdigit():
            while self.i < len(self.text) and self.text[self.i].isdigit():
                self.i += 1
            number = int(self.text[start : self.i])
            return lambda env: number
        if ch.isalpha():
            self.i += 1
            return lambda env: env[ch]
        raise ParseError(f"unexpected {ch!r}", self.i)


def evaluate(text, **env):
    parser = Parser(text)
    code = parser.expression()
    if parser.peek():
        raise ParseError("trailing text", parser.i)
    return code(env)


def attempt(text, **env):
    try:
        return evaluate(text, **env)
    except ParseError as error:
        return str(error), error.position
    except (KeyError, ZeroDivisionError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(25):
        out.append(attempt("1 + 2*(x - 3) - -y/4", x=i, y=8))
        out.append(attempt("((((x))))*x*x*x", x=i * 100000))
    out = out[-4:]
    for text in ("", "1 +", "(1", "1 2", "a*", "z", "x/0", "1/(x-x)", "$", "x*x"):
        out.append(attempt(text, x=2.5))
    out.append(attempt("x + y", x="ab", y="cd"))
    out.append(attempt("x * 3 + y", x=[1], y=[2]))
    out.append(attempt("x + y", x="ab", y=1))
    return out


RESULT = main()
