"""Closures called through decorators with `*args, **kwargs`, many per factory.

Each factory call makes new functions that share one code object: compiled code
must take cells, defaults and globals from the function, not from the first one.
"""

import functools

LOG = []


def logged(name):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            LOG.append((name, args, sorted(kwargs.items())))
            return function(*args, **kwargs)

        return wrapper

    return decorate


def memoise(function):
    cache = {}

    def wrapper(n):
        if n not in cache:
            cache[n] = function(n)
        return cache[n]

    wrapper.cache = cache
    return wrapper


@memoise
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@logged("inner")
@logged("outer")
def area(width, height=2):
    return width * height


def make_scaler(factor, offset=0):
    def scale(x, extra=offset):
        return x * factor + extra

    return scale


def compose(*functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x

    return composed


def main():
    out = []
    scalers = [make_scaler(k, k * 10) for k in range(5)]
    for i in range(100):
        out.append(scalers[i % 5](i))
        out.append(compose(*scalers[: i % 5])(1))
    scalers.append(make_scaler("ab"))
    scalers.append(make_scaler(0.5, 0.25))
    out.append(scalers[5](3, ""))
    out.append(scalers[6](3))
    out.append(fibonacci(80))
    out.append(list(fibonacci.cache)[:5])
    for i in range(20):
        out.append(area(i))
    out.append(area(3, height=4))
    out.append((area.__name__, area.__wrapped__.__name__))
    try:
        area()
    except TypeError as error:
        out.append(str(error))
    try:
        scalers[0].__defaults__ = (7,)
        out.append(scalers[0](1))
        scalers[0].__defaults__ = None
        scalers[0](1)
    except TypeError as error:
        out.append(str(error))
    return out


RESULT = main()
