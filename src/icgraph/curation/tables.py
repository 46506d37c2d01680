"""`icgraph import`: facts files to sorted Turtle, beside the hand-made seeds.

The output folder holds the reviewable tables in `mappings/` and the seeds in `seeds/`, which
are read and never written; where it has none, those of the package serve. Everything is made
in memory and written at once, or not at all; the same facts always give the same bytes, in
whatever order their lines stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from icgraph.config import packaged
from icgraph.curation.claims import format_claims
from icgraph.curation.columns import COLUMNS
from icgraph.curation.facts import read_facts
from icgraph.curation.ledger import ledger_table
from icgraph.curation.mappings import read_table
from icgraph.curation.rdf import format_turtle
from icgraph.curation.reports import difference, missing_page, unmapped_page
from icgraph.curation.seeds import read_seeds
from icgraph.curation.statements import Subject
from icgraph.curation.workshop import Workshop
from icgraph.curation.writing import replace_files
from icgraph.errors import InputError
from icgraph.model.kinds import KINDS
from icgraph.model.terms import prefixes
from icgraph.store.channel import Progress


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
    tables = {name: read_table(mappings, name, COLUMNS[name]) for name in COLUMNS}
    seeds = read_seeds(_folder(output, "seeds"))
    work = Workshop(facts, tables, seeds)
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
    supplemented = {
        kind: written[kind] + [seeds.supplement(each) for each in made if seeds.holds(each)]
        for kind, made in drafts.items()
    }
    provenance, claims = work.said_of_records(drafts)
    contents = _contents(output, supplemented, provenance)
    if claims:
        contents[output / "claims.trig"] = format_claims(claims, prefixes())
    contents[output / "missing-from-seeds.md"] = missing_page(lacking, work.differences())
    contents[output / "ledger.csv"] = ledger_table(work.tally.ledger.rows(seeds.statements))
    contents[output / "unmapped.md"] = unmapped_page(facts.censuses, work.reasons(), work.tally)
    progress("writing", len(contents), len(contents))
    replace_files(contents)
    return ImportReport(
        records={kind: len(made) for kind, made in written.items()},
        kept_seeds=len(lacking),
        missing_from_seeds=sum(
            difference(iri, quad) not in work.differences()
            for iri, quads in lacking.items()
            for quad in quads
        ),
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
