"""What is said of the records' documents, in the graph of provenance.

Here stands what is true of a record and not of the thing it describes: what came of reading
and not of a source, how much was seen, remarks of the harvest, why the record decided between
sources that disagree.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.curation.statements import BASE, Subject, integer, term, text
from icgraph.curation.tally import Tally

_SUBJECT = term("dcterms:subject")
#: The French labels of the topics are ours: see the vocabulary beside the facts.
_OWN_TRANSLATION = term("basis:own-translation")


def provenance(
    drafts: Mapping[str, Sequence[Subject]],
    tally: Tally,
    decisions: Mapping[NamedNode, Set[str]],
    topics: Iterable[str],
) -> set[Quad]:
    """All statements on the documents of the records that were made."""
    made = {record.node for records in drafts.values() for record in records}
    said: set[tuple[NamedNode, str, NamedNode | Literal]] = set()
    for practice in drafts["practice"]:
        if any(quad.predicate == _SUBJECT for quad in practice.quads):
            said.add((practice.node, "ic:topicsBasis", term("basis:assigned")))
    for node in tally.own_names:
        said.add((node, "ic:namesBasis", _OWN_TRANSLATION))
    for node, evidence in tally.evidence.items():
        said.add((node, "ic:evidence", term(f"evidence:{evidence}")))
    for node, year in tally.entry_years.items():
        said.add((node, "ic:entryYear", integer(year)))
    for predicate, texts in (("skos:editorialNote", tally.remarks), ("ic:decision", decisions)):
        for node, words in texts.items():
            said |= {(node, predicate, text(each, "en")) for each in words}
    quads = {
        Quad(NamedNode(topic), term("ic:translationBasis"), _OWN_TRANSLATION)
        for topic in {term(f"topic:{slug}").value for slug in topics}
    }
    for node, predicate, value in said:
        if node in made:
            document = _document(node)
            quads.add(Quad(document, term("foaf:primaryTopic"), node))
            quads.add(Quad(document, term(predicate), value))
    return quads


def _document(record: NamedNode) -> NamedNode:
    name = BASE.name_of(record.value)
    assert name is not None
    return NamedNode(BASE.document(name))
