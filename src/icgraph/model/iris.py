"""IRIs of the graph: making slugs, and telling a record's IRI from its document's.

`{base}id/{kind}/{slug}` is a thing, `{base}doc/{kind}/{slug}` the document about it,
`{base}id/{kind}/{slug}#{part}` a part that belongs to the thing.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import unquote, urlsplit

from icgraph.model.kinds import KINDS

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH: Final = 80

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D",
        "þ": "th", "Þ": "Th", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe",
        "ı": "i", "·": "", "’": "", "'": "",
    }
)  # fmt: skip


def slugify(text: str) -> str:
    """The ASCII slug of a name: lower case, words joined by hyphens, at most 80 characters.

    Marks are dropped (Łódź: lodz), other scripts too; a name that leaves nothing gets eight
    hexadecimal digits of its SHA-256, so that every name has a slug.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    ascii_text = plain.encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    return slug[:SLUG_LENGTH].rstrip("-") or sha256(text.encode()).hexdigest()[:8]


def source_slug(address: str) -> str:
    """The slug of a source: host, last path segment, eight hex digits of the address's SHA-256."""
    parts = urlsplit(address)
    digest = sha256(address.encode()).hexdigest()[:8]
    segment = unquote(parts.path.rstrip("/").rpartition("/")[2])
    stem = slugify(f"{parts.netloc} {segment}")[: SLUG_LENGTH - 9].rstrip("-")
    return f"{stem}-{digest}"


@dataclass(frozen=True, slots=True)
class RecordName:
    """What names a record within any base: its kind and its slug."""

    kind: str
    slug: str


@dataclass(frozen=True, slots=True)
class Base:
    """The IRI below which a graph lies; ends with a slash."""

    iri: str

    def record(self, name: RecordName) -> str:
        """The IRI of the thing."""
        return f"{self.iri}id/{name.kind}/{name.slug}"

    def document(self, name: RecordName) -> str:
        """The IRI of the document about the thing."""
        return f"{self.iri}doc/{name.kind}/{name.slug}"

    def graph(self, name: str) -> str:
        """The IRI of a named graph, such as `provenance`."""
        return f"{self.iri}graph/{name}"

    def concept(self, scheme: str, slug: str) -> str:
        """The IRI of a concept."""
        return f"{self.iri}scheme/{scheme}/{slug}"

    def term(self, name: str) -> str:
        """The IRI of a class or property of our own ontology."""
        return f"{self.iri}ns/{name}"

    def name_of(self, iri: str) -> RecordName | None:
        """The record an IRI belongs to (thing, part or document), or None."""
        for folder in ("id/", "doc/"):
            if iri.startswith(self.iri + folder):
                kind, _, rest = iri[len(self.iri) + len(folder) :].partition("/")
                slug = rest.partition("#")[0]
                if kind in KINDS and SLUG.fullmatch(slug):
                    return RecordName(kind, slug)
        return None
