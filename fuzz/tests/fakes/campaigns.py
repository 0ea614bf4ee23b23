"""Small campaigns with wrong JITs, for tests."""

from pyjit_fuzz.campaign import Settings
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import Profile, Program
from pyjit_fuzz.reduce import Budget

ADDS = Program(
    source="def main():\n"
    "    total = 0\n"
    "    for number in range(3):\n"
    "        total = total + number\n"
    "    return total\n"
    "RESULT = main()\n",
    origin="corpus:adds",
)
PLAIN = Program(source="def main():\n    return 5 * 3\nRESULT = main()\n", origin="corpus:plain")


def profiles(kind, **environment):
    return (
        Profile(name="interp", arch="x86_64"),
        Profile(
            name="jit",
            arch="x86_64",
            executor="wrong",
            environment={"WRONG": kind, **environment},
        ),
    )


def settings(kind, programs=0, environment=None, **fields):
    return Settings(
        seed=1,
        profiles=profiles(kind, **(environment or {})),
        limits=Limits(),
        programs={"x86_64": programs},
        reduction=Budget(seconds=20),
        **fields,
    )
