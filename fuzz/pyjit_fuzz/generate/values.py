"""Constants worth trying, by type: plain ones first, then the borders where code breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Expr


def _int(value: int) -> Expr:
    return (str(value), max(value.bit_length(), 1), value >= 0)


SMALL_INTS: Final = tuple(map(_int, (0, 1, 2, 3, 5, 7, 10, -1, 4, 12, 31, -2, 100, -7, 255)))

# Small-int cache, 16- and 32-bit immediates, one and two 30-bit digits, 64-bit words.
EDGE_INTS: Final = tuple(
    map(
        _int,
        (
            256,
            257,
            -5,
            -6,
            127,
            128,
            32767,
            65535,
            -32768,
            (1 << 30) - 1,
            1 << 30,
            (1 << 30) + 1,
            -(1 << 30),
            1 - (1 << 30),
            (1 << 31) - 1,
            1 << 31,
            -(1 << 31),
            (1 << 32) - 1,
            1 << 32,
            (1 << 53) + 1,
            (1 << 59) - 1,
            (1 << 60) - 1,
            1 << 60,
            -(1 << 60),
            (1 << 60) + 1,
            (1 << 62) - 1,
            (1 << 63) - 1,
            1 << 63,
            -(1 << 63),
            -(1 << 63) - 1,
            (1 << 64) - 1,
            1 << 64,
        ),
    )
)
BIG_INTS: Final = tuple(
    map(_int, (10**20, -(10**20), 1 << 90, (1 << 90) - 1, -(1 << 120), 10**30 + 7, 3**80))
)
SMALLISH: Final = tuple(e for e in EDGE_INTS if e[1] <= 16)


def _texts(*texts: str) -> tuple[Expr, ...]:
    return tuple((text, 0, text[0] != "-") for text in texts)


FLOATS: Final = _texts("0.0", "1.0", "0.5", "2.0", "-1.5", "0.1", "3.25", "-0.25", "100.0", "7.0")
SPECIAL_FLOATS: Final = _texts(
    "-0.0",
    "1e999",
    "-1e999",
    'float("nan")',
    "5e-324",
    "-5e-324",
    "2.2250738585072014e-308",
    "1.7976931348623157e308",
    "1e16",
    "9007199254740993.0",
    "1e-10",
    "4503599627370495.5",
)


def _strs(*values: str) -> tuple[Expr, ...]:
    return tuple((_quote(value), len(value), True) for value in values)


def _quote(value: str) -> str:
    """Quote with double quotes; unlike ``repr`` it never changes between versions."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\0": "\\x00"}
    return '"' + "".join(escapes.get(char, char) for char in value) + '"'


STRINGS: Final = _strs(
    "", "a", "abc", "x y", "42", "Key", "hello world", "-7", "  pad ", "a,b,,c", "%", "{}"
)
UNICODE_STRINGS: Final = _strs("é", "ÿß", "Ωmega", "日本", "😀x", "naïve", "İ", "a\0b", "ﬁ", "٣")
KEYS: Final = ("a", "b", "c", "d", "e", "k")
"""Keys of dicts from str; the first three are a record's."""
MODULI: Final = ("1009", "65521", "1000003", "2147483647", "4611686018427387847")
MODULUS_BITS: Final = (10, 16, 20, 31, 62)
