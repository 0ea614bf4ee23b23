"""Options of the JIT as attributes.

The table of options is the native module's (`core/src/config.def`); nothing is listed here. A value
is checked before it is set. Code that is compiled already keeps what it was compiled with.
"""

from __future__ import annotations

from pyjit_core import _native

TYPE_CHECKING = False  # `typing` is not imported at run time: it costs more than all of this
if TYPE_CHECKING:
    from collections.abc import Iterator


class Option:
    """One option: its name, type ("int", "bool", "str"), default, bounds and meaning.

    The bounds are included; they are None for text.
    """

    __slots__ = ("default", "help", "highest", "lowest", "name", "type")
    name: str
    type: str
    default: int | str
    lowest: int | None
    highest: int | None
    help: str

    def __init__(self, row: tuple[str, str, int | str, int | None, int | None, str]) -> None:
        self.name, self.type, self.default, self.lowest, self.highest, self.help = row

    @property
    def variable(self) -> str:
        """Name of the environment variable that sets it when the JIT is imported."""
        return f"PYJIT_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """Name of the command-line option of `python -m pyjit_core`."""
        return "--" + self.name.replace("_", "-")

    @property
    def allowed(self) -> str:
        """What may be assigned, in words."""
        if self.type == "int":
            return f"{self.lowest} to {self.highest}"
        return {"bool": "0 or 1", "str": "text"}[self.type]

    def __repr__(self) -> str:
        return f"<option {self.name}: {self.help}; {self.allowed}, default {self.default!r}>"


class Config:
    """The options, one attribute each; there is one instance, `pyjit_core.config`.

    Reading gives int, bool or str. Assigning raises AttributeError for an unknown option, TypeError
    for a value of another type, ValueError for one that is not allowed, and changes nothing then.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> int | str:
        return _native.config_get(name)

    def __setattr__(self, name: str, value: int | str) -> None:
        _native.config_set(name, value)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"option '{name}' cannot be deleted; assign its default instead")

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *(option.name for option in self)]

    def __iter__(self) -> Iterator[Option]:
        """Yield the options in the order of their table."""
        return map(Option, _native.config_table())

    def __repr__(self) -> str:
        values = (f"    {option.name}={getattr(self, option.name)!r}," for option in self)
        return "\n".join(["Config(", *values, ")"])


config = Config()
