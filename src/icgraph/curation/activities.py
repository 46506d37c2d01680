"""Activity records: visits and events, and the parties that a line adds to a project or body.

Who was host and who visited is stated only where the facts tell it; where the host is known,
so is the place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from icgraph.curation.collaborations import Line, Reader
from icgraph.curation.names import fold
from icgraph.curation.nested import told_beside
from icgraph.curation.projects import read_timing
from icgraph.curation.statements import (
    Subject,
    add_name,
    new_record,
    record_iri,
    state_names,
    state_timing,
    term,
    text,
)
from icgraph.model.iris import slugify

_TYPES = {"activity": "study-visit", "event": "event"}
_HOST = "host of the "


@dataclass(frozen=True, slots=True)
class ActivityDesk:
    """What is needed to write activity records."""

    reader: Reader

    def records(self, lines: Sequence[Line]) -> list[Subject]:
        """One record for each line about a visit or an event."""
        made: dict[str, Subject] = {}
        for line in lines:
            if line.target in _TYPES:
                record = self._record(line)
                if record.node.value in made:
                    raise line.fact.broken(
                        "about", f"is that of another line: {line.about!r}", "Tell them apart."
                    )
                made[record.node.value] = record
        return list(made.values())

    def _record(self, line: Line) -> Subject:
        bodies = self.reader.bodies
        hosts = [mention for mention, role in line.parties if role == "host"]
        title = self._title(line)
        record = new_record("activity", line.slug or slugify(title))
        self.reader.enter(line, record.node, "new")
        state_names(record, {"en": title}, [])
        record.state("dcterms:type", term(f"activity-type:{_TYPES[line.target]}"))
        record.state("dcterms:source", self.reader.source(line))
        record.state(
            "dcterms:spatial", *(record_iri("place", host.city) for host in hosts if host.city)
        )
        state_timing(record, read_timing(line.fact), "und")
        bodies.state_parties(record, line.parties, "partnerships")
        if line.project is not None:
            record.state("dcterms:isPartOf", record_iri("project", line.project))
            record.state("ic:withinProject", record_iri("project", line.project))
        return record

    def _title(self, line: Line) -> str:
        """What happened; where the line is about its host, also who that was and when."""
        about = line.about.replace("hosts of the ", _HOST)
        if not about.startswith(_HOST):
            return about[0].upper() + about[1:]
        bodies = self.reader.bodies
        hosts = [bodies.party_name(mention) for mention, role in line.parties if role == "host"]
        where = [host for host in hosts if host is not None]
        when = (line.fact.optional_text("start") or "")[:4]
        what = about.removeprefix(_HOST)
        return f"{what[0].upper()}{what[1:]} ({', '.join([*where, when])})"


def add_parties(
    reader: Reader, lines: Sequence[Line], drafts: Mapping[str, Sequence[Subject]]
) -> None:
    """Let the parties of lines about a project or a body take part in it."""
    made = {record.node: record for kind in ("project", "organisation") for record in drafts[kind]}
    programmes = {
        fold(quad.object.value)
        for programme in drafts["programme"]
        for quad in programme.quads
        if quad.predicate in {term("rdfs:label"), term("skos:altLabel")}
        and isinstance(quad.object, Literal)
    }
    for line in lines:
        if line.target not in {"project", "organisation"}:
            continue
        slug = line.project if line.target == "project" else line.slug
        record = None if slug is None else made.get(record_iri(line.target, slug))
        if record is None:
            reader.tally.leave_out("partnerships", "parties", "the project or body is not known")
            reader.enter(line, None, "not-a-record", "the project or body is not known")
            continue
        reader.enter(line, record.node, "same-by-rule", line.note or "who takes part in it")
        record.state("dcterms:source", reader.source(line))
        name = line.fact.optional_text("project")
        if line.target == "project" and name is not None and fold(name) not in programmes:
            add_name(record, text(name, reader.bodies.languages.of(name)))
        _add(reader, line, record)


def _add(reader: Reader, line: Line, record: Subject) -> None:
    """Add the parties that do not take part yet, and what it is about where nothing says so."""
    there = {quad.object for quad in record.quads if quad.predicate == term("ic:involves")}
    slugs = [reader.bodies.resolution.slug_of(mention) for mention, _ in line.parties]
    fresh = [
        party
        for party, slug in zip(line.parties, slugs, strict=True)
        if slug is None or record_iri("organisation", slug) not in there
    ]
    reader.bodies.state_parties(record, fresh, "partnerships")
    said = any(quad.predicate == term("dcterms:abstract") for quad in record.quads)
    if line.target == "project" and not said:
        about = line.about[0].upper() + line.about[1:]
        record.state("dcterms:abstract", text(f"{about}.", "en"))
    else:
        words = f"A line on who takes part says what it is about: {line.about}."
        reader.tally.remark(record.node, words)
    dated = any(quad.predicate == term("ic:startYear") for quad in record.quads)
    told = "" if dated else told_beside(line.fact)
    if told:
        words = f"A line on who takes part says “{line.about}”, {told}."
        reader.tally.remark(record.node, words)
