"""The first revision of a home: the graph that comes with the program, or nothing at all."""

from icgraph import __version__
from icgraph.curation.publish import Check, Published, Signature, publish_additions
from icgraph.curation.replacement import after_retirements
from icgraph.curation.tombstones import retired_records
from icgraph.model.iris import Base
from icgraph.store.changes import WrittenChange, held_quads, rebase
from icgraph.store.log import ChangeLog, now
from icgraph.store.packaged import packaged_claims, packaged_graph, packaged_provenance


def publish_packaged(log: ChangeLog, check: Check) -> Published:
    """Add what the packaged graph says and the home's does not; see `publish_additions`.

    Records that were withdrawn or merged in this home stay so.
    """
    signature = Signature("icgraph", f"Load the data packaged with icgraph {__version__}", now())
    said, provenance = [*packaged_graph(), *packaged_claims()], packaged_provenance()
    base = Base(log.base)
    if retirements := retired_records(held_quads(log.read()), base):
        said = list(after_retirements(rebase(said, log.base), retirements, base))
        documents = {base.document(retired.name) for retired in retirements}
        provenance = [
            quad
            for quad in rebase(provenance, log.base)
            if getattr(quad.subject, "value", None) not in documents
        ]
    return publish_additions(log, said, signature, check, provenance=provenance)


def publish_nothing(log: ChangeLog) -> None:
    """Make an empty graph the first revision of a bare home, so that it can be read at once."""
    change = WrittenChange("icgraph", "Begin with an empty graph", b"")
    log.append_written(change, after=0, time=now())
