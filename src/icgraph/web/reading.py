"""The graph as the request that is being answered reads it, and the records it names."""

from icgraph.discovery.reading import Reading
from icgraph.model.iris import SLUG, RecordName
from icgraph.model.kinds import KINDS
from icgraph.web.languages import page_language
from icgraph.web.retired import missing
from icgraph.web.site import current_site


def current_reading() -> Reading:
    """The graph, in the language of the page."""
    site = current_site()
    return Reading(site.execution, site.base, page_language(), site.kept)


def well_formed(kind: str, slug: str) -> RecordName:
    """The name in an address; raises NotFound, with near names, where no record can have it."""
    name = RecordName(kind, slug)
    if kind not in KINDS or not SLUG.fullmatch(slug):
        raise missing(current_reading(), name)
    return name
