"""The first revision of a home: the graph that comes with the program, or nothing at all."""

from icgraph import __version__
from icgraph.curation.publish import Check, Published, Signature, publish_additions
from icgraph.store.changes import WrittenChange
from icgraph.store.log import ChangeLog, now
from icgraph.store.packaged import packaged_claims, packaged_graph, packaged_provenance


def publish_packaged(log: ChangeLog, check: Check) -> Published:
    """Add what the packaged graph says and the home's does not; see `publish_additions`."""
    signature = Signature("icgraph", f"Load the data packaged with icgraph {__version__}", now())
    said = [*packaged_graph(), *packaged_claims()]
    return publish_additions(log, said, signature, check, provenance=packaged_provenance())


def publish_nothing(log: ChangeLog) -> None:
    """Make an empty graph the first revision of a bare home, so that it can be read at once."""
    change = WrittenChange("icgraph", "Begin with an empty graph", b"")
    log.append_written(change, after=0, time=now())
