"""A record in the words of schema.org, for search engines: said in its page as JSON-LD.

Only what schema.org has a fitting word for is said, as `ontology/alignments.ttl` relates the
two; where it has none, a record is a Thing with a name. Texts are those of the page's language.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from flask import Flask
from pyoxigraph import Literal, NamedNode

from icgraph.discovery.records import Record

#: The type of each kind, where no class or concept of the record says more.
_KINDS: Final[Mapping[str, str]] = {
    "practice": "Action",
    "place": "Place",
    "organisation": "Organization",
    "project": "Project",
    "partnership": "Organization",
    "activity": "Event",
    "programme": "FundingScheme",
    "source": "WebPage",
}
_CLASSES: Final[Mapping[str, str]] = {
    "ic:City": "City",
    "ic:Country": "Country",
    "ic:AdministrativeArea": "AdministrativeArea",
    "cv:PublicOrganisation": "GovernmentOrganization",
}
_CLASSIFICATIONS: Final[Mapping[str, str]] = {
    "university": "CollegeOrUniversity",
    "school": "School",
    "company": "Corporation",
    "ngo": "NGO",
}
#: Participants and other long lists are cut here: a page has its own lists.
_MOST: Final = 50


def register(app: Flask) -> None:
    """Give templates the filter `schema_org`."""
    app.jinja_env.filters[schema_org.__name__] = schema_org


def schema_org(record: Record) -> dict[str, Any]:
    """The record as a JSON-LD object; every value is text, a number or such an object."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _type(record),
        "@id": record.iri,
        "name": _text(record.label()),
        "alternateName": [text.value for text in record.other_names()][:_MOST],
        "description": _text(record.text("dcterms:abstract")),
        "sameAs": [term.value for term in record.all("schema:sameAs")],
        **_BY_KIND[record.name.kind](record),
    }
    return {key: value for key, value in said.items() if value not in (None, [], {})}


def _type(record: Record) -> str:
    slugs = {term.value.rpartition("/")[2] for term in record.all("org:classification")}
    by_concept = [type_ for slug, type_ in _CLASSIFICATIONS.items() if slug in slugs]
    classes = {term.value for term in record.all("rdf:type")}
    by_class = [type_ for name, type_ in _CLASSES.items() if record.reading.expand(name) in classes]
    return next(iter([*by_concept, *by_class]), _KINDS[record.name.kind])


def _action(record: Record) -> dict[str, Any]:
    return {
        "location": _things(record, "dcterms:spatial", "Place"),
        "participant": _things(record, "ic:involves", "Organization"),
        "subjectOf": _sources(record),
    }


def _event(record: Record) -> dict[str, Any]:
    return {
        "startDate": _year(record, "ic:startYear"),
        "endDate": _year(record, "ic:endYear"),
        "location": _things(record, "dcterms:spatial", "Place"),
        "contributor": _things(record, "ic:involves", "Organization"),
        "subjectOf": _sources(record),
    }


def _body(record: Record) -> dict[str, Any]:
    return {
        "foundingDate": _year(record, "ic:startYear"),
        "dissolutionDate": _year(record, "ic:endYear"),
        "location": _things(record, "dcterms:spatial", "Place"),
        "parentOrganization": _things(record, "org:unitOf", "Organization")
        or _things(record, "org:subOrganizationOf", "Organization"),
        "member": _things(record, "ic:involves", "Organization"),
        "url": [term.value for term in record.all("schema:url")],
        "subjectOf": _sources(record),
    }


def _place(record: Record) -> dict[str, Any]:
    return {
        "containedInPlace": _things(record, "geo:sfWithin", "Place")
        or _things(record, "ic:country", "Country"),
        "subjectOf": _sources(record),
    }


def _told(record: Record) -> dict[str, Any]:
    return {"subjectOf": _sources(record)}


def _page(record: Record) -> dict[str, Any]:
    return {"url": [term.value for term in record.all("schema:url")]}


_BY_KIND: Final[Mapping[str, Callable[[Record], dict[str, Any]]]] = {
    "practice": _action,
    "place": _place,
    "organisation": _body,
    "project": _body,
    "partnership": _body,
    "activity": _event,
    "programme": _told,
    "source": _page,
}


def _sources(record: Record) -> list[dict[str, Any]]:
    """The pages that tell of it, by the addresses they were read at."""
    return [
        {"@type": "WebPage", "name": _text(record.label(source)), "url": url.value}
        for source in _iris(record.all("dcterms:source"))
        for url in record.all("schema:url", source)
    ]


def _things(record: Record, property_: str, type_: str) -> list[dict[str, Any]]:
    """What a property leads to, by IRI and name."""
    return [
        {"@type": type_, "@id": iri, "name": label.value}
        for iri in _iris(record.all(property_))
        if (label := record.label(iri))
    ]


def _iris(terms: Iterable[object]) -> list[str]:
    return [term.value for term in terms if isinstance(term, NamedNode)][:_MOST]


def _year(record: Record, property_: str) -> str | None:
    term = record.one(property_)
    return term.value if isinstance(term, Literal) else None


def _text(text: Literal | None) -> str | None:
    return text.value if text else None
