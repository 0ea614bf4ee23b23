"""pyjit-fuzz: differential testing and fuzzing of Python JIT compilers."""

__version__ = "0.1.0"
