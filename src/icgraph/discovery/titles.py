"""What records are called, those that left the graph too: their documents keep a title."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading
from icgraph.model.iris import RecordName
from icgraph.model.labels import choose

_TITLES: Final = """
SELECT ?thing ?title WHERE {
  { VALUES ?thing { UNDEF } ?thing rdfs:label ?title }
  UNION { VALUES ?g { UNDEF } VALUES ?document { UNDEF }
    GRAPH ?g { ?document dcterms:title ?title } BIND(?document AS ?thing) }
}
"""


def read_titles(reading: Reading, names: Iterable[RecordName]) -> dict[RecordName, Literal]:
    """The title of each record in the reader's language if possible; none where none is told."""
    wanted = sorted(set(names), key=lambda name: (name.kind, name.slug))
    if not wanted:
        return {}
    rows = reading.rows(
        _TITLES,
        thing=[NamedNode(reading.base.record(name)) for name in wanted],
        document=[NamedNode(reading.base.document(name)) for name in wanted],
        g=[NamedNode(reading.base.graph("provenance"))],
    )
    told: dict[RecordName, list[Literal]] = defaultdict(list)
    for row in rows:
        name, title = reading.base.name_of(row["thing"].value), row["title"]
        if name is not None and isinstance(title, Literal):
            told[name].append(title)
    chosen = {name: choose(titles, reading.language) for name, titles in told.items()}
    return {name: title for name, title in chosen.items() if title is not None}
