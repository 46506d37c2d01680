import re

from rdflib import RDFS, URIRef

from icgraph.model.kinds import KINDS
from icgraph.model.terms import prefixes
from tests.ontology.drawing import ALTERNATIVE, ARROWS, BOXES, SVG, drawn
from tests.ontology.graphs import read

NAMED = read("ontology/icgraph.ttl", "ontology/labels.ttl")


def test_the_drawing_is_up_to_date() -> None:
    assert SVG.read_text() == drawn(), "write it again: python -m tests.ontology.drawing"


def test_every_term_in_the_drawing_exists() -> None:
    known = prefixes()
    for prefix, name in re.findall(r"\b([a-z]+):(\w+)", drawn().partition("</style>")[2]):
        if prefix in known:
            assert (URIRef(known[prefix] + name), RDFS.label, None) in NAMED, f"{prefix}:{name}"


def test_the_drawing_shows_every_kind_of_record() -> None:
    records = {box.name.lower() for box in BOXES if not box.part}
    assert records == set(KINDS)


def test_whoever_cannot_see_the_drawing_is_told_every_arrow() -> None:
    labels = {arrow.label for arrow in ARROWS if arrow.label}
    assert {label for label in labels if label not in ALTERNATIVE} == set()
