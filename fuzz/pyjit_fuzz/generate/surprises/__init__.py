"""Scenes: hot code, then the surprise.

To add one, write a function ``(builder) -> bool`` that emits, at module level, what it needs
and a scene (``open_scene`` … ``close_scene``); it answers False, before it emits anything,
where it does not apply. Give it a row here and, if it is a new feature, a name in
``features``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyjit_fuzz.generate.builder import Builder
from pyjit_fuzz.generate.surprises import (
    bases,
    classes,
    coroutines,
    delegation,
    frames,
    generators,
    groups,
    lifetimes,
    matching,
    midloop,
    names,
    owners,
    slowpaths,
    tracing,
    types,
)
from pyjit_fuzz.generate.table import Table

SURPRISES: Final[Table[Callable[[Builder], bool]]] = Table(
    "surprises",
    [
        (2, "", types.plain),
        (1, "", types.repeated_call),
        (5, "surprise-argument-types", types.argument_types),
        (3, "surprise-wrong-types", types.wrong_types),
        (2, "surprise-int-growth", types.int_growth),
        (2, "surprise-element-types", types.element_types),
        (2, "surprise-iterables", types.iterables),
        (2, "surprise-callees", types.callees),
        (2, "surprise-receivers", types.receivers),
        (4, "surprise-receivers", slowpaths.raw_across),
        (4, "surprise-receivers", owners.changing),
        (2, "surprise-unpacking", types.unpacking),
        (3, "surprise-class-attribute", classes.class_attribute),
        (3, "surprise-method", classes.method),
        (3, "surprise-instance-attribute", classes.instance_attribute),
        (3, "surprise-class-assignment", classes.class_assignment),
        (3, "surprise-instance-dict", classes.instance_dict),
        (2, "surprise-base-class", classes.base_class),
        (2, "surprise-property", classes.property_over_attribute),
        (2, "surprise-getattr", classes.getattr_hook),
        (2, "surprise-dunder", classes.dunder),
        (5, "built-in-base", bases.mixed),
        (2, "surprise-attribute-deletion", classes.attribute_deletion),
        (3, "surprise-global", names.global_name),
        (2, "surprise-builtin", names.builtin_name),
        (3, "surprise-code", names.code_object),
        (2, "surprise-defaults", names.defaults),
        (3, "surprise-redefinition", names.redefinition),
        (2, "surprise-dict-keys", names.dict_keys),
        (2, "surprise-list-mutation", names.list_mutation),
        (3, "surprise-finaliser", names.finalisers),
        (3, "surprise-finaliser", lifetimes.watched_stores),
        (3, "surprise-finaliser", lifetimes.swapped),
        (2, "surprise-finaliser", lifetimes.numbers_over_objects),
        (3, "surprise-finaliser", lifetimes.fresh_receivers),
        (4, "surprise-fuse", names.armed_fuse),
        (2, "nonlocal", names.closure_cell),
        (4, "surprise-frames", frames.looked_at),
        (3, "surprise-frames", frames.kept),
        (3, "surprise-frames", frames.suspended),
        (3, "surprise-tracing", tracing.traced),
        (5, "surprise-tracing", tracing.operations),
        (5, "surprise-in-loop", midloop.in_loop),
        (6, "generator-consumer", generators.exhausted),
        (4, "generator-by-hand", generators.driven),
        (2, "generator-by-hand", generators.interleaved),
        (8, "surprise-resumed", generators.resumed),
        (2, "surprise-generator", generators.element_types),
        (1, "surprise-generator", generators.re_entered),
        (2, "yield-from", delegation.deep_chain),
        (2, "yield-from", delegation.tree_walk),
        (3, "yield-from", delegation.delegates),
        (2, "surprise-generator", generators.raising),
        (2, "yield-in-try", generators.handling),
        (2, "surprise-generator", generators.dropped),
        (2, "surprise-generator", generators.changed_list),
        (4, "coroutine", coroutines.driven),
        (4, "surprise-coroutine", coroutines.by_hand),
        (2, "async-generator", coroutines.async_exhausted),
        (2, "async-generator", coroutines.async_by_hand),
        (6, "surprise-coroutine", coroutines.resumed),
        (2, "coroutine", coroutines.chained),
        (4, "surprise-coroutine", coroutines.awaitables),
        (6, "surprise-match", matching.any_subject),
        (5, "surprise-group", groups.changing),
    ],
)
