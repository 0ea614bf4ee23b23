"""Classes that derive from built-in types: all kinds occur, and their scenes come to an end."""

from __future__ import annotations

from pyjit_fuzz.generate.surprises.bases import BASES, ENUMS, mixed


def test_every_base_is_used_and_scenes_end(build, execute):
    seen, results = set(), 0
    for seed in range(250):
        b = build(seed)
        assert mixed(b)
        text = "\n".join(b.lines)
        seen |= {base for base, _ in BASES if f"({base}):" in text}
        seen |= {kind for kind in ENUMS if f"enum.{kind})" in text}
        values = execute(b)
        out = values[b.records["scenes"][0]]()
        results += len(out) >= 8
    assert seen == {base for base, _ in BASES} | set(ENUMS)
    assert results == 250


def test_one_place_meets_instances_with_dictionaries_in_several_places(build, execute):
    behind = before = 0
    for seed in range(60):
        b = build(seed)
        assert mixed(b)
        names = execute(b)
        made = [value for value in names.values() if isinstance(value, type)]
        behind += any(each.__itemsize__ and each.__dictoffset__ for each in made)
        before += any(not each.__itemsize__ and each.__dictoffset__ for each in made)
    assert behind > 20
    assert before > 20
