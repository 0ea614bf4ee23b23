"""The agent that runs inside the tested interpreter.

Contract: standard library only, syntax that Python 3.8 accepts, and nothing of
the rest of the toolkit: the tested interpreter is started with the path of
``launch.py`` and may belong to another architecture, or to another Python.

* ``launch``   the script that is started; makes this package importable alone
* ``agent``    the fork server: hello, then one forked child a request
* ``child``    one run: sandbox, compile, JIT on, run, JIT off, report
* ``sandbox``  limits, closed set of modules, audit hook
* ``canon``    values as canonical JSON trees
* ``errors``   exceptions and their tracebacks as canonical data
* ``channel``  frames on pipes, and the memory shared by server and child
"""
