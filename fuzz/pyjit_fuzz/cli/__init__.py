"""The command line ``pyjit-fuzz``; the commands are listed in ``main.py``, a file each.

Exit codes, the same for every command:

    0    nothing was found
    1    something was found: a divergence, or a finding that shows again
    2    the set-up is broken, or the command line is wrong; one message says what to do
    130  interrupted; what was done is kept

Results go to standard output, progress and messages to standard error.
"""
