"""A free function for co_extra hears of the code objects that were given an extra, of no others."""
import ctypes
import gc

python = ctypes.pythonapi
freefunc = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
request = python._PyEval_RequestCodeExtraIndex
request.argtypes = (freefunc,)
request.restype = ctypes.c_ssize_t
set_extra = python._PyCode_SetExtra
set_extra.argtypes = (ctypes.py_object, ctypes.c_ssize_t, ctypes.c_void_p)

heard = []
free = freefunc(heard.append)
index = request(free)


def made(value):
    scope = {}
    exec("def function(a):\n    for i in range(3):\n        a += i\n    return a\n", scope)
    if value:
        set_extra(scope["function"].__code__, index, value)
    return scope["function"]


def main():
    for value in (0, 0, 100, 0, 200):
        function = made(value)
        for n in range(50):
            function(n)
        if value:
            set_extra(function.__code__, index, value + 1)
        del function
    gc.collect()
    print(sorted(heard, key=str))


main()
