"""What holds for every test, in whatever room."""

import signal

# A shell that runs tests in the background has them ignore SIGINT, and a child inherits that: then
# nothing that is about Ctrl-C could be tested. A handler, unlike ignoring, ends with exec.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
