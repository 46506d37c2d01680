"""What an update or an upload would change, found without changing what is served."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal as RDFLiteral
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from icgraph.errors import InputError, QueryRefused, SyntaxInvalid
from icgraph.query import updates
from icgraph.query.updates import evaluate
from icgraph.store.embedded import EmbeddedEngine

PREFIX = "PREFIX e: <http://e/> "
GRAPHS = """PREFIX e: <http://e/> INSERT DATA {
  e:a e:p 1, 2 ; e:q "x" . e:b e:p e:a .
  GRAPH e:g { e:b e:p 2 . e:c e:q e:d } GRAPH e:h { e:b e:p 2 }
}"""

#: Updates that can be asked for, so that no store needs to be changed.
ASKED = [
    "",
    "INSERT DATA { e:a e:p 1 }",
    "INSERT DATA { e:a e:p 5 } ; DELETE DATA { e:a e:p 1 }",
    "INSERT DATA { e:n e:p 1 } ; DELETE DATA { e:n e:p 1 } ;",
    "DELETE DATA { e:a e:p 1 } ; INSERT DATA { e:a e:p 01 }",
    "DELETE WHERE { ?s e:p ?o }",
    "DELETE WHERE { GRAPH e:g { ?s ?p ?o } ?s e:p ?z }",
    "DELETE { ?s e:p ?o . } INSERT { GRAPH e:h { ?s e:n ?o . } ?o e:m 01 } WHERE { ?s e:p ?o }",
    "DELETE { ?s e:q ?o } INSERT { ?s e:q ?o } WHERE { ?s e:q ?o }",
    "WITH e:g DELETE { ?s ?p ?o } INSERT { ?s ?p 3 } WHERE { ?s ?p ?o }",
    "WITH e:g INSERT { ?s ?p 3 } USING e:h USING NAMED e:g WHERE { ?s ?p ?o GRAPH ?g { ?s e:p 2 }}",
    "WITH e:g INSERT { ?s e:n ?o . GRAPH e:h { ?s e:n ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT { GRAPH e:new { ?s ?p ?o } } WHERE { GRAPH e:g { ?s ?p ?o } }",
    "INSERT { GRAPH e:g { e:a e:b ?s . } . ?s e:a 5 . } WHERE { ?s e:p ?o FILTER(?o<5 && 1>0) }",
    "INSERT { e:a e:q \"}; DELETE\" , '#x' } WHERE {} # ; } \n",
    r"INSERT { e:a e:q 'a\\u006e', '\u00e9' } WHERE {}",
    "WITH <rel> INSERT { e:a e:b <x> } WHERE {}",
    "BASE <http://z/> INSERT { <u> <v> ?s } WHERE { GRAPH e:g { ?s ?p ?o } }",
]
#: Updates that are run, and all quads compared.
RUN = [
    "INSERT { GRAPH ?g { ?s e:new ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT DATA { e:x e:y 1 } ; DELETE { ?s e:y ?o } WHERE { ?s e:y ?o }",
    "CLEAR GRAPH e:g",
    "DROP ALL",
    "CREATE GRAPH e:new",
    "MOVE e:g TO e:h",
    "COPY DEFAULT TO e:n",
    "ADD e:g TO DEFAULT",
    "INSERTDATA{e:o e:o e:o}",
    "DELETEWHERE{?s ?p ?o}",
    "INSERT { <http://e/\\u0061> e:p 7 } WHERE { ?s ?p ?o }",
    "PREFIX f: <http://f/> INSERT DATA { f:a f:a f:a } ; WITH e:g DELETE { ?s ?p ?o } WHERE {}",
]


@pytest.fixture
def compared(monkeypatch):
    """The evaluations in which the quads before and after were compared."""
    seen = []

    def difference(*arguments):
        seen.append(arguments)
        return original(*arguments)

    original = updates.difference
    monkeypatch.setattr(updates, "difference", difference)
    return seen


def filled(update=GRAPHS):
    store = Store()
    store.update(update)
    return store


def on_disk(store, folder):
    """The same as a checkpoint, opened as readers do."""
    live = Store(str(folder / "live"))
    live.bulk_extend(store)
    live.backup(str(folder / "checkpoint"))
    return Store.read_only(str(folder / "checkpoint"))


def changed(store, header, body=b"", copies=None):
    """The quads to add and to remove."""
    engine = EmbeddedEngine(store)
    answer, quads = evaluate(engine, {"base_iri": "http://b/", **header}, body, copies=copies)
    length = answer["additions"]
    return tuple(
        frozenset(parse(text, format=RdfFormat.N_QUADS))
        for text in (quads[:length], quads[length:])
    )


def updated(store, text, **extra):
    return changed(store, {"task": "update", **extra}, text.encode())


@pytest.mark.parametrize("text", ASKED + RUN)
def test_the_candidate_applied_to_the_graph_is_what_the_engine_makes_of_it(text):
    expected = filled()
    expected.update(PREFIX + text, base_iri="http://b/")
    before = frozenset(filled())
    additions, removals = updated(filled(), PREFIX + text)
    assert not additions & before
    assert removals <= before
    assert (before - removals) | additions == frozenset(expected)


@pytest.mark.parametrize(
    "text", ["DROP ALL", "INSERT { GRAPH ?g { ?g ?g ?g } } WHERE { GRAPH ?g {}}"]
)
def test_a_checkpoint_is_copied_before_it_is_written_and_stays_as_it_was(text, tmp_path):
    expected = filled()
    expected.update(PREFIX + text)
    store = on_disk(filled(), tmp_path)
    before = frozenset(store)
    header = {"task": "update"}
    copies = tmp_path / "spool"
    copies.mkdir()
    additions, removals = changed(store, header, (PREFIX + text).encode(), copies=copies)
    assert (before - removals) | additions == frozenset(expected)
    assert frozenset(store) == before


@pytest.mark.parametrize("text", ASKED)
def test_simple_updates_are_asked_for_and_nothing_is_written(text, compared):
    store = filled()
    updated(store, PREFIX + text)
    assert not compared
    assert frozenset(store) == frozenset(filled())


def test_what_differs_from_one_evaluation_to_the_next_is_evaluated_once(compared):
    text = "INSERT { ?s e:u ?u . GRAPH e:g { ?s e:u ?u } } WHERE { ?s e:p 1 BIND(UUID() AS ?u) }"
    additions, _ = updated(filled(), PREFIX + text)
    assert len({quad.object for quad in additions}) == 1
    assert len(additions) == 2
    assert compared


def test_a_blank_node_in_two_graphs_of_a_template_stays_one():
    text = "INSERT { _:b e:u 1 . GRAPH e:g { _:b e:u 2 } } WHERE {}"
    additions, _ = updated(filled(), PREFIX + text)
    assert len({quad.subject for quad in additions}) == 1


def test_blank_nodes_of_two_uploads_are_never_the_same():
    store = filled()
    text = b"_:b <http://e/p> 1 ."
    parts = [{"media_type": "text/turtle", "length": len(text), "base_iri": "http://b/"}]
    header = {"task": "graph-post", "graph": "http://e/g", "parts": parts}
    subjects = {next(iter(changed(store, header, text)[0])).subject for _ in range(2)}
    assert len(subjects) == 2


def test_using_graphs_of_the_request_are_the_dataset_of_every_where():
    first = "DELETE { ?s e:p ?o } INSERT { ?s e:found ?o }"
    text = f"{first} WHERE {{ ?s ?p ?o }} ; DELETE WHERE {{ ?s e:q ?o }}"
    additions, removals = updated(
        filled(), PREFIX + text, using_graphs=["http://e/g"], using_named_graphs=["http://e/h"]
    )
    using = "USING e:g USING NAMED e:h"
    written = f"{PREFIX} {first} {using} WHERE {{ ?s ?p ?o }} ;"
    written += f"DELETE {{ ?s e:q ?o }} {using} WHERE {{ ?s e:q ?o }}"
    assert (additions, removals) == updated(filled(), written)
    assert {str(quad.subject) for quad in additions} == {"<http://e/b>", "<http://e/c>"}


@pytest.mark.parametrize(
    "text",
    [
        "WITH e:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING e:g WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING NAMED e:g WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_in_the_update_and_in_the_request_is_refused(text):
    with pytest.raises(InputError):
        updated(filled(), PREFIX + text, using_graphs=["http://e/g"])


def test_the_name_of_a_using_graph_cannot_bring_in_more():
    with pytest.raises(InputError):
        updated(filled(), "DELETE WHERE { ?s ?p ?o }", using_graphs=["a:b> WHERE {} ; DROP ALL #"])


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH e:g",
        "INSERT DATA { e:a e:a e:a } ; LOADSILENT<http://127.0.0.1:9/>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "\\u004cOAD <http://127.0.0.1:9/>",
    ],
)
def test_updates_that_reach_out_are_refused(text):
    with pytest.raises(QueryRefused):
        updated(filled(), PREFIX + text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { ?s e:p 1 }",
        "INSERT DATA { e:a e:p }",
        "DELETE DATA { _:b e:p 1 }",
        "SELECT * { ?s ?p ?o }",
        "DELETE { _:b e:p ?o } WHERE { ?s e:p ?o }",
    ],
)
def test_what_is_no_update_is_refused(text):
    with pytest.raises(SyntaxInvalid):
        updated(filled(), PREFIX + text)


@pytest.mark.parametrize("text", ["CREATE GRAPH e:g", "DROP GRAPH e:absent"])
def test_what_the_engine_refuses_is_an_error_of_the_request(text):
    with pytest.raises(InputError, match="graph"):
        updated(filled(), PREFIX + text)


def uploaded(task, graph, text=b"", media_type="text/turtle"):
    parts = [{"media_type": media_type, "length": len(text), "base_iri": "http://e/"}]
    store = filled()
    before = frozenset(store)
    additions, removals = changed(store, {"task": task, "graph": graph, "parts": parts}, text)
    return frozenset(
        quad
        for quad in (before - removals) | additions
        if str(quad.graph_name) == ("DEFAULT" if graph is None else f"<{graph}>")
    )


def test_a_graph_is_replaced_added_to_and_deleted_and_the_others_stay():
    triple = Quad(
        NamedNode("http://e/z"), NamedNode("http://e/p"), RDFLiteral("w"), NamedNode("http://e/g")
    )
    text = b"<z> <p> 'w' ."
    assert uploaded("graph-put", "http://e/g", text) == {triple}
    assert len(uploaded("graph-post", "http://e/g", text)) == 3
    assert uploaded("graph-delete", "http://e/g") == frozenset()
    assert uploaded("graph-put", None) == frozenset()
    assert len(uploaded("graph-put", "http://e/new", text)) == 1


@pytest.mark.parametrize("text", [b"<z> <p>", b"<z> <p> \xff ."])
def test_an_upload_that_does_not_parse_is_refused(text):
    with pytest.raises(SyntaxInvalid):
        uploaded("graph-put", None, text)


def test_a_context_that_lies_elsewhere_is_not_fetched_and_the_refusal_says_so():
    text = b'{"@context": "http://127.0.0.1:9/context", "@id": "http://e/z", "name": "z"}'
    with pytest.raises(SyntaxInvalid, match="nothing is fetched"):
        uploaded("graph-put", None, text, "application/ld+json")


NAMES = st.sampled_from(["e:a", "e:b", "e:c"])
VALUES = st.one_of(NAMES, st.sampled_from(["1", "01", '"x"', '"}"', "'''; {'''", '"é"@fr']))
TRIPLES = st.lists(st.tuples(NAMES, NAMES, VALUES).map(" ".join), max_size=4).map(" . ".join)
GROUPS = st.lists(
    st.one_of(TRIPLES, st.tuples(NAMES, TRIPLES).map("GRAPH {0[0]} {{ {0[1]} }}".format)),
    max_size=3,
)
BLOCKS = GROUPS.map(lambda groups: "{ " + " . ".join(group for group in groups if group) + " }")
PATTERNS = st.sampled_from(
    [
        "{ ?s ?p ?o }",
        "{ ?s e:a ?o }",
        "{ GRAPH ?g { ?s ?p ?o } }",
        "{ GRAPH e:a { ?s ?p ?o } }",
        "{}",
    ]
)
TEMPLATES = st.sampled_from(
    ["{ ?s ?p ?o }", "{ ?s e:b ?o . GRAPH e:b { ?s e:c ?o } }", "{ GRAPH e:a { ?o e:a ?s }}", "{ }"]
)
SCOPES = st.sampled_from(["", "WITH e:a "])
OPERATIONS = st.one_of(
    BLOCKS.map("INSERT DATA {}".format),
    BLOCKS.map("DELETE DATA {}".format),
    PATTERNS.map("DELETE WHERE {}".format),
    st.tuples(SCOPES, TEMPLATES, TEMPLATES, PATTERNS).map(
        "{0[0]}DELETE {0[1]} INSERT {0[2]} WHERE {0[3]}".format
    ),
    st.tuples(SCOPES, TEMPLATES, PATTERNS).map("{0[0]}INSERT {0[1]} WHERE {0[2]}".format),
    st.sampled_from(["CLEAR DEFAULT", "CLEAR NAMED", "DROP SILENT GRAPH e:a", "COPY e:a TO e:b"]),
)


@given(BLOCKS, st.lists(OPERATIONS, max_size=3))
def test_any_update_comes_to_what_the_engine_makes_of_it(start, operations):
    begin = f"{PREFIX} INSERT DATA {start}"
    text = PREFIX + " ; ".join(operations)
    expected = filled(begin)
    expected.update(text)
    before = frozenset(filled(begin))
    additions, removals = updated(filled(begin), text)
    assert not additions & before
    assert removals <= before
    assert (before - removals) | additions == frozenset(expected)
