"""Argument lists: positional, keyword, defaults left out, star and double-star."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.types import SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.functions import Function, Param


def call_cost(function: Function) -> int:
    """Return what one call is charged."""
    return function.cost


def arguments(b: Builder, function: Function, depth: int) -> str:
    """Return the text of the arguments of a valid call."""
    params = [param for param in function.params if not _left_out(b, param)]
    positional = [param for param in params if param.kind != "keyword"]
    left_out = len(function.params) != len(params)
    texts: list[str] = []
    keywords = False
    for param in positional:
        # After a parameter that was left out, position no longer says which one is meant.
        shifted = left_out and not _is_prefix(function, params, param)
        if param.kind == "positional":
            if shifted:
                break
            texts.append(b.text(param.type, depth))
            continue
        if keywords or shifted or (not function.star and b.maybe("keyword-call", 1, 5)):
            keywords = True
            texts.append(f"{param.name}={b.text(param.type, depth)}")
        else:
            texts.append(b.text(param.type, depth))
    if not keywords and not left_out:
        texts = _starred(b, function, texts, depth)
    for param in params:
        if param.kind == "keyword":
            texts.append(_keyword(b, param, depth))
    if function.kwargs:
        texts += _extra_keywords(b, depth)
    return ", ".join(texts)


def _left_out(b: Builder, param: Param) -> bool:
    return bool(param.default) and b.chance(1, 2)


def _is_prefix(function: Function, params: list[Param], param: Param) -> bool:
    """Say whether every parameter before this one is passed, too."""
    position = function.params.index(param)
    return all(before in params for before in function.params[:position])


def _starred(b: Builder, function: Function, texts: list[str], depth: int) -> list[str]:
    """Pass some positional arguments by ``*``, and more than there are names for."""
    if function.star and b.chance(2, 3):
        b.use("var-arguments")
        texts = [*texts, *(b.text(SMALL, depth) for _ in range(b.draw(4)))]
    if texts and b.maybe("star-call", 1, 6):
        at = b.draw(len(texts))
        rest = ", ".join(texts[at:])
        texts = [*texts[:at], f"*({rest},)" if b.draw(2) else f"*[{rest}]"]
    return texts


def _keyword(b: Builder, param: Param, depth: int) -> str:
    """Pass a keyword-only parameter, by name or by ``**``."""
    value = b.text(param.type, depth)
    if b.maybe("star-call", 1, 4):
        return f'**{{"{param.name}": {value}}}'
    return f"{param.name}={value}"


def _extra_keywords(b: Builder, depth: int) -> list[str]:
    """Return keywords for a ``**`` parameter, which ``star_prologue`` knows."""
    kind = b.draw(4)
    if kind == 0:
        return []
    if kind == 1:
        return [f"k1={b.text(SMALL, depth)}"]
    if kind == 2:
        return [f"k1={b.text(SMALL, 0)}", f"k2={b.text(SMALL, depth)}"]
    return [f'**{{"k2": {b.text(SMALL, depth)}}}']
