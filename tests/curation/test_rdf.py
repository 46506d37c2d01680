import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from icgraph.curation.rdf import format_files, format_turtle
from icgraph.errors import FileUnusable, InputError, SyntaxInvalid
from icgraph.model.terms import prefixes

XSD = "http://www.w3.org/2001/XMLSchema#"
NAMES = prefixes()

iris = st.builds(
    NamedNode,
    st.one_of(
        st.builds(
            lambda namespace, local: namespace + local,
            st.sampled_from(sorted(NAMES.values())),
            st.text("abz019-_#.~", max_size=6),
        ).filter(lambda iri: iri.count("#") < 2),
        st.sampled_from(["http://example.org/", "urn:x:y", "https://exämple.org/é?a=b&c#d"]),
    ),
)
texts = st.text(max_size=12)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(
        lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "de-at"])
    ),
    st.builds(
        lambda text, local: Literal(text, datatype=NamedNode(XSD + local)),
        st.one_of(texts, st.sampled_from(["1", "-1", "01", "true", "1.", ".5", "1e3", "2012"])),
        st.sampled_from(["integer", "decimal", "boolean", "gYear", "date"]),
    ),
)
blanks = st.builds(BlankNode, st.sampled_from(["a", "b", "c"]))
quads = st.builds(Quad, iris | blanks, iris, iris | blanks | literals)
graphs = st.lists(quads, max_size=12)


def same(one, other):
    def canonical(statements):
        dataset = Dataset(statements)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return {str(quad) for quad in dataset}

    return canonical(one) == canonical(other)


def read(text):
    return list(parse(text.encode(), format=RdfFormat.TURTLE))


@given(graphs)
def test_formatting_keeps_every_statement(statements):
    assert same(read(format_turtle(statements, NAMES)), statements)


@given(graphs)
def test_formatting_what_was_formatted_changes_nothing(statements):
    once = format_turtle(statements, NAMES)
    assert format_turtle(read(once), NAMES) == once


@given(graphs, st.randoms())
def test_the_order_of_statements_does_not_matter(statements, chance: random.Random):
    shuffled = list(statements)
    chance.shuffle(shuffled)
    assert format_turtle(shuffled, NAMES) == format_turtle(statements, NAMES)


def test_the_layout_is_the_one_of_the_repository():
    text = """
        @prefix p: <https://w3id.org/icgraph/id/practice/> .
        @prefix ic: <https://w3id.org/icgraph/ns/> .
        p:b ic:status <https://w3id.org/icgraph/scheme/temporal-status/ended> .
        p:a\\#period ic:startYear 2012 ; a ic:Period .
        p:a-b a ic:Practice .
        p:a ic:purpose "zwei\\nZeilen"@de, "one"@en ; a ic:Practice .
    """
    assert (
        format_turtle(read(text), NAMES)
        == r"""@prefix ic: <https://w3id.org/icgraph/ns/> .
@prefix practice: <https://w3id.org/icgraph/id/practice/> .
@prefix status: <https://w3id.org/icgraph/scheme/temporal-status/> .

practice:a
    a ic:Practice ;
    ic:purpose
        "one"@en ,
        "zwei\nZeilen"@de .

practice:a\#period
    a ic:Period ;
    ic:startYear 2012 .

practice:a-b
    a ic:Practice .

practice:b
    ic:status status:ended .
"""
    )


def test_statements_in_a_named_graph_are_refused():
    node = NamedNode("http://example.org/")
    with pytest.raises(InputError, match="named graph"):
        format_turtle([Quad(node, node, node, node)], NAMES)


def test_files_are_formatted_once_and_then_left_alone(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text("# kept\n\n<http://b> <http://c> 1 . <http://a> <http://c> 'x' .")
    assert format_files([path]) == [path]
    assert path.read_text() == (
        '# kept\n\n<http://a>\n    <http://c> "x" .\n\n<http://b>\n    <http://c> 1 .\n'
    )
    assert format_files([path]) == []


def test_a_file_of_comments_alone_is_left_as_it_is(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text("# Nothing is accepted at present.\n#   [] a ic:AcceptedWarning .\n")
    assert format_files([path]) == []


def test_a_comment_that_would_be_lost_is_named_by_its_line(tmp_path):
    path = tmp_path / "a.ttl"
    text = "<http://a#b> <http://c> 'no # comment' .\n# lost\n"
    path.write_text(text)
    with pytest.raises(InputError, match=r"a\.ttl:2") as caught:
        format_files([path])
    assert caught.value.advice
    assert path.read_text() == text


def test_no_file_is_written_when_one_of_them_is_broken(tmp_path):
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text("<http://b> <http://c> 1, 0 .")
    bad.write_text("<http://b> <http://c>\n\n .")
    with pytest.raises(SyntaxInvalid, match=r"bad\.ttl:3"):
        format_files([good, bad])
    assert good.read_text() == "<http://b> <http://c> 1, 0 ."


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_an_unreadable_file_is_said_to_be_so(tmp_path, content):
    path = tmp_path / "a.ttl"
    path.write_bytes(content)
    with pytest.raises(FileUnusable, match=r"a\.ttl"):
        format_files([path])


def test_other_formats_are_not_touched(tmp_path):
    path = tmp_path / "a.nt"
    path.write_text("<http://b> <http://c> <http://d> .\n")
    with pytest.raises(InputError, match="only Turtle"):
        format_files([path])
