"""Options: the table, the environment, the attributes, the command line."""

import re

import pytest

import pyjit_core
from pyjit_core import Option, config

OPTIONS = list(config)
NUMBERS = [o for o in OPTIONS if o.type != "str"]
by_name = pytest.mark.parametrize("option", OPTIONS, ids=lambda o: o.name)
numbers = pytest.mark.parametrize("option", NUMBERS, ids=lambda o: o.name)

SHOW = "import pyjit_core; print(repr(pyjit_core.config.{}))"


@pytest.fixture(autouse=True)
def _restore():
    before = {option.name: getattr(config, option.name) for option in OPTIONS}
    yield
    for name, value in before.items():
        setattr(config, name, value)


def another(option: Option) -> int | bool:
    """An allowed value that is not the default."""
    value = option.highest if option.default != option.highest else option.lowest
    return bool(value) if option.type == "bool" else value


def test_the_table_is_well_formed():
    assert len({option.name for option in OPTIONS}) == len(OPTIONS) >= 10
    for option in OPTIONS:
        assert option.help, option.name
        if option.type == "str":
            assert (option.lowest, option.highest) == (None, None)
        else:
            assert option.lowest <= option.default <= option.highest


@by_name
def test_without_environment_an_option_has_its_default(option, python):
    assert python("-c", SHOW.format(option.name)).stdout == f"{option.default!r}\n"


@by_name
def test_an_empty_variable_is_no_variable(option, python):
    result = python("-c", SHOW.format(option.name), **{option.variable: ""})
    assert result.stdout == f"{option.default!r}\n"


@numbers
def test_the_environment_sets_an_option(option, python):
    value = another(option)
    result = python("-c", SHOW.format(option.name), **{option.variable: str(int(value))})
    assert result.stdout == f"{value!r}\n"


@numbers
@pytest.mark.parametrize("text", ["x", "1.5", " 1", "1 ", "0x1", "-1", "99999999999999999999", "²"])
def test_a_bad_variable_stops_the_import_and_is_named(option, text, python):
    result = python("-c", "import pyjit_core", **{option.variable: text})
    allowed = (
        "0 or 1"
        if option.type == "bool"
        else f"an integer from {option.lowest} to {option.highest}"
    )
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last == f"ValueError: {option.variable}={text!r}: expected {allowed}"


@numbers
def test_attributes_take_both_bounds_and_nothing_beyond(option):
    for value in (option.lowest, option.highest):
        setattr(config, option.name, value)
        assert getattr(config, option.name) == value
    for value in (option.lowest - 1, option.highest + 1, 1 << 70, -1 << 70):
        with pytest.raises(ValueError, match=rf"config\.{option.name}={value}: expected "):
            setattr(config, option.name, value)
        assert getattr(config, option.name) == option.highest


@numbers
def test_attributes_refuse_other_types(option):
    before = getattr(config, option.name)
    for value in ("1", 1.0, None):
        with pytest.raises(TypeError, match=re.escape(f"config.{option.name}={value!r}: expected")):
            setattr(config, option.name, value)
    assert getattr(config, option.name) == before


def test_switches_read_as_bool():
    config.log = 1
    assert config.log is True
    config.log = False
    assert config.log is False


def test_an_unknown_option_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no option 'treshold'"):
        config.treshold = 1
    with pytest.raises(AttributeError, match="no option 'treshold'"):
        _ = config.treshold
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del config.log


def test_repr_and_dir_show_every_option():
    config.threshold_calls = 12345
    assert "threshold_calls=12345," in repr(config)
    for option in OPTIONS:
        assert f"{option.name}=" in repr(config)
        assert option.name in dir(config)


def test_faults_are_refused_by_name(python):
    build = pyjit_core.build_info()
    known = build["fault_names"]
    with pytest.raises(ValueError, match=r"config\.fault='no-such-fault': ") as caught:
        config.fault = "no-such-fault"
    assert config.fault == ""
    if build["faults"]:
        assert all(name in str(caught.value) for name in known)
        config.fault = known[0]
        assert config.fault == known[0]
    else:
        assert known == ()
        assert "this build has no planted faults" in str(caught.value)
    result = python("-c", "import pyjit_core", PYJIT_FAULT="no-such-fault")
    assert "ValueError: PYJIT_FAULT='no-such-fault': " in result.stderr.splitlines()[-1]


def test_generic_opcodes_are_refused_by_name(python):
    config.generic_opcodes = "BINARY_OP,LOAD_ATTR"
    for bad, rest in {
        "BINARY_OP,FOO,CALL": "FOO,CALL",
        ",CALL": ",CALL",
        "call": "call",
        "BINARY_OP:0,BINARY_OP:64": "BINARY_OP:64",
        "BINARY_OP:": "BINARY_OP:",
        "BINARY_OP:-1": "BINARY_OP:-1",
        "BINARY_OP:1x": "BINARY_OP:1x",
        "BINARY_OP:0:1": "BINARY_OP:0:1",
    }.items():
        with pytest.raises(ValueError, match=rf"config\.generic_opcodes='{bad}': .* at '{rest}'"):
            config.generic_opcodes = bad
        assert config.generic_opcodes == "BINARY_OP,LOAD_ATTR"
    result = python("-c", "import pyjit_core", PYJIT_GENERIC_OPCODES="BINARY")
    assert result.stderr.splitlines()[-1].startswith("ValueError: PYJIT_GENERIC_OPCODES='BINARY': ")


def test_text_must_be_text_without_a_nul():
    with pytest.raises(TypeError, match=r"config\.fault=7: expected text"):
        config.fault = 7
    with pytest.raises(ValueError, match="null byte"):
        config.fault = "\0"


@numbers
def test_the_command_line_sets_an_option(option, python):
    value = another(option)
    spellings = [[f"{option.flag}={int(value)}"]]
    if option.type != "bool":
        spellings.append([option.flag, str(value)])
    elif value:  # a switch may stand alone
        spellings.append([option.flag])
    for arguments in spellings:
        result = python("-m", "pyjit_core", *arguments, "-c", SHOW.format(option.name))
        assert result.stdout == f"{value!r}\n", result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no program given"),
        (["--no-such"], "no option --no-such; --help lists them"),
        (["--threshold-calls"], "--threshold-calls needs a value: 1 to 2147483647"),
        (["--threshold-calls", "x", "s.py"], "--threshold-calls 'x': expected 1 to 2147483647"),
        (["--inline-caches=5", "s.py"], "--inline-caches '5': expected 0 to 4"),
        (["--log=maybe", "s.py"], "--log 'maybe': expected 0 or 1"),
        (["--fault", "none-such", "s.py"], "--fault 'none-such': expected text: "),
        (["-m"], "-m needs a value"),
        (["-c"], "-c needs a value"),
    ],
)
def test_a_wrong_command_line_is_one_clear_line(arguments, message, python):
    result = python("-m", "pyjit_core", *arguments)
    assert result.returncode == 2
    assert result.stderr.startswith("usage: ")
    assert result.stderr.splitlines()[-1].startswith(f"python -m pyjit_core: {message}")
    assert "Traceback" not in result.stderr


def test_a_bad_variable_is_one_line_from_the_command_too(python):
    result = python("-m", "pyjit_core", "-c", "", PYJIT_LOG="2")
    assert result.returncode == 2
    assert result.stderr == "python -m pyjit_core: PYJIT_LOG='2': expected 0 or 1\n"


def test_help_lists_every_option(python):
    result = python("-m", "pyjit_core", "--help")
    assert result.returncode == 0
    for option in OPTIONS:
        row = rf"^  {option.flag} .*{re.escape(option.help)}"
        assert re.search(row, result.stdout, re.MULTILINE)


def test_version_names_the_build(python):
    build = pyjit_core.build_info()
    result = python("-m", "pyjit_core", "--version")
    assert f"pyjit-core {build['version']} (build {build['build_id']}" in result.stdout
