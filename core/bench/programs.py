"""Which of pyperformance's programs are measured, and what each needs: a table.

Contract: pure-Python programs only. Left out is what spends its time in C code that no compiler of
Python can make faster (regular expressions, `decimal`, the garbage collector, the accelerated
`json` and `pickle`), what needs a server or the network, and what needs a package that is not light
(sympy, networkx, Django, SQLAlchemy and their like). The files are those of the installed package;
nothing of it is copied into this repository.
"""

from __future__ import annotations

from typing import NamedTuple


class Program(NamedTuple):
    """A run of the script `bm_<folder>/run_benchmark.py`."""

    folder: str
    cases: tuple[str, ...]
    """The names that the script gives to pyperf's runner."""
    arguments: tuple[str, ...] = ()
    """The script's command line."""
    modules: tuple[str, ...] = ()
    """What it imports that is not in the standard library."""


def _trees() -> tuple[Program, ...]:
    """Return the variants of async_tree, each with `gather` and with task groups."""
    found = []
    for kind in ("none", "io", "memoization", "cpu_io_mixed"):
        found.append(Program("async_tree", (f"async_tree_{kind}",), (kind,)))
        name = f"async_tree_{kind}_tg"
        found.append(Program("async_tree", (name,), (kind, "--task-groups")))
    return tuple(found)


PROGRAMS = (
    Program("richards", ("richards",)),
    Program("richards_super", ("richards_super",)),
    Program("nbody", ("nbody",)),
    Program("spectral_norm", ("spectral_norm",)),
    Program("deltablue", ("deltablue",)),
    Program("hexiom", ("hexiom",)),
    Program("raytrace", ("raytrace",)),
    Program("chaos", ("chaos",)),
    Program("float", ("float",)),
    Program("fannkuch", ("fannkuch",)),
    Program("nqueens", ("nqueens",)),
    Program("pidigits", ("pidigits",)),
    Program("go", ("go",)),
    Program(
        "scimark",
        (
            "scimark_fft",
            "scimark_lu",
            "scimark_monte_carlo",
            "scimark_sor",
            "scimark_sparse_mat_mult",
        ),
    ),
    Program("unpack_sequence", ("unpack_sequence",)),
    Program("barnes_hut", ("quadtree_nbody",)),
    Program("comprehensions", ("comprehensions",)),
    Program("deepcopy", ("deepcopy", "deepcopy_reduce", "deepcopy_memo")),
    Program("generators", ("generators",)),
    Program("coroutines", ("coroutines",)),
    Program("async_generators", ("async_generators",)),
    *_trees(),
    Program("logging", ("logging_format", "logging_silent", "logging_simple")),
    Program("meteor_contest", ("meteor_contest",)),
    Program("pyflate", ("pyflate",)),
    Program("regex_compile", ("regex_compile",)),
    Program("argparse", ("many_optionals",), ("many_optionals",)),
    Program("argparse", ("subparsers",), ("subparsers",)),
    Program("base64", ("base32_large", "ascii85_large", "base85_large")),
    Program("bpe_tokeniser", ("bpe_tokeniser",)),
    Program("mdp", ("mdp",)),
    Program("pathlib", ("pathlib",)),
    Program("pickle", ("pickle_pure_python",), ("--pure-python", "pickle")),
    Program("pickle", ("unpickle_pure_python",), ("--pure-python", "unpickle")),
    Program("pprint", ("pprint_safe_repr", "pprint_pformat")),
    Program("telco", ("telco",)),
    Program("typing_runtime_protocols", ("typing_runtime_protocols",)),
    Program(
        "xml_etree",
        ("xml_etree_pure_python_generate", "xml_etree_pure_python_process"),
        ("--no-accelerator",),
    ),
    Program("crypto_pyaes", ("crypto_pyaes",), modules=("pyaes",)),
    Program("docutils", ("docutils",), modules=("docutils",)),
    Program("html5lib", ("html5lib",), modules=("html5lib", "six", "webencodings")),
    Program("mako", ("mako",), modules=("mako", "markupsafe")),
    Program("sqlglot_v2", ("sqlglot_v2_parse",), ("parse",), ("sqlglot",)),
    Program("sqlglot_v2", ("sqlglot_v2_transpile",), ("transpile",), ("sqlglot",)),
    Program("sqlglot_v2", ("sqlglot_v2_optimize",), ("optimize",), ("sqlglot",)),
    Program("sqlglot_v2", ("sqlglot_v2_normalize",), ("normalize",), ("sqlglot",)),
    Program("tomli_loads", ("tomli_loads",), modules=("tomli",)),
)
