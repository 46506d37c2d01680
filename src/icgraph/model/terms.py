"""Namespaces, and the terms the code itself names.

Everything in the packaged graph lies below `DEFAULT_BASE`; a home may be created with
another base, which `load` puts in its place. This module builds IRIs from the default
base only; whatever handles a home's graph takes its base from `iris.Base`.
"""

from types import MappingProxyType
from typing import Final

DEFAULT_BASE: Final = "https://w3id.org/icgraph/"

#: Prefixes for people and for Turtle; those below the base are added by `prefixes`.
FOREIGN_PREFIXES: Final = MappingProxyType(
    {
        "cv": "http://data.europa.eu/m8g/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "eulang": "http://publications.europa.eu/resource/authority/language/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "hydra": "http://www.w3.org/ns/hydra/core#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "time": "http://www.w3.org/2006/time#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

#: Prefix -> path below the base.
OWN_PREFIXES: Final = MappingProxyType(
    {
        "ic": "ns/",
        "ics": "shapes/",
        "practice": "id/practice/",
        "place": "id/place/",
        "organisation": "id/organisation/",
        "project": "id/project/",
        "partnership": "id/partnership/",
        "activity": "id/activity/",
        "programme": "id/programme/",
        "source": "id/source/",
        "topic": "scheme/topic/",
        "role": "scheme/role/",
        "organisation-type": "scheme/organisation-type/",
        "activity-type": "scheme/activity-type/",
        "change-type": "scheme/change-type/",
        "status": "scheme/temporal-status/",
        "source-kind": "scheme/source-kind/",
        "basis": "scheme/basis/",
        "evidence": "scheme/evidence/",
    }
)


def prefixes(base: str = DEFAULT_BASE) -> dict[str, str]:
    """All prefixes of a graph with this base, in alphabetical order."""
    own = {prefix: base + path for prefix, path in OWN_PREFIXES.items()}
    return dict(sorted({**FOREIGN_PREFIXES, **own}.items()))
