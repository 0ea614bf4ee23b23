"""`python -m pyjit_core [options] script.py args…`: run a program with the JIT enabled.

The program sees what it would see under plain `python`: its own __main__ module, sys.argv and
sys.path, tracebacks, exit status. What remains different: sys.orig_argv, and that runpy and
pyjit_core are in sys.modules. Modules that `python` does not import at its start are avoided here.
"""

from __future__ import annotations

import atexit
import builtins
import os
import pkgutil
import sys
from importlib.machinery import BuiltinImporter
from types import ModuleType

from pyjit_core import _native, config

TYPE_CHECKING = False  # see _config.py
if TYPE_CHECKING:
    from typing import Literal, NoReturn

    Kind = Literal["script", "command", "module", "main", "stdin"]

USAGE = """\
usage: python -m pyjit_core [options] script.py [arguments]
       python -m pyjit_core [options] -m module [arguments]
       python -m pyjit_core [options] -c code [arguments]
       python -m pyjit_core [options] -   [arguments]          (from standard input)
"""


class Command:
    """What the command line asks for.

    `argv` is the program's sys.argv; `kind` and `target` are as `_native.run_main` takes them.
    """

    __slots__ = ("argv", "kind", "stats", "target")

    def __init__(self, kind: Kind, target: str, argv: list[str], *, stats: bool) -> None:
        self.kind = kind
        self.target = target
        self.argv = argv
        self.stats = stats


def fail(message: str) -> NoReturn:
    """End with status 2, as for any wrong command line."""
    print(f"{USAGE}\npython -m pyjit_core: {message}", file=sys.stderr)
    raise SystemExit(2)


def show_help() -> NoReturn:
    """Print the options and end."""
    print(f"{USAGE}\noptions:")
    rows = [(f"{o.flag} {o.type.upper()}", f"{o.help} (default: {o.default!r})") for o in config]
    rows.append(("--stats", "print a table to standard error when the program ends"))
    rows.append(("--version", "print the version and the build"))
    for flag, meaning in rows:
        print(f"  {flag:<26} {meaning}")
    raise SystemExit(0)


def show_version() -> NoReturn:
    """Print what this build is and end."""
    build = _native.build_info()
    faults = ", with planted faults" if build["faults"] else ""
    print(
        f"pyjit-core {build['version']} (build {build['build_id']}{faults}), "
        f"{build['arch']}, CPython {build['python']}"
    )
    raise SystemExit(0)


def set_option(flag: str, arguments: list[str]) -> None:
    """Set the option that `flag` names; its value is in it or the next argument."""
    flag, equals, text = flag.partition("=")
    option = next((option for option in config if option.flag == flag), None)
    if option is None:
        fail(f"no option {flag}; --help lists them")
    if not equals:
        if option.type == "bool":  # a switch may stand alone
            text = "1"
        elif not arguments:
            fail(f"{flag} needs a value: {option.allowed}")
        else:
            text = arguments.pop(0)
    try:
        setattr(config, option.name, text if option.type == "str" else int(text))
    except ValueError as error:
        reason = f": {error}" if option.type == "str" else ""
        fail(f"{flag} {text!r}: expected {option.allowed}{reason}")


def parse(arguments: list[str]) -> Command:
    """Take the options off the arguments, up to the program; options are set as they are met."""
    stats = False
    while arguments:
        argument = arguments.pop(0)
        if argument in {"-m", "-c"}:
            if not arguments:
                fail(f"{argument} needs a value")
            target = arguments.pop(0)
            kind: Kind = "module" if argument == "-m" else "command"
            return Command(kind, target, [argument, *arguments], stats=stats)
        if argument == "-":
            return Command("stdin", "", ["-", *arguments], stats=stats)
        if not argument.startswith("-"):
            return Command("script", absolute(argument), [argument, *arguments], stats=stats)
        if argument in {"-h", "--help"}:
            show_help()
        if argument == "--version":
            show_version()
        if argument == "--stats":
            stats = True
        else:
            set_option(argument, arguments)
    fail("no program given")


def absolute(path: str) -> str:
    """Return the path as the interpreter makes it absolute: it is not normalised."""
    try:
        return path if path.startswith("/") else f"{os.getcwd()}/{path}"  # noqa: PTH109 -- see above
    except OSError:
        return path


def prepare_path(command: Command) -> None:
    """Put the program's folder where `-m pyjit_core` put the current one."""
    if command.kind == "main":
        first = command.target
    elif command.kind == "script":
        first = os.path.dirname(os.path.realpath(command.argv[0]))  # noqa: PTH120 -- as python does
    elif command.kind == "module":
        return  # the current folder is what it needs
    else:
        first = ""
    if not sys.flags.safe_path:
        sys.path[0] = first
    elif command.kind == "main":
        sys.path.insert(0, first)


def fresh_main() -> ModuleType:
    """Return a module __main__ as the interpreter makes it before it runs anything."""
    module = ModuleType("__main__")
    module.__loader__ = BuiltinImporter
    module.__annotations__ = {}
    module.__dict__["__builtins__"] = builtins
    return module


def print_stats_at_exit() -> None:
    """Have the statistics printed at the end of this process, but not of its forks."""
    process = os.getpid()

    def report() -> None:
        if os.getpid() == process:
            from pyjit_core import _stats  # noqa: PLC0415 -- only when asked for

            print(_stats.table(_native.stats()), file=sys.stderr)
            if _native.config_get("count_events"):
                print(_stats.opcode_table(_stats.opcode_stats()), file=sys.stderr)

    atexit.register(report)


def main() -> None:
    """Run the program that the command line names."""
    command = parse(sys.argv[1:])
    if command.kind == "script" and pkgutil.get_importer(command.target) is not None:
        command.kind = "main"  # a folder or archive with a __main__
    if command.stats:
        print_stats_at_exit()
    prepare_path(command)
    sys.argv = command.argv
    sys.modules["__main__"] = fresh_main()
    _native.enable()
    _native.run_main(command.kind, command.target)


if __name__ == "__main__":
    main()
