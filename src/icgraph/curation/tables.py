"""`icgraph import`: facts files to sorted Turtle, beside the hand-made seeds.

The output folder holds the reviewable tables in `mappings/` and the seeds in `seeds/`, which
are read and never written; where it has none, those of the package serve. Everything is made
in memory and written at once, or not at all; the same facts always give the same bytes, in
whatever order their lines stand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from icgraph.config import packaged
from icgraph.curation import partnerships, practices, projects
from icgraph.curation.facts import Facts, read_facts
from icgraph.curation.mappings import Row, keyed, read_table
from icgraph.curation.mentions import Mention, read_description
from icgraph.curation.names import Languages, fold
from icgraph.curation.organisations import Bodies
from icgraph.curation.places import Gazetteer
from icgraph.curation.rdf import format_turtle
from icgraph.curation.reports import missing_page, unmapped_page
from icgraph.curation.resolution import Resolution, resolve
from icgraph.curation.seeds import Seeds, read_seeds
from icgraph.curation.sources import Library
from icgraph.curation.statements import BASE, Subject, record_iri, term
from icgraph.curation.tally import Tally
from icgraph.curation.writing import replace_files
from icgraph.errors import InputError
from icgraph.model.iris import RecordName
from icgraph.model.kinds import KINDS
from icgraph.model.terms import prefixes

Progress = Callable[[str, int, int], None]

_COLUMNS: Final = {
    "coordinators": ("coordinator", "lead", "note"),
    "countries": ("code", "en", "fr"),
    "name-languages": ("name", "language"),
    "name-words": ("word", "language"),
    "organisation-types": ("word", "type", "class"),
    "organisations": ("name", "country", "slug", "label", "treat", "note"),
    "partnerships": ("about", "slug", "note"),
    "place-kinds": ("kind", "class"),
    "places": ("country", "name", "slug", "kind", "within", "alternatives"),
    "programmes": ("name", "slug", "en", "others", "managed_by"),
    "roles": ("word", "role"),
    "seed-pages": ("page", "source"),
    "texts": ("practice", "key", "text"),
    "topics": ("label", "topic"),
    "unmapped": ("file", "key", "reason"),
}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: records written by kind, what the seeds lack, what fell out."""

    records: Mapping[str, int]
    kept_seeds: int
    missing_from_seeds: int
    notes: Mapping[str, Sequence[str]]
    files: Sequence[Path]


def import_facts(files: Sequence[Path], output: Path, progress: Progress) -> ImportReport:
    """Make the Turtle files of `output` from facts files.

    Raises FileUnusable, SyntaxInvalid or InputError, with file and line, before any file is
    written.
    """
    progress("reading facts", 0, len(files))
    facts = read_facts(files)
    mappings = _folder(output, "mappings")
    tables = {name: read_table(mappings, name, _COLUMNS[name]) for name in _COLUMNS}
    seeds = read_seeds(_folder(output, "seeds"))
    work = _Workshop(facts, tables, seeds)
    drafts = work.drafts(progress)
    written = {
        kind: [each for each in made if not seeds.holds(each)] for kind, made in drafts.items()
    }
    lacking = {
        each.node.value: seeds.missing(each)
        for made in drafts.values()
        for each in made
        if seeds.holds(each)
    }
    contents = _contents(output, written, work.provenance(drafts))
    contents[output / "missing-from-seeds.md"] = missing_page(lacking)
    contents[output / "unmapped.md"] = unmapped_page(facts.censuses, work.reasons(), work.tally)
    progress("writing", len(contents), len(contents))
    replace_files(contents)
    return ImportReport(
        records={kind: len(made) for kind, made in written.items()},
        kept_seeds=len(lacking),
        missing_from_seeds=sum(map(len, lacking.values())),
        notes={heading: sorted(cases) for heading, cases in sorted(work.tally.cases.items())},
        files=sorted(contents),
    )


def _folder(output: Path, name: str) -> Path:
    own = output / name
    return own if own.is_dir() else packaged("data") / name


def _contents(
    output: Path, records: Mapping[str, Sequence[Subject]], provenance: set[Quad]
) -> dict[Path, str]:
    names = prefixes()
    texts = {
        output / f"{KINDS[kind].path}.ttl": format_turtle(
            (quad for each in made for quad in each.quads), names
        )
        for kind, made in records.items()
    }
    texts[output / "provenance.ttl"] = format_turtle(provenance, names)
    for path, text in texts.items():
        if not text and path.exists():
            raise InputError(
                f"{path} has records, and the facts given would leave it empty.",
                advice="Give all files of facts at once, or another folder as output.",
            )
    return {path: text for path, text in texts.items() if text}


class _Workshop:
    """The tables and facts at work: first every name is found, then every record is made."""

    def __init__(self, facts: Facts, tables: Mapping[str, list[Row]], seeds: Seeds) -> None:
        self.tally = Tally()
        self._facts = facts
        self._tables = tables
        self._seeds = seeds
        self._library = Library({row["page"]: row["source"] for row in tables["seed-pages"]})
        self._places = Gazetteer(
            keyed(tables["countries"], lambda row: row["code"]),
            tables["places"],
            keyed(tables["place-kinds"], lambda row: row["kind"]),
            self._library,
        )
        self._languages = Languages(
            {row["name"]: row["language"] for row in tables["name-languages"]},
            {row["word"]: row["language"] for row in tables["name-words"]},
        )

    def drafts(self, progress: Progress) -> dict[str, list[Subject]]:
        """The records of every kind, those that stand in the seeds among them."""
        bodies = self._bodies()
        index = projects.index_projects(self._facts.of("projects"), self._seeds.projects())
        project_desk = projects.ProjectDesk(
            index=index,
            bodies=bodies,
            library=self._library,
            places=self._places,
            languages=self._languages,
            coordinators=keyed(self._tables["coordinators"], lambda row: row["coordinator"]),
            programmes=keyed(self._tables["programmes"], lambda row: row["name"]),
            tally=self.tally,
        )
        drafts: dict[str, list[Subject]] = {"practice": self._practices(index, bodies, progress)}
        drafts["project"] = project_desk.records(self._facts.of("projects"))
        drafts["programme"] = project_desk.programme_records()
        drafts["partnership"] = partnerships.PartnershipDesk(
            keyed(self._tables["partnerships"], lambda row: fold(row["about"])),
            index,
            bodies,
            self._library,
            self._places,
            self.tally,
        ).records(self._facts.of("partnerships"))
        drafts["organisation"] = self._organisations(bodies, drafts["practice"])
        drafts["place"] = self._places.records(self.tally)
        drafts["source"] = self._library.records()
        return drafts

    def provenance(self, drafts: Mapping[str, Sequence[Subject]]) -> set[Quad]:
        """What is said of the records' documents: what came of reading, not of a source."""
        statements: set[Quad] = set()
        for practice in drafts["practice"]:
            if any(quad.predicate == term("dcterms:subject") for quad in practice.quads):
                statements |= _about(practice.node, "ic:topicsBasis", "basis:assigned")
        for place in self.tally.own_names:
            statements |= _about(place, "ic:namesBasis", "basis:own-translation")
        return statements

    def reasons(self) -> dict[tuple[str, str], str]:
        """Why keys of the facts are not carried over, by kind of file and key."""
        return {(row["file"], row["key"]): row["reason"] for row in self._tables["unmapped"]}

    def _practices(
        self, index: projects.ProjectIndex, bodies: Bodies, progress: Progress
    ) -> list[Subject]:
        facts = self._facts.of("practices")
        desk = practices.PracticeDesk(
            topics={fold(row["label"]): row["topic"] for row in self._tables["topics"]},
            texts={(row["practice"], row["key"]): row["text"] for row in self._tables["texts"]},
            index=index,
            bodies=bodies,
            library=self._library,
            places=self._places,
            tally=self.tally,
            shared=practices.shared_addresses(facts),
        )
        made: dict[str, Subject] = {}
        for number, fact in enumerate(facts, start=1):
            progress("practices", number, len(facts))
            record = desk.record(fact)
            if record.node.value in made:
                raise fact.broken("id", f"is that of another line: {fact.text('id')}", "Keep one.")
            made[record.node.value] = record
        return list(made.values())

    def _organisations(self, bodies: Bodies, made: Sequence[Subject]) -> list[Subject]:
        """All but those that only lines of hand-made practices name, and not the seeds."""
        hand_made = {practice.node.value for practice in made if self._seeds.holds(practice)}
        lines = {
            fact.where
            for fact in self._facts.of("practices")
            if record_iri("practice", fact.text("id")).value in hand_made
        }
        found = bodies.resolution.bodies
        return [
            record
            for record in bodies.records()
            if self._seeds.speak_of(record)
            or any(
                mention.where.where not in lines
                for mention in found[record.node.value.rpartition("/")[2]].mentions
            )
        ]

    def _bodies(self) -> Bodies:
        for fact in self._facts.of("cities"):
            self._places.describe(fact)
        special = keyed(
            self._tables["organisations"], lambda row: f"{fold(row['name'])}|{row['country']}"
        )
        by_name = {(fold(row["name"]), row["country"]): row for row in special.values()}
        types = keyed(self._tables["organisation-types"], lambda row: row["word"])
        resolution = resolve(self._mentions(), self._seeds.bodies(), by_name, self._places)
        return Bodies(
            resolution=self._with_types(resolution),
            types=types,
            roles=keyed(self._tables["roles"], lambda row: row["word"]),
            special=by_name,
            languages=self._languages,
            places=self._places,
            tally=self.tally,
        )

    def _mentions(self) -> list[Mention]:
        library, places = self._library, self._places
        found = [
            read_description(fact, set(library.cite_all([fact.text("source")], fact)), places)
            for fact in self._facts.of("organisations")
        ]
        for kind, gather in (
            ("practices", practices.gather_mentions),
            ("projects", projects.gather_mentions),
            ("partnerships", partnerships.gather_mentions),
        ):
            for fact in self._facts.of(kind):
                found += gather(fact, library, places)
        return found

    def _with_types(self, resolution: Resolution) -> Resolution:
        """Without the bodies of which no line says what they are."""
        typed = {
            slug: body
            for slug, body in resolution.bodies.items()
            if any(mention.word for mention in body.mentions)
        }
        slugs = {key: slug for key, slug in resolution.slugs.items() if slug in typed}
        return Resolution(typed, slugs)


def _about(record: NamedNode, predicate: str, basis: str) -> set[Quad]:
    name = BASE.name_of(record.value)
    assert name is not None
    document = NamedNode(BASE.document(RecordName(name.kind, name.slug)))
    return {
        Quad(document, term("foaf:primaryTopic"), record),
        Quad(document, term(predicate), term(basis)),
    }
