"""Executors: run a program under a profile and bring back an observation.

``open_executor(profile)`` finds the executor by its entry point, starts the
tested interpreter, and shakes hands with it. ``Executor.run`` never raises
because of the program; it raises ``SetupError`` when the set-up is broken.
"""

from pyjit_fuzz.execute.errors import SetupError
from pyjit_fuzz.execute.limits import Limits
from pyjit_fuzz.execute.native import EXTRA_MODULES, ForkServerExecutor, open_native
from pyjit_fuzz.execute.pool import ExecutorPool
from pyjit_fuzz.execute.profiles import load_profiles, profile_names
from pyjit_fuzz.execute.registry import Executor, check_same_python, open_executor
from pyjit_fuzz.execute.scratch import Scratch
from pyjit_fuzz.worker.channel import COLLECT_EVERY

__all__ = [
    "COLLECT_EVERY",
    "EXTRA_MODULES",
    "Executor",
    "ExecutorPool",
    "ForkServerExecutor",
    "Limits",
    "Scratch",
    "SetupError",
    "check_same_python",
    "load_profiles",
    "open_executor",
    "open_native",
    "profile_names",
]
