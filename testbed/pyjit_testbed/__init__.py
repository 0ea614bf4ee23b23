"""The test bed: test suites that nobody here wrote, run stock and jitted, compared test by test.

A *unit* is what one child process runs: a module of CPython's regression suite, or the suite of a
package. Each unit runs under the stock interpreter and under every profile, in environments that
differ in nothing but the variables of the profile. A test that passes stock and does not pass
jitted is a difference; it is reported if it happens again in fresh processes.

    inside        what runs within the tested interpreter: standard library only
    model         frozen nouns: unit, run, difference
    compare       differences of two runs, and what is left of them after a repetition; pure
    child         one unit in one child process, with its limits
    store         runs as JSON lines, kept through Ctrl-C
    bed           the loop over units and arms
    environments  interpreters with the JIT beside them, switched on by a variable
    cpython       CPython's own regression suite as units
    packages      suites of packages from the package index as units
    known         differences that docs/contract.md explains
    summary       what the report, the JSON file and the exit code are made of

This package is also importable inside the tested interpreter, so this module imports nothing.
"""
