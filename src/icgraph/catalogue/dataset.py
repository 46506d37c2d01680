"""The description of the dataset in RDF: DCAT-AP 3 for portals, VoID for linked data.

What the dataset is called stands in `catalogue.about`; how much it holds comes from
`catalogue.statistics`, which files there are from `catalogue.dumps`. Everything has an IRI below
`{base}dataset`; where a file or a service is reached is told by the address that serves it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from icgraph.catalogue.about import CREATOR, DESCRIPTION, FORM, KEYWORDS, LICENSE, TITLE
from icgraph.catalogue.dumps import FORMS, Dump
from icgraph.catalogue.stating import Says, dcat, moment, number, plain, term, text
from icgraph.catalogue.statistics import Statistics, vocabularies
from icgraph.model.versions import Version

_EU: Final = "http://publications.europa.eu/resource/authority/"
_EU_VALUE: Final = re.compile(f"{re.escape(_EU)}[a-z-]+/[A-Z_]+")
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_SPARQL: Final = "https://www.w3.org/TR/sparql11-protocol/"

#: What the objects of these properties are: stated here, since checkers may not look elsewhere.
_RANGES: Final = MappingProxyType(
    {
        "dcat:compressFormat": "dcterms:MediaType",
        "dcat:landingPage": "foaf:Document",
        "dcat:mediaType": "dcterms:MediaType",
        "dcat:packageFormat": "dcterms:MediaType",
        "dcat:theme": "skos:Concept",
        "dcat:themeTaxonomy": "skos:ConceptScheme",
        "dcatap:availability": "skos:Concept",
        "dcterms:accessRights": "dcterms:RightsStatement",
        "dcterms:accrualPeriodicity": "dcterms:Frequency",
        "dcterms:conformsTo": "dcterms:Standard",
        "dcterms:format": "dcterms:MediaTypeOrExtent",
        "dcterms:language": "dcterms:LinguisticSystem",
        "dcterms:license": "dcterms:LicenseDocument",
        "foaf:homepage": "foaf:Document",
        "foaf:page": "foaf:Document",
        "spdx:algorithm": "spdx:ChecksumAlgorithm",
    }
)
_RDF_TYPE: Final = term("rdf:type")
_VOID_FEATURES: Final = ("N-Quads", "Turtle", "JSON-LD", "N-Triples", "RDF_XML")


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is known of the dataset now. `address` is where it is served, with a slash at its end.

    `newest` is None where no change tells when it was made; `dump` may be of an older revision.
    """

    base: str
    address: str
    statistics: Statistics
    revision: int
    newest: Version | None
    dump: Dump | None

    @property
    def iri(self) -> str:
        """What the dataset is named by."""
        return f"{self.base}dataset"

    def download(self, form: str) -> str:
        """Where a form of the dump is fetched."""
        file = self.dump.file(form) if self.dump else None
        return f"{self.address}dumps/{file.name if file else f'latest.{form}'}"


def describe(dataset: Dataset) -> Iterator[Triple]:
    """All statements about the dataset, its catalogue, files and services."""
    for statements in (_catalogue, _dataset, _services, _distributions, _void):
        yield from _with_ranges(statements(Says(dataset.iri), dataset))


def _with_ranges(statements: Iterator[Triple]) -> Iterator[Triple]:
    """The statements, and what DCAT-AP wants things named in them to be, or of which list."""
    ranges = {term(name): term(class_) for name, class_ in _RANGES.items()}
    for statement in statements:
        yield statement
        named = statement.object
        if class_ := ranges.get(statement.predicate):
            assert isinstance(named, NamedNode)
            yield Triple(named, _RDF_TYPE, class_)
        if isinstance(named, NamedNode) and _EU_VALUE.fullmatch(named.value):
            yield Triple(named, term("skos:inScheme"), NamedNode(named.value.rpartition("/")[0]))


def describe_version(iri: str, address: str, version: Version) -> Iterator[Triple]:
    """The statements about one version of the dataset `iri`: when and why it was made."""
    yield from _with_ranges(_version(iri, address, version))


def _version(iri: str, address: str, version: Version) -> Iterator[Triple]:
    says = Says(f"{iri}/{version.number}")
    yield says("", "rdf:type", dcat("Dataset"))
    for language, title in TITLE.items():
        yield says("", "dcterms:title", text(f"{title} – {version.number}", language))
    yield says("", "dcterms:description", plain(version.message))
    yield says("", "dcterms:publisher", NamedNode(f"{iri}#publisher"))
    yield says("", "dcterms:issued", moment(version.time))
    yield says("", "dcterms:license", NamedNode(LICENSE))
    yield says("", "dcat:version", plain(str(version.number)))
    yield says("", "dcat:isVersionOf", NamedNode(iri))
    yield says("", "dcterms:isVersionOf", NamedNode(iri))
    yield says("", "foaf:page", NamedNode(f"{address}dataset/{version.number}"))
    if version.number > 1:
        yield says("", "dcat:previousVersion", NamedNode(f"{iri}/{version.number - 1}"))
    yield from _agents(Says(iri), address)


def schema_org(dataset: Dataset) -> dict[str, object]:
    """The description for search engines (schema.org/Dataset), as JSON-LD."""
    told: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset.iri,
        "name": TITLE["en"],
        "alternateName": TITLE["fr"],
        "description": DESCRIPTION["en"],
        "url": f"{dataset.address}dataset",
        "license": LICENSE,
        "isAccessibleForFree": True,
        "inLanguage": ["en", "fr"],
        "keywords": list(KEYWORDS["en"]),
        "version": str(dataset.revision),
        "creator": {"@type": "Organization", "name": CREATOR, "url": dataset.address},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": FORM[form].title,
                "encodingFormat": FORM[form].media_type,
                "contentUrl": dataset.download(form),
            }
            for form in FORMS
        ],
    }
    if dataset.newest:
        told["dateModified"] = dataset.newest.time
    return told


def _catalogue(says: Says, dataset: Dataset) -> Iterator[Triple]:
    yield says("catalogue", "rdf:type", dcat("Catalog"))
    yield from _told(says, "catalogue")
    yield says("catalogue", "dcat:dataset", says.node())
    yield says("catalogue", "dcat:service", says.node("sparql"))
    yield says("catalogue", "foaf:homepage", NamedNode(dataset.address))
    themes = NamedNode(f"{_EU}data-theme")
    yield says("catalogue", "dcat:themeTaxonomy", themes)
    yield Triple(themes, term("dcterms:title"), text("Data theme", "en"))
    yield from _dates(says, "catalogue", dataset)


def _dataset(says: Says, dataset: Dataset) -> Iterator[Triple]:
    yield says("", "rdf:type", dcat("Dataset"))
    yield says("", "rdf:type", term("void:Dataset"))
    yield from _told(says, "")
    for language, words in KEYWORDS.items():
        for word in words:
            yield says("", "dcat:keyword", text(word, language))
    theme = NamedNode(f"{_EU}data-theme/SOCI")
    yield says("", "dcat:theme", theme)
    yield Triple(theme, term("skos:prefLabel"), text("Population and society", "en"))
    yield says("", "dcterms:accessRights", NamedNode(f"{_EU}access-right/PUBLIC"))
    yield says("", "dcterms:accrualPeriodicity", NamedNode(f"{_EU}frequency/IRREG"))
    yield says("", "dcterms:identifier", plain(dataset.iri))
    yield says("", "dcterms:conformsTo", NamedNode(f"{dataset.base}ns/"))
    yield says("", "dcat:contactPoint", says.node("contact"))
    yield says("", "dcat:landingPage", NamedNode(f"{dataset.address}dataset"))
    yield says("", "dcat:version", plain(str(dataset.revision)))
    yield says("", "dcat:hasCurrentVersion", NamedNode(f"{dataset.iri}/{dataset.revision}"))
    for part in (*(_form_part(form) for form in FORMS), "sparql-access"):
        yield says("", "dcat:distribution", says.node(part))
    yield from _dates(says, "", dataset)
    yield from _agents(says, dataset.address)


def _agents(says: Says, address: str) -> Iterator[Triple]:
    """The publisher and the contact: the project, no person."""
    yield says("publisher", "rdf:type", term("foaf:Agent"))
    yield says("publisher", "foaf:name", text(CREATOR, "en"))
    yield says("contact", "rdf:type", term("vcard:Kind"))
    yield says("contact", "rdf:type", term("vcard:Organization"))
    yield says("contact", "vcard:fn", text(CREATOR, "en"))
    yield says("contact", "vcard:hasURL", NamedNode(address))


def _services(says: Says, dataset: Dataset) -> Iterator[Triple]:
    endpoint = NamedNode(f"{dataset.address}sparql")
    yield says("sparql", "rdf:type", dcat("DataService"))
    yield says("sparql", "dcterms:title", text("SPARQL endpoint", "en"))
    yield says("sparql", "dcterms:title", text("Point d’accès SPARQL", "fr"))
    yield says("sparql", "dcat:endpointURL", endpoint)
    yield says("sparql", "dcat:endpointDescription", endpoint)
    yield says("sparql", "dcat:servesDataset", says.node())
    yield says("sparql", "dcterms:conformsTo", NamedNode(_SPARQL))
    yield says("sparql", "dcterms:license", NamedNode(LICENSE))
    yield says("sparql", "dcterms:publisher", says.node("publisher"))
    yield says("sparql", "dcterms:accessRights", NamedNode(f"{_EU}access-right/PUBLIC"))
    yield says("sparql", "dcat:contactPoint", says.node("contact"))
    yield says("sparql-access", "rdf:type", dcat("Distribution"))
    yield says("sparql-access", "dcterms:title", text("SPARQL endpoint", "en"))
    yield says("sparql-access", "dcat:accessURL", endpoint)
    yield says("sparql-access", "dcat:accessService", says.node("sparql"))
    yield from _distribution_terms(says, "sparql-access")


def _distributions(says: Says, dataset: Dataset) -> Iterator[Triple]:
    for form in FORMS:
        part, told = _form_part(form), FORM[form]
        yield says(part, "rdf:type", dcat("Distribution"))
        yield says(part, "dcterms:title", text(told.title, "en"))
        yield says(part, "dcterms:description", text(told.description, "en"))
        yield says(part, "dcat:accessURL", NamedNode(f"{dataset.address}dumps/"))
        yield says(part, "dcat:downloadURL", NamedNode(dataset.download(form)))
        yield says(part, "dcat:mediaType", NamedNode(_IANA + told.media_type))
        yield says(part, "dcterms:format", NamedNode(f"{_EU}file-type/{told.file_type}"))
        packed, packing = (
            ("dcat:packageFormat", "application/zip")
            if form.endswith(".zip")
            else ("dcat:compressFormat", "application/gzip")
        )
        yield says(part, packed, NamedNode(_IANA + packing))
        yield from _distribution_terms(says, part)
        yield from _file(says, dataset.dump, form)


def _file(says: Says, dump: Dump | None, form: str) -> Iterator[Triple]:
    """What is known of a file that was made: its revision, size and checksum."""
    file = dump.file(form) if dump else None
    if dump is None or file is None:
        return
    part = _form_part(form)
    yield says(part, "dcterms:modified", moment(dump.time))
    yield says(part, "owl:versionInfo", plain(str(dump.revision)))
    yield says(part, "dcat:byteSize", number(file.size, "nonNegativeInteger"))
    yield says(part, "spdx:checksum", says.node(f"checksum-{part}"))
    yield says(f"checksum-{part}", "rdf:type", term("spdx:Checksum"))
    algorithm = term("spdx:checksumAlgorithm_sha256")
    yield says(f"checksum-{part}", "spdx:algorithm", algorithm)
    value = Literal(file.sha256, datatype=term("xsd:hexBinary"))
    yield says(f"checksum-{part}", "spdx:checksumValue", value)


def _distribution_terms(says: Says, part: str) -> Iterator[Triple]:
    yield says(part, "dcterms:license", NamedNode(LICENSE))
    stable = NamedNode(f"{_EU}planned-availability/STABLE")
    yield says(part, "dcatap:availability", stable)
    yield Triple(stable, term("skos:prefLabel"), text("stable", "en"))


def _void(says: Says, dataset: Dataset) -> Iterator[Triple]:
    """VoID, sections 2 to 4."""
    counts = dataset.statistics
    yield says("", "void:sparqlEndpoint", NamedNode(f"{dataset.address}sparql"))
    for form in ("nq.gz", "ttl.gz", "jsonld.gz"):
        yield says("", "void:dataDump", NamedNode(dataset.download(form)))
    for name in _VOID_FEATURES:
        yield says("", "void:feature", term(f"formats:{name}"))
    yield says("", "void:uriSpace", plain(f"{dataset.base}id/"))
    for space in vocabularies(counts, dataset.base):
        yield says("", "void:vocabulary", NamedNode(space))
    for name, count in (
        ("triples", counts.triples),
        ("entities", counts.entities),
        ("distinctSubjects", counts.subjects),
        ("distinctObjects", counts.objects),
        ("classes", counts.classes),
        ("properties", counts.properties),
    ):
        yield says("", f"void:{name}", number(count))
    for iri, count in counts.by_class:
        part = f"class-{_digest(iri)}"
        yield says("", "void:classPartition", says.node(part))
        yield says(part, "void:class", NamedNode(iri))
        yield says(part, "void:entities", number(count))
    for iri, count in counts.by_property:
        part = f"property-{_digest(iri)}"
        yield says("", "void:propertyPartition", says.node(part))
        yield says(part, "void:property", NamedNode(iri))
        yield says(part, "void:triples", number(count))
    # The figures above are of the default graph; named graphs stand beside it, each with its own.
    for iri, count in counts.by_graph:
        yield says("", "dcterms:hasPart", NamedNode(iri))
        yield Triple(NamedNode(iri), _RDF_TYPE, term("void:Dataset"))
        yield Triple(NamedNode(iri), term("void:triples"), number(count))


def _told(says: Says, part: str) -> Iterator[Triple]:
    """What a catalogue and its dataset have in common."""
    for language in TITLE:
        yield says(part, "dcterms:title", text(TITLE[language], language))
        yield says(part, "dcterms:description", text(DESCRIPTION[language], language))
    yield says(part, "dcterms:publisher", says.node("publisher"))
    yield says(part, "dcterms:license", NamedNode(LICENSE))
    for code in ("ENG", "FRA"):
        yield says(part, "dcterms:language", NamedNode(f"{_EU}language/{code}"))


def _dates(says: Says, part: str, dataset: Dataset) -> Iterator[Triple]:
    if dataset.newest:
        yield says(part, "dcterms:modified", moment(dataset.newest.time))


def _form_part(form: str) -> str:
    return form.partition(".")[0]


def _digest(iri: str) -> str:
    return sha256(iri.encode()).hexdigest()[:12]
