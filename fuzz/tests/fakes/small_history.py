"""A repository with the history of a small "JIT", which CMake installs and the worker loads.

It has the interface of ours, and no machine code: while it is enabled, some versions of it
let ``abs`` answer wrongly. The road is the real one: git, CMake, a fork server, the oracles.
"""

import os
import subprocess

CMAKE = """
cmake_minimum_required(VERSION 3.20)
project(small NONE)
install(DIRECTORY pyjit_core DESTINATION .)
"""
MODULE = """
import builtins
_abs, _calls = builtins.abs, 0
def _wrong(value):
    {wrong}
    return _abs(value)
def enable():
    builtins.abs = _wrong
def disable():
    builtins.abs = _abs
def build_info():
    return {{"build_id": "{number}"}}
def stats():
    return {{}}
def executed():
    return [("<program>", "main")]
def reset_executed():
    pass
"""
WRONG = "return _abs(value) + 1"
RIGHT = "pass"
SOMETIMES = "import random; return _abs(value) + (random.SystemRandom().random() < 0.25)"
"""Wrong in about one run of two, for the program of the tests."""
DEFECT = "import math; math.no_such_name"
"""It builds, and the worker cannot load it."""
BROKEN = None
"""It does not build."""
ELSEWHERE = object()
"""A commit that changes nothing of the core."""


class History:
    """A repository whose commits are made one by one."""

    def __init__(self, folder):
        self.folder = folder
        self.hashes = []
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments):
        identity = {
            f"GIT_{who}_{what}": "test@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        return subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            env={**os.environ, **identity},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout.strip()

    def commit(self, *versions):
        for version in versions:
            number = len(self.hashes)
            package = self.folder / "core" / "pyjit_core"
            package.mkdir(parents=True, exist_ok=True)
            if version is ELSEWHERE:
                (self.folder / "notes.txt").write_text(str(number))
            else:
                cmake = CMAKE if version is not BROKEN else 'message(FATAL_ERROR "no such luck")\n'
                (self.folder / "core" / "CMakeLists.txt").write_text(cmake)
                text = MODULE.format(number=number, wrong=version or RIGHT)
                if version is DEFECT:
                    text = DEFECT
                (package / "__init__.py").write_text(text)
            self.git("add", "--all")
            self.git("commit", "--quiet", "--message", f"Change {number}")
            self.hashes.append(self.git("rev-parse", "HEAD"))
