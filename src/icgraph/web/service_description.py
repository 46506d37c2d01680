"""What the endpoint can do, in RDF, for programs (SPARQL 1.1 Service Description).

Made from the tables of formats, the settings and the graphs there are; nothing is claimed twice.
"""

from collections.abc import Iterator
from typing import Final

from flask import Response, request
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from icgraph.config import Settings
from icgraph.errors import FormatNotOffered
from icgraph.model.terms import FOREIGN_PREFIXES
from icgraph.web.authorisation import takes_writes
from icgraph.web.headers import conditional
from icgraph.web.media import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name, negotiate
from icgraph.web.query_answer import endpoint
from icgraph.web.site import current_site

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SIMPLE: Final = "http://www.w3.org/ns/entailment/Simple"
_TYPE: Final = NamedNode(FOREIGN_PREFIXES["rdf"] + "type")
_LABEL: Final = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
_COMMENT: Final = NamedNode(FOREIGN_PREFIXES["rdfs"] + "comment")
#: The names by which the W3C knows the formats (https://www.w3.org/ns/formats/).
_W3C_NAMES: Final = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/ld+json": "JSON-LD",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
}
_GRAPHS_LISTED: Final = 1000
_GRAPHS: Final = f"SELECT ?graph {{ GRAPH ?graph {{ }} }} ORDER BY ?graph LIMIT {_GRAPHS_LISTED}"


def service_description(wanted: str | None) -> Response:
    """The description, in the format of `format=` or of `Accept`; 304 for who has it."""
    format_ = _format(wanted)
    address = endpoint(request.environ, current_site())
    response = conditional(f"{format_.name} {address}", lambda: _whole(address, format_))
    response.vary.add("Accept")
    return response


def _format(wanted: str | None) -> Format:
    if not wanted:
        return negotiate(request.headers.get("Accept"), GRAPH_FORMATS)
    if format_ := by_name(wanted, GRAPH_FORMATS):
        return format_
    offered = [format_.media_type for format_ in GRAPH_FORMATS]
    raise FormatNotOffered(
        f"The description of the service does not exist in the format {wanted}.",
        advice=f"Ask for one of: {', '.join(offered)}",
        offered=offered,
    )


def _whole(address: str, format_: Format) -> Response:
    site = current_site()
    graphs = [str(row["graph"].value) for row in site.execution.rows(_GRAPHS)]
    body = serialize(
        describe(address, site.settings, graphs, writable=takes_writes(site)),
        format=RdfFormat.from_media_type(format_.media_type),
        prefixes={"sd": SD, "rdfs": FOREIGN_PREFIXES["rdfs"]},
    )
    return Response(body, content_type=format_.content_type)


def describe(
    address: str, settings: Settings, graphs: list[str], *, writable: bool
) -> Iterator[Triple]:
    """The statements about a service at an address, with the named graphs of its dataset."""
    service, dataset, default = (
        NamedNode(f"{address}#{part}") for part in ("service", "dataset", "default-graph")
    )
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(address))
    languages = ["SPARQL10Query", "SPARQL11Query", *(["SPARQL11Update"] if writable else [])]
    for language in languages:
        yield Triple(service, _sd("supportedLanguage"), _sd(language))
    for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS):
        name = NamedNode(_FORMATS + _W3C_NAMES[format_.media_type])
        yield Triple(service, _sd("resultFormat"), name)
    yield Triple(service, _sd("defaultEntailmentRegime"), NamedNode(_SIMPLE))
    yield Triple(service, _sd("defaultDataset"), dataset)
    for sentence in _limits(settings):
        yield Triple(service, _COMMENT, Literal(sentence, language="en"))
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _TYPE, _sd("Graph"))
    label = Literal("The default graph; it is no union of the named graphs", language="en")
    yield Triple(default, _LABEL, label)
    for number, graph in enumerate(graphs, start=1):
        yield from _named_graph(dataset, NamedNode(f"{address}#graph-{number}"), graph)


def _named_graph(dataset: NamedNode, node: NamedNode, graph: str) -> Iterator[Triple]:
    yield Triple(dataset, _sd("namedGraph"), node)
    yield Triple(node, _TYPE, _sd("NamedGraph"))
    yield Triple(node, _sd("name"), NamedNode(graph))


def _limits(settings: Settings) -> Iterator[str]:
    yield (
        f"A query has {settings.query_seconds:g} seconds, waiting included, and "
        f"{settings.query_memory} MiB of memory; its text {settings.query_text} bytes; its result "
        f"{settings.result_rows} rows or triples and {settings.result_bytes} bytes."
    )
    yield (
        "Over a limit the answer is an error that names it; status 200 means the whole result. "
        "There is no SERVICE: the endpoint makes no requests to others."
    )


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
