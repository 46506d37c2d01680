"""What is kept is of one revision, and there is never more of it than may be."""

from icgraph.discovery.kept import Kept


def test_what_is_kept_is_found_at_its_revision_alone():
    kept = Kept()
    kept.keep("one", {"a": 1, "b": 2})
    assert kept.find("one", ["a", "c"]) == {"a": 1}
    assert kept.find("two", ["a"]) == {}


def test_a_new_revision_drives_out_the_old():
    kept = Kept()
    kept.keep("one", {"a": 1})
    kept.keep("two", {"b": 2})
    assert kept.find("two", ["a", "b"]) == {"b": 2}
    assert kept.find("one", ["a"]) == {}


def test_those_not_wanted_for_longest_go_first():
    kept = Kept(8)
    kept.keep("one", dict.fromkeys("abcdefgh", True))
    kept.find("one", "a")
    kept.keep("one", {"i": True})
    assert set(kept.find("one", "abcdefghi")) == set("acdefghi")


def test_the_heavy_take_the_room_of_many():
    kept = Kept(16)
    kept.keep("one", dict.fromkeys("abcdefghijklmnop", True))
    kept.keep("one", {"heavy": True}, weight=2)
    assert set(kept.find("one", "abcd")) == set("cd")
    kept.keep("one", {"heavy": True}, weight=1)
    kept.keep("one", {"a": True})
    assert set(kept.find("one", "abcd")) == set("acd")


def test_what_is_too_heavy_is_not_kept():
    kept = Kept(16)
    kept.keep("one", {"a": True})
    kept.keep("one", {"heavy": True}, weight=3)
    assert kept.find("one", ["a", "heavy"]) == {"a": True}
