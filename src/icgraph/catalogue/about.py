"""What the dataset is called, who made it, under which licence, and in which forms it comes."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
TITLE: Final = MappingProxyType(
    {"en": "Intercultural cities graph", "fr": "Graphe des cités interculturelles"}
)
DESCRIPTION: Final = MappingProxyType(
    {
        "en": (
            "Good practices of intercultural cities as linked data, with the places, "
            "organisations, projects, partnerships and sources they hang together with. Drawn from "
            "the pages of the Intercultural Cities programme of the Council of Europe and other "
            "public pages, told in our own words; every record names its sources."
        ),
        "fr": (
            "Les bonnes pratiques des cités interculturelles en données liées, avec les lieux, "
            "organisations, projets, partenariats et sources auxquels elles se rattachent. Tirées "
            "des pages du programme Cités interculturelles du Conseil de l’Europe et d’autres "
            "pages publiques, dites avec nos propres mots ; chaque fiche nomme ses sources."
        ),
    }
)
KEYWORDS: Final = MappingProxyType(
    {
        "en": ("intercultural cities", "good practices", "integration", "diversity", "inclusion"),
        "fr": ("cités interculturelles", "bonnes pratiques", "intégration", "diversité"),
    }
)
#: As LICENSE-DATA.md has it.
CREATOR: Final = "icgraph contributors"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the dumps; `file_type` is its name in the EU's table of file types."""

    title: str
    description: str
    media_type: str
    file_type: str


_PUBLISHED: Final = "The published graph: records, concept schemes and the ontology."
FORM: Final = MappingProxyType(
    {
        "nq.gz": Form(
            "N-Quads, with provenance",
            "All statements with their graphs: published, provenance, claims of single sources.",
            "application/n-quads",
            "RDF_N_QUADS",
        ),
        "ttl.gz": Form("Turtle", _PUBLISHED, "text/turtle", "RDF_TURTLE"),
        "jsonld.gz": Form("JSON-LD", _PUBLISHED, "application/ld+json", "JSON_LD"),
        "csv.zip": Form(
            "CSV tables",
            "One table a kind, one row a record; with CSVW metadata.",
            "text/csv",
            "CSV",
        ),
    }
)
