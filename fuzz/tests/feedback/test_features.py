"""Features: what counts as another thing reached, and how rare it is."""

from pyjit_fuzz.feedback import Rarity, features_of
from pyjit_fuzz.feedback.features import COMMON, parts_of
from pyjit_fuzz.model import Observation, Status


def seen(profile="jit@x86_64", **events):
    return Observation(profile=profile, status=Status.OK, events=events)


def test_a_feature_is_an_event_of_a_profile_with_the_class_of_its_count():
    features = features_of([seen(a=0, b=1, c=7), seen("eager@x86_64", a=5000)])
    assert features == {
        "jit@x86_64 a made",
        "jit@x86_64 b once",
        "jit@x86_64 c few",
        "eager@x86_64 a many",
    }
    assert parts_of("jit@x86_64 CALL.python.miss few") == ("jit@x86_64", "CALL.python.miss", "few")


def test_how_often_exactly_does_not_matter():
    assert features_of([seen(a=2)]) == features_of([seen(a=31)])
    assert features_of([seen(a=32)]) == features_of([seen(a=10**9)])
    assert len({features_of([seen(a=count)]) for count in (0, 1, 2, 32)}) == 4


def test_what_is_not_a_count_is_no_feature():
    assert features_of([seen(a=-1)]) == frozenset()
    assert features_of([]) == frozenset()


def test_a_feature_is_new_once_and_rare_for_a_while():
    rarity = Rarity()
    assert rarity.note({"b", "a"}) == (("a", "b"), ("a", "b"))
    assert rarity.note({"a", "c"}) == (("c",), ("a", "c"))
    for _ in range(COMMON):
        rarity.note({"a"})
    assert rarity.note({"a", "b"}) == ((), ("b",))
    assert rarity.of("c") == 1
    assert rarity.of("a") == 1 / COMMON
    assert rarity.of("never") == 1
    assert len(rarity) == 3


def test_counts_can_be_gone_on_with():
    assert Rarity({"a": 3}).note({"a", "b"}) == (("b",), ("a", "b"))


def test_the_rarest_of_several_features():
    rarity = Rarity({"a": 5, "b": 1, "c": 2, "d": 1})
    assert rarity.rarest(("a", "b", "c", "d"), 2) == ["b", "d"]
    assert rarity.rarest(("a", "c"), 3) == ["c", "a"]
    assert rarity.rarest((), 2) == []
