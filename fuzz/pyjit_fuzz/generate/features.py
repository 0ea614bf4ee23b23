"""The language features that swarm testing switches on and off, in groups.

Each group is drawn as one choice, a bit mask, so that a swarm costs few choices and a
shrinker can clear a whole group by setting one number to 0. A group of ``SWITCHED`` has one
more bit, which is for all of it: half of the programs do without, so that what is in every
program is not diluted by what is in some. A program's ``features`` are those that it really
uses, which is a subset of those that were switched on.
"""

from __future__ import annotations

from typing import Final

from pyjit_fuzz.generate.choices import Choices

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "numbers": (
        "float",
        "float-special",
        "big-int",
        "bit-operations",
        "division",
        "power",
        "conversions",
        "numeric-polymorphism",
    ),
    "text": ("str", "unicode", "f-string", "str-methods", "percent-format", "repr"),
    "containers": (
        "list",
        "tuple",
        "dict",
        "set",
        "nested-list",
        "slice",
        "unpacking",
        "star-display",
        "subscript-store",
        "container-methods",
    ),
    "expressions": (
        "conditional",
        "boolean-operators",
        "comparison-chain",
        "walrus",
        "lambda",
        "comprehension",
        "generator-expression",
        "builtins",
    ),
    "calls": (
        "keyword-call",
        "default-arguments",
        "var-arguments",
        "keyword-only",
        "positional-only",
        "star-call",
        "recursion",
        "library",
    ),
    "scopes": (
        "closure",
        "nonlocal",
        "global-store",
        "decorator",
        "import",
        "del-local",
        "unbound-local",
    ),
    "classes": (
        "class",
        "inheritance",
        "super",
        "slots",
        "property",
        "class-attribute",
        "class-static-method",
        "getattr-hook",
        "built-in-base",
    ),
    "dunders": (
        "arithmetic-dunder",
        "reflected-dunder",
        "in-place-dunder",
        "comparison-dunder",
        "container-dunder",
        "iterator-dunder",
        "call-dunder",
        "context-manager",
        "eq-hash-dunder",
        "bool-dunder",
    ),
    "control": (
        "break-continue",
        "loop-else",
        "while",
        "try-except",
        "try-finally",
        "finally-jump",
        "raise-from",
        "re-raise",
        "assert",
        "early-return",
    ),
    "events": ("fuse", "finaliser", "output", "planned-exception"),
    "type-surprises": (
        "surprise-argument-types",
        "surprise-wrong-types",
        "surprise-int-growth",
        "surprise-element-types",
        "surprise-iterables",
        "surprise-callees",
        "surprise-receivers",
        "surprise-unpacking",
    ),
    "class-surprises": (
        "surprise-class-attribute",
        "surprise-method",
        "surprise-instance-attribute",
        "surprise-class-assignment",
        "surprise-instance-dict",
        "surprise-base-class",
        "surprise-property",
        "surprise-getattr",
        "surprise-dunder",
    ),
    "other-surprises": (
        "surprise-global",
        "surprise-builtin",
        "surprise-code",
        "surprise-defaults",
        "surprise-redefinition",
        "surprise-dict-keys",
        "surprise-list-mutation",
        "surprise-finaliser",
        "surprise-fuse",
        "surprise-attribute-deletion",
        "surprise-in-loop",
    ),
    "generators": (
        "generator-function",
        "generator-consumer",
        "generator-by-hand",
        "generator-method",
        "yield-from",
        "yield-in-expression",
        "yield-in-try",
        "yield-in-with",
        "surprise-generator",
        "surprise-resumed",
    ),
    "coroutines": (
        "coroutine",
        "async-generator",
        "async-for",
        "async-with",
        "async-comprehension",
        "await-in-expression",
        "await-in-try",
        "surprise-coroutine",
    ),
    "matching": (
        "match",
        "match-class",
        "match-guard",
        "match-or",
        "match-star",
        "surprise-match",
    ),
    "exception-groups": ("except-star", "nested-group", "surprise-group"),
    "frames": ("surprise-frames", "surprise-tracing"),
}
"""Group name to feature names; the order is part of the generator's version."""

SWITCHED: Final = frozenset(("generators", "coroutines", "matching", "exception-groups"))
"""Groups that are switched off as a whole in half of the programs."""

FEATURES: Final[tuple[str, ...]] = tuple(name for group in GROUPS.values() for name in group)
"""All features, in drawing order."""


def draw_features(choices: Choices) -> frozenset[str]:
    """Switch each feature on or off with even odds; all off is the simplest."""
    enabled: list[str] = []
    for group, names in GROUPS.items():
        switched = group in SWITCHED
        mask = choices.draw(1 << (len(names) + switched))
        if switched:
            if not mask >> len(names):
                continue
            # The others of such a group are of no use without its first one.
            mask |= 1
        enabled.extend(name for bit, name in enumerate(names) if mask >> bit & 1)
        if group == "class-surprises" and mask.bit_count() > len(names) // 2:
            # Many surprises of classes, and no class to surprise, would be a waste.
            enabled.append("class")
    return frozenset(enabled)
