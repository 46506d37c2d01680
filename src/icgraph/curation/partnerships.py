"""Partnership records: lasting ties between two or more organisations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from icgraph.curation.collaborations import Line, Reader
from icgraph.curation.names import fold
from icgraph.curation.projects import read_timing
from icgraph.curation.statements import (
    Subject,
    new_record,
    record_iri,
    state_names,
    state_timing,
)
from icgraph.model.iris import SLUG_LENGTH, slugify


@dataclass(frozen=True, slots=True)
class PartnershipDesk:
    """What is needed to write partnership records."""

    reader: Reader

    def records(self, lines: Sequence[Line]) -> list[Subject]:
        """One record for each line about a partnership."""
        made: dict[str, Subject] = {}
        for line in lines:
            if line.target == "none":
                self.reader.tally.leave_out("partnerships", "about", line.note)
                self.reader.tally.note(
                    "Lines on partnerships that are of none", f"{line.about}: {line.note}"
                )
                self.reader.enter(line, None, "not-a-record")
            elif line.target == "partnership":
                record = self._record(line, taken=made)
                if record is not None:
                    made[record.node.value] = record
        return list(made.values())

    def _record(self, line: Line, taken: Mapping[str, Subject]) -> Subject | None:
        reader, bodies = self.reader, self.reader.bodies
        names = list(dict.fromkeys(bodies.party_name(mention) for mention, _ in line.parties))
        known = [name for name in names if name is not None]
        if len(known) < 2:
            reader.tally.leave_out("partnerships", "parties", "fewer than two are known")
            reader.tally.note("Partnerships with fewer than two known parties", line.about)
            reader.enter(line, None, "not-a-record", "fewer than two parties are known")
            return None
        title = _title(known, line.about)
        short = title if len(fold(title)) <= SLUG_LENGTH else line.about
        slug = line.slug or slugify(short)
        if record_iri("partnership", slug).value in taken:
            raise line.fact.broken(
                "about", f"is that of another line: {line.about!r}", "Tell them apart in words."
            )
        record = new_record("partnership", slug)
        reader.enter(line, record.node, "new")
        state_names(record, {"en": title}, [])
        record.state("dcterms:source", reader.source(line))
        state_timing(record, read_timing(line.fact), "und")
        bodies.state_parties(record, line.parties, "partnerships")
        if line.project is not None:
            record.state("ic:withinProject", record_iri("project", line.project))
        return record


def _title(names: Sequence[str], about: str) -> str:
    """Two or three parties and what ties them; of more, only that."""
    if len(names) > 3:
        return about[0].upper() + about[1:]
    return f"{' – '.join(names)}: {about}"
