"""Updates whose operations declare prefixes of their own, which the engine alone refuses."""

import pytest
from pyoxigraph import RdfFormat, Store, parse

from icgraph.errors import InputError, QueryRefused, SyntaxInvalid
from icgraph.query.update_text import read_runs
from icgraph.query.updates import evaluate
from icgraph.store.embedded import EmbeddedEngine

A = "PREFIX a: <urn:a:> INSERT DATA { a:s a:p a:o }"
B = (
    "PREFIX b: <urn:b:> # with a comment; PREFIX\n"
    "DELETE { ?s a:p ?o } INSERT { ?s b:p ?o } WHERE { ?s a:p ?o }"
)
ADDED = "<urn:a:s> <urn:a:p> <urn:a:o>"


def changed(text: str, **header: object) -> set[str]:
    """What an update adds to an empty store."""
    asked = {"task": "update", "base_iri": "http://base/", **header}
    lengths, body = evaluate(EmbeddedEngine(Store()), asked, text.encode(), copies=None)
    added = parse(body[: lengths["additions"]], RdfFormat.N_QUADS)
    return {" ".join(map(str, quad.triple)) for quad in added}


@pytest.mark.parametrize(
    "text",
    ["", A, f"{A} ;", f"{A} ; INSERT DATA {{ a:x a:y ';PREFIX' }}", "PREFIX a: <urn:a:>", "}", ";"],
)
def test_a_text_that_the_engine_takes_as_it_is_stays_whole(text: str) -> None:
    assert read_runs(text) == [text]


def test_each_piece_has_the_declarations_before_it() -> None:
    pieces = read_runs(f"{A} ; CLEAR ALL ; {B} ; {A} ;")
    assert pieces == [
        f"{A} ; CLEAR ALL",
        f"PREFIX a: <urn:a:>\n{B}",
        f"PREFIX a: <urn:a:>\nPREFIX b: <urn:b:>\n{A} ;",
    ]


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (f"{A} ; {B}", {"<urn:a:s> <urn:b:p> <urn:a:o>"}),
        (
            f"{A} ; BASE <http://x/> INSERT DATA {{ <u> a:p <v> }}",
            {ADDED, "<http://x/u> <urn:a:p> <http://x/v>"},
        ),
        (
            f"{A} ; PREFIX a: <urn:c:> DELETE DATA {{ a:s a:p a:o }}",
            {ADDED},
        ),
        (f"{A} ; PREFIX a: <urn:a:> DELETE DATA {{ a:s a:p a:o }}", set()),
        (f"{A} ; PREFIX b: <urn:b:>", {ADDED}),
    ],
)
def test_operations_see_what_is_declared_and_done_before_them(text: str, added: set[str]) -> None:
    assert changed(text) == added


def test_the_dataset_of_a_request_holds_for_every_piece() -> None:
    text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> 1 }} }} ; {A} ; {B}"
    assert not any("urn:b:p" in triple for triple in changed(text, using_graphs=["urn:g"]))


@pytest.mark.parametrize(
    ("later", "error"),
    [
        ("LOAD <http://127.0.0.1/>", QueryRefused),
        ("LOAD SILENT <http://127.0.0.1/>", QueryRefused),
        ("INSERT { a:s a:p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", QueryRefused),
        ("INSERT DATA { c:s a:p a:o }", SyntaxInvalid),
        ("DROP GRAPH <urn:none>", InputError),
    ],
)
def test_a_later_piece_is_held_to_the_same_rules(later: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        changed(f"{A} ; PREFIX b: <urn:b:> {later}")


def test_a_word_in_a_text_is_no_keyword_in_a_later_piece_either() -> None:
    text = f"{A} ; PREFIX load: <urn:load:> INSERT DATA {{ load:s a:p 'LOAD <x>' }}"
    assert '<urn:load:s> <urn:a:p> "LOAD <x>"' in changed(text)
