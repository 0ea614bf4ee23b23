"""Makes ``repro.py``: the template with a finding's program and settings put in."""

from __future__ import annotations

from importlib import resources

from pyjit_fuzz.execute import COLLECT_EVERY
from pyjit_fuzz.model import Finding

_TEMPLATE = "repro_template.py"
_RUNS_FOR_A_LEAK = 20


def repro_text(finding: Finding) -> str:
    """Return a script that shows the finding without the toolkit."""
    profile = finding.tested
    template = resources.files(__package__ or "").joinpath(_TEMPLATE).read_text(encoding="utf-8")
    environment = {
        name: value for name, value in profile.environment.items() if name.startswith("PYJIT")
    }
    values = {
        "@TITLE@": _comment(f"{finding.verdict.signature} ({profile.key})"),
        "@COMMAND@": "python3.11 repro.py",
        '"@JIT@"': repr(profile.jit or "pyjit_core"),
        "0  # @COLLECT_EVERY@": environment.pop(COLLECT_EVERY, "0"),
        "{}  # @ENVIRONMENT@": repr(environment),
        "1  # @RUNS@": str(_RUNS_FOR_A_LEAK if finding.verdict.oracle == "lifetime" else 1),
        '""  # @PROGRAM@': literal(finding.program.source),
    }
    for placeholder, value in values.items():
        template = template.replace(placeholder, value, 1)
    return template


def _comment(text: str) -> str:
    return text.replace("\\", "/").replace('"', "'").replace("\n", " ")


def literal(source: str) -> str:
    """Return a string literal for a program that a person can read, where that is possible."""
    readable = source.replace("\n", "").replace("\t", "").isprintable()
    if readable and "'''" not in source and not source.endswith(("'", "\\")):
        # The first line break is not the program's: line numbers must stay what they were.
        return f"r'''\n{source}'''[1:]"
    return ascii(source)
