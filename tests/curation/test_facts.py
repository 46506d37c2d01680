import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icgraph.curation.facts import read_facts, tidy
from icgraph.errors import FileUnusable, ICGraphError, InputError

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = ("id", "title", "topics", "organisations", "sections", "start")


def read(tmp_path, *lines, name="practices.jsonl"):
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_facts([path])


def complaint(ask, key):
    try:
        ask(key)
    except ICGraphError as error:
        return f"{error.detail} {error.advice}"
    return None


def test_a_file_is_told_by_its_name(tmp_path):
    assert len(read(tmp_path, '{"x": 1}').of("practices")) == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({"id": "a", "title": {}, "topics": []}, "practices"),
        ({"name": "a", "country": "b", "sources": []}, "cities"),
        ({"kind": "a", "parties": []}, "partnerships"),
        ({"name": "a", "scope": "b", "members": []}, "networks"),
        ({"name": "a", "summary": "b", "source": "c"}, "projects"),
        ({"name": "a", "type": "b", "source": "c"}, "organisations"),
    ],
)
def test_a_file_of_another_name_is_told_by_the_keys_of_its_lines(tmp_path, line, kind):
    assert len(read(tmp_path, json.dumps(line), name="facts.jsonl").of(kind)) == 1


def test_a_line_that_nothing_tells_is_named(tmp_path):
    with pytest.raises(FileUnusable, match=r"facts\.jsonl:2"):
        read(tmp_path, "", '{"what": "this"}', name="facts.jsonl")


@pytest.mark.parametrize(
    "line",
    ['{"id": "a"', "[1]", '"a"', "nonsense", '{"id": 1}}', '{"id": NaN}', '{"id": ' + "9" * 5000],
)
def test_a_broken_line_is_named_with_advice(tmp_path, line):
    with pytest.raises(InputError, match=r"practices\.jsonl:2") as caught:
        read(tmp_path, '{"id": "a"}', line)
    assert caught.value.advice


def test_a_line_nested_too_deeply_is_refused(tmp_path):
    with pytest.raises(InputError, match="nested too deeply"):
        read(tmp_path, '{"a":' + "[" * 200_000)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), values))
def test_asking_for_any_value_gives_it_or_one_clear_error(tmp_path_factory, line):
    (fact,) = read(tmp_path_factory.mktemp("facts"), json.dumps(line)).of("practices")
    for key in KEYS:
        for ask in (
            fact.text, fact.texts, fact.by_language, fact.truth, fact.number, fact.part,
            lambda name: list(fact.within(name)),
        ):  # fmt: skip
            assert complaint(ask, key) is None or ":1: `" in complaint(ask, key)


def test_the_keys_nobody_asked_for_are_known(tmp_path):
    facts = read(tmp_path, '{"id": "a", "cost": {"value": 1}, "organisations": [{"name": "b"}]}')
    (fact,) = facts.of("practices")
    fact.text("id")
    [inner] = fact.within("organisations")
    inner.text("name")
    census = facts.censuses["practices"]
    assert census.counts.keys() - census.read == {"cost", "cost.value"}


def test_the_order_of_lines_does_not_matter(tmp_path):
    lines = [json.dumps({"id": name}) for name in "cab"]
    one = [fact.text("id") for fact in read(tmp_path, *lines).of("practices")]
    other = [fact.text("id") for fact in read(tmp_path, *reversed(lines)).of("practices")]
    assert one == other


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)


def test_text_is_composed_trimmed_and_single_spaced():
    assert tidy("  Neucha\u0302tel \n\t now ") == "Neuchâtel now"
