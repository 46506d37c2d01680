"""Shapes and data made at random, for holding the compiled path equal to pySHACL.

What the two are known to see differently is not made here: see `docs/conformance.md`.
"""

from hypothesis import strategies as st

PREFIXES = """
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLASSES = [":A", ":B", ":C"]
NODES = [":n0", ":n1", ":n2", ":n3", "_:b0", "_:b1"]
NUMBERS = ["0", "1", "2", "1.5"]
TEXTS = ['"a"', '"ab"', '"b c"', '""', '"a"@en', '"ab"@en', '"a"@fr', '"x"@en-gb']
OTHERS = ['"2020-01-01"^^xsd:date', '"2020-13-01"^^xsd:date', "true", '"z"^^:own']
LINKS, WORDS, COUNTS = (":p", ":q"), (":r",), (":m", ":n")
ANY = st.sampled_from([*LINKS, *WORDS, *COUNTS])


def statements():
    node = st.sampled_from(NODES)
    link = st.tuples(node, st.sampled_from(LINKS), node)
    word = st.tuples(node, st.sampled_from([*LINKS, *WORDS]), st.sampled_from(TEXTS + OTHERS))
    count = st.tuples(node, st.sampled_from(COUNTS), st.sampled_from(NUMBERS))
    kind = st.tuples(node, st.just("a"), st.sampled_from(CLASSES))
    below = st.just((":B", "rdfs:subClassOf", ":A"))
    return st.one_of(link, word, count, kind, kind, below)


def data():
    lines = st.lists(
        statements().map(lambda triple: f"{' '.join(triple)} ."), min_size=12, max_size=30
    )
    return lines.map(lambda given: PREFIXES + "\n".join(given))


PATHS = st.recursive(
    ANY,
    lambda inner: st.one_of(
        inner.map("[ sh:inversePath {} ]".format),
        inner.map("[ sh:zeroOrMorePath {} ]".format),
        inner.map("[ sh:oneOrMorePath {} ]".format),
        inner.map("[ sh:zeroOrOnePath {} ]".format),
        st.tuples(inner, inner).map(lambda both: f"( {both[0]} {both[1]} )"),
        st.tuples(inner, inner).map(lambda b: f"[ sh:alternativePath ( {b[0]} {b[1]} ) ]"),
    ),
    max_leaves=3,
)
COUNT = st.integers(0, 5)
NUMBER = st.sampled_from(NUMBERS)
TERM = st.sampled_from([*NODES[:4], *NUMBERS, *TEXTS, *OTHERS, *CLASSES])
TERMS = st.lists(TERM, max_size=4, unique=True).map(" ".join)
PROPERTY = ANY


def either(*templates):
    return st.one_of([values.map(text.format) for text, values in templates])


ON_ANYTHING = either(
    ("sh:class {}", st.sampled_from(CLASSES)),
    (
        "sh:datatype {}",
        st.sampled_from(["xsd:integer", "xsd:string", "rdf:langString", "xsd:date"]),
    ),
    ("sh:datatype {}", st.sampled_from(["xsd:decimal", "xsd:boolean", ":own"])),
    ("sh:nodeKind sh:{}", st.sampled_from(["IRI", "Literal", "BlankNode", "BlankNodeOrIRI"])),
    ("sh:nodeKind sh:{}", st.sampled_from(["BlankNodeOrLiteral", "IRIOrLiteral"])),
    ("sh:minLength {}", st.integers(1, 3)),
    ("sh:maxLength {}", COUNT),
    ("sh:pattern {}", st.sampled_from(['"^a"', '"b"', '"^$"', '"n[01]$"', '"^[^a]*$"'])),
    ('sh:pattern "A" ; sh:flags {}', st.just('"i"')),
    ("sh:languageIn ( {} )", st.sampled_from(['"en"', '"fr" "en"', "", '"en-GB"'])),
    ("sh:in ( {} )", TERMS),
    ("sh:hasValue {}", TERM),
    ("sh:equals {}", PROPERTY),
    ("sh:disjoint {}", PROPERTY),
    ("sh:closed true ; sh:ignoredProperties ( {} )", ANY),
)
ON_PATHS = either(
    ("sh:minCount {}", COUNT),
    ("sh:maxCount {}", COUNT),
    ("sh:uniqueLang {}", st.just("true")),
)
# pySHACL orders values that SPARQL cannot compare, such as a date and a number.
ON_NUMBERS = either(
    ("sh:path :m ; sh:minInclusive {} ; sh:minCount 2", NUMBER),
    ("sh:path :m ; sh:maxInclusive {}", NUMBER),
    ("sh:path [ sh:inversePath [ sh:inversePath :n ] ] ; sh:minExclusive {}", NUMBER),
    ("sh:path :n ; sh:maxExclusive {} ; sh:maxCount 1", NUMBER),
    ("sh:path :m ; sh:lessThan :n{}", st.just("")),
    ("sh:path :m ; sh:lessThanOrEquals :n{}", st.just("")),
)


def parts(inner):
    """The constraints of one shape, each of another kind."""
    return st.lists(inner, min_size=1, max_size=3, unique_by=lambda text: text.split()[0]).map(
        " ; ".join
    )


def node_shapes(shapes):
    listed = st.lists(shapes, min_size=1, max_size=3).map(" ".join)
    return either(
        ("[ {} ]", parts(ON_ANYTHING)),
        ("[ sh:property {} ]", property_shapes(shapes)),
        ("[ sh:not {} ]", shapes),
        ("[ sh:and ( {} ) ]", listed),
        ("[ sh:or ( {} ) ]", listed),
        ("[ sh:xone ( {} ) ]", listed),
        ("[ sh:deactivated true ; {} ]", parts(ON_ANYTHING)),
    )


def property_shapes(shapes):
    body = st.one_of(
        parts(ON_ANYTHING | ON_PATHS),
        shapes.map("sh:node {}".format),
        shapes.map("sh:not {}".format),
        st.tuples(shapes, COUNT).map(
            lambda of: f"sh:qualifiedValueShape {of[0]} ; sh:qualifiedMinCount {of[1]}"
        ),
        st.tuples(shapes, COUNT).map(
            lambda of: f"sh:qualifiedValueShape {of[0]} ; sh:qualifiedMaxCount {of[1]}"
        ),
    )
    with_path = st.tuples(PATHS, body).map(lambda of: f"[ sh:path {of[0]} ; {of[1]} ]")
    return st.one_of(with_path, ON_NUMBERS.map("[ {} ]".format))


NESTED = st.recursive(parts(ON_ANYTHING).map("[ {} ]".format), node_shapes, max_leaves=3)
TARGETS = st.lists(
    either(
        ("sh:targetNode {}", st.sampled_from([":n0", ":n1"])),
        ("sh:targetClass {}", st.sampled_from(CLASSES)),
        ("sh:targetSubjectsOf {}", ANY),
        ("sh:targetObjectsOf {}", ANY),
    ),
    min_size=1,
    max_size=2,
).map(" ; ".join)
SEVERITY = st.sampled_from(["", "sh:severity sh:Warning ;", "sh:severity sh:Info ;"])


def whole_shapes():
    nested = st.lists(property_shapes(NESTED), min_size=1, max_size=2)
    of_nodes = st.one_of(
        parts(ON_ANYTHING),
        nested.map(lambda inner: f"sh:property {' , '.join(inner)}"),
        NESTED.map("sh:node {}".format),
        NESTED.map("sh:not {}".format),
        st.lists(NESTED, min_size=1, max_size=3).map(lambda of: f"sh:or ( {' '.join(of)} )"),
        st.lists(NESTED, min_size=1, max_size=3).map(lambda of: f"sh:xone ( {' '.join(of)} )"),
    )
    of_paths = property_shapes(NESTED).map(lambda text: text[1:-1])
    return st.tuples(TARGETS, SEVERITY, st.one_of(of_paths, of_nodes, of_paths)).map(
        lambda of: f"{of[0]} ; {of[1]} {of[2]}"
    )


def shapes():
    return st.lists(whole_shapes(), min_size=3, max_size=4).map(
        lambda given: PREFIXES + "\n".join(f":S{n} {text} ." for n, text in enumerate(given))
    )
