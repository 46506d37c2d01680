from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.curation.publish import publish_change
from icgraph.errors import InputError
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.changes import Change
from icgraph.store.log import open_log

LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.mark.parametrize("of", ["ns/Practice", "scheme/topic/housing"])
def test_an_update_cannot_remove_what_the_ontology_says(tmp_path: Path, of: str) -> None:
    term = Quad(NamedNode(DEFAULT_BASE + of), LABEL, Literal("Term", language="en"))
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    with closing(open_log(tmp_path / "log.sqlite", None)) as log:
        log.append(Change("tester", "begin", frozenset({term})), after=0, time=moment)
        change = Change("tester", "empty the graph", frozenset(), frozenset({term}))
        with pytest.raises(InputError, match="cannot be removed"):
            publish_change(log, change, after=1, time=moment, check=pytest.fail)
        assert log.head() == 1
