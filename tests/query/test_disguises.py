"""Keywords in disguise are refused, and look-alikes pass; the bare engine is the judge."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icgraph.errors import QueryRefused, SyntaxInvalid
from icgraph.query.policy import check_query
from tests.query.calls import Listener, calls, listening, some_store

#: Where a listener of the test stands in a text.
HERE = "http://here.invalid/"
PROLOGUE = (
    f"PREFIX : <{HERE}> PREFIX ex: <{HERE}ex> PREFIX SERVICE: <http://x/s> "
    "PREFIX load: <http://x/l> PREFIX trueSERVICE: <http://x/t> "
)

#: Every one is called by the bare engine, as the test itself makes sure.
DISGUISED = [
    "SELECT * { SERVICE :e { } }",
    "SELECT * { SERVICE:e{} }",
    "SELECT * { sERVICEsILENT:e#\r{} }",
    "SELECT * { SERVICE:a\\-b{} }",
    f"SELECT * {{ SERVICE<{HERE.replace(':', chr(92) + 'u003A', 1)}>{{}} }}",
    "SELECT * { FILTER(1<2)SERVICE:e#>\n{ ?s ?p ?o } }",
    f"SELECT * {{ FILTER(1<2)SERVICE#>\n<{HERE}>{{ ?s ?p ?o }} }}",
    "SELECT * { BIND(1 AS ?a) FILTER(?a<2)SERVICE:e#>\n{ ?s ?p ?o } }",
    "SELECT * { BIND('\\u005C' AS ?x) SERVICE:e {} # ' AS ?x) \n}",
    'SELECT * { BIND("\\u005C" AS ?x) SERVICE:e {} # " AS ?x) \n}',
    "SELECT * { BIND('''\\u005C''' AS ?x) SERVICE:e {} # ''' AS ?x) \n}",
    "ASK{SERVICE:e{}}",
    "CONSTRUCT { :a :b :c } { SERVICE :e {} }",
    "DESCRIBE * { SERVICE:e{ ?s ?p ?o } }",
    "SELECT (EXISTS{SERVICE:e{}} AS ?x) {}",
    "SELECT * {} ORDER BY EXISTS{SERVICE:e{}}",
    "SELECT * {} HAVING(EXISTS{SERVICE:e{}})",
    "SELECT (COUNT(EXISTS{SERVICE:e{}}) AS ?x) {}",
    "SELECT * { { SELECT * {} LIMIT 1}SERVICE:e{} }",
    "SELECT * { GRAPH:g{}SERVICE:e{} }",
    "SELECT * { LATERAL{SERVICE:e{}} }",
    "SELECT * { VALUES(?x ?y){(''':a')}SERVICE:e{} }",
    "LOAD:e",
    "LOADSILENT:e",
    "load:e;INSERT DATA{:a :b 'LOAD'}",
    "CLEAR ALL;LOAD:e INTO GRAPH :x",
    "CLEARALL;LOAD:e",
    "INSERT DATA{:a :b 1};#>\nLOAD:e",
    "INSERT {:a :b :c} WHERE {SERVICE:e{}}",
    "WITH :g DELETE{?s ?p ?o}WHERE{SERVICE:e{?s ?p ?o}}",
    "DELETE{?s ?p ?o}USING:g WHERE{FILTER(1<2)SERVICE:e#>\n{?s ?p ?o}}",
]
LOOK_ALIKES = [
    "SELECT ?service ?SERVICE ?load { ?service ?SERVICE ?load }",
    "SELECT * { ?s SERVICE:x load:y . ?t SERVICE:z SERVICE: }",
    "SELECT * FROM SERVICE:x { ?s ?p ?o }",
    "SELECT * { GRAPH SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE:x }",
    "SELECT * { ?s <http://x/SERVICE?x#LOAD> ?o FILTER(?s<?o||?o>?s) }",
    "SELECT * { ?s ?p 'SERVICE :e {}', \"it's\", '''SERVICE''', 'x'@service }",
    "SELECT * { ?s ?p ?o } # SERVICE :e {}",
    "SELECT * { ?s ?p ':e\\\\' . ?s ?p 'SERVICE' }",
    "SELECT (STRLEN('LOAD') AS ?load) { FILTER(SERVICE:function(1) || true) }",
    "DESCRIBE SERVICE:x load:y",
    "INSERT DATA { SERVICE:a load:b 'LOAD <x>' ; load:c load:d }",
    "INSERT { GRAPH load:g { ?s ?p ?o } } WHERE { ?s ?p load:o ; load:p load:q }",
    "WITH load:g DELETE { ?s ?p ?o } USING load:h WHERE { ?s ?p ?o }",
    "CREATE GRAPH load:g ; DROP SILENT GRAPH SERVICE:g",
]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


STORE = some_store()


def is_refused(text: str) -> bool:
    try:
        check_query(text)
    except (QueryRefused, SyntaxInvalid):
        return True
    return False


def placed(text: str, listener: Listener) -> str:
    return (
        (PROLOGUE + text)
        .replace(HERE, listener.address)
        .replace(HERE.replace(":", "\\u003A", 1), listener.address.replace(":", "\\u003A", 1))
    )


@pytest.mark.parametrize("text", DISGUISED)
def test_what_the_engine_would_call_is_refused(listener: Listener, text: str) -> None:
    assert calls(STORE, placed(text, listener), listener)
    assert is_refused(placed(text, listener))


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_look_alike_passes(listener: Listener, text: str) -> None:
    check_query(placed(text, listener))
    assert not calls(STORE, placed(text, listener), listener)


def test_a_mistake_beside_a_look_alike_is_told_where_it_is() -> None:
    with pytest.raises(SyntaxInvalid, match="column 27") as raised:
        check_query("SELECT * { ?s ?p ?service ")
    assert "?service" in raised.value.detail
    assert "SERVICE" in raised.value.advice


GAPS = ["", " ", "\n", "\t", "#\n", "#>\n", "#'\n", "# } SERVICE :e {}\n", '#"""\r', " #\\\n"]
PIECES = [
    "?s ?p ?o .",
    "OPTIONAL{?s ?p 'SERVICE'}",
    "?s ?p 'SERVICE'.",
    "FILTER(1<2)",
    "FILTER(?s<?o||1<2)",
    "FILTER(1<2&&3>2)",
    "{}",
    "OPTIONAL{GRAPH SERVICE:g{}}",
    "OPTIONAL{?service ?load trueSERVICE:x}",
    "OPTIONAL{?s <http://x/SERVICE?x#> ?o}",
    "OPTIONAL{?s ?p 'x'@service}",
    "FILTER('\\\\'!='')",
    "FILTER('''it's''' != '')",
    'FILTER("""SERVICE :e {} "" \'""" != "")',
    "VALUES ?service{1}",
]
#: What the standard and the engine read in two ways, or what cannot stand twice.
AMBIGUOUS = ['FILTER("\\u0022">"")', "FILTER('\\u005C'!='')", "VALUES(?x ?y){(''':e')}"]
gaps = st.sampled_from(GAPS)


def pieces_of(pieces: list[str]) -> st.SearchStrategy[str]:
    """Some of these in a row, with gaps."""
    return st.lists(st.tuples(st.sampled_from(pieces), gaps).map("".join), max_size=4).map("".join)


pieces = pieces_of([*PIECES, *AMBIGUOUS])
words = {
    word: st.tuples(*(st.sampled_from([letter, letter.lower()]) for letter in word)).map("".join)
    for word in ("SERVICE", "SILENT", "LOAD")
}
names = st.sampled_from([":e", "ex:", f"<{HERE}>", ":%41", f"<{HERE}#LOAD>"])


@st.composite
def services(draw: st.DrawFn) -> str:
    """A group with a SERVICE somewhere in it."""
    silent = draw(st.one_of(st.just(""), words["SILENT"]))
    keyword = draw(words["SERVICE"]) + draw(gaps) + silent + draw(gaps)
    call = f"{keyword}{draw(names)}{draw(gaps)}{{{draw(gaps)}}}"
    group = f"{{{draw(gaps)}{draw(pieces)}{call}{draw(gaps)}{draw(pieces)}}}"
    head = draw(
        st.sampled_from(["SELECT*", "ASK", "SELECT(COUNT(*)AS?n)", "DESCRIBE*", "SELECT ?s"])
    )
    return head + draw(gaps) + group


@st.composite
def loads(draw: st.DrawFn) -> str:
    """An update with a LOAD somewhere in it."""
    before = draw(
        st.sampled_from(["", "CLEAR ALL;", "INSERT DATA{:a :b 'LOAD'};", "CREATE GRAPH:LOAD;"])
    )
    silent = draw(st.one_of(st.just(""), words["SILENT"]))
    into = draw(st.sampled_from(["", " INTO GRAPH :g", "#\n", ";CLEAR ALL"]))
    keyword = draw(words["LOAD"]) + draw(gaps) + silent + draw(gaps)
    return f"{before}{draw(gaps)}{keyword}{draw(names)}{into}"


@pytest.mark.parametrize("texts", [services(), loads()], ids=["SERVICE", "LOAD"])
def test_no_disguise_gets_through(listener: Listener, texts: st.SearchStrategy[str]) -> None:
    called = 0

    @settings(max_examples=300)
    @given(texts)
    def holds(text: str) -> None:
        nonlocal called
        given_text = placed(text, listener)
        if calls(STORE, given_text, listener):
            called += 1
            assert is_refused(given_text)

    holds()
    assert called > 100


@given(pieces_of(PIECES), gaps, st.sampled_from(["SELECT * ", "ASK", "CONSTRUCT{?s ?p ?o}WHERE"]))
def test_no_look_alike_is_refused(text: str, gap: str, head: str) -> None:
    check_query(f"{PROLOGUE}{head}{{{gap}{text}}}")
