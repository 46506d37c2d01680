"""What every page needs, held in one value: `current_app.extensions["icgraph"]`."""

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from icgraph.config import Settings
from icgraph.curation.updates import Writing
from icgraph.discovery.kept import Kept
from icgraph.discovery.search import Search
from icgraph.discovery.tabulation import Tables
from icgraph.model.iris import Base
from icgraph.query.execution import Execution
from icgraph.query.watch import Watch
from icgraph.store.log import ChangeLog
from icgraph.store.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Site:
    """The engine behind the pages, the base of the graph's IRIs, the settings, and the watch.

    A watch that is not given sees this process alone. Without `writing` nothing can be written,
    without `search` there is no search, without `log` nobody is told the history of a record.
    Without `tokens` the setting's is the only one. `tables` hold what lists are counted from,
    `kept` what is the same on many pages.
    """

    execution: Execution
    base: Base
    settings: Settings
    watch: Watch = field(default_factory=Watch)
    writing: Writing | None = None
    search: Search | None = None
    tables: Tables = field(default_factory=Tables)
    kept: Kept = field(default_factory=Kept)
    log: ChangeLog | None = None
    tokens: Tokens | None = None


def current_site() -> Site:
    """The site of the request that is being answered."""
    return cast("Site", current_app.extensions["icgraph"])
