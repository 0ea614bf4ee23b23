"""README.md is in step with the tables that it shows."""

import runpy
from pathlib import Path

import pyjit_core

TABLES = runpy.run_path(str(Path(__file__).with_name("options_table.py")))
README = (Path(__file__).parents[2] / "README.md").read_text()
RENEW = "renew it: python core/tests/api/options_table.py --write"


def test_the_table_of_options_is_in_step():
    assert TABLES["option_table"]() in README, RENEW
    for option in pyjit_core.config:
        assert f"`{option.variable}`" in TABLES["option_table"]()


def test_the_table_of_counters_is_in_step():
    assert TABLES["counter_table"]() in README, RENEW


def test_every_function_is_described():
    for name in set(pyjit_core.__all__) - {"Config", "Option"}:
        assert f"`{name}" in README, name
