"""The pages that are looked at in a browser: every type of page, full, empty and failing."""

from typing import Final
from urllib.parse import quote

RECORD: Final = "/doc/practice/integration-support-group"
#: Taken out of the graph, and merged into another record, before the server starts.
WITHDRAWN: Final = "practice/zambujal-gets-better"
INSTEAD: Final = "practice/no-child-is-foreign"
MERGED: Final = "organisation/equality-authority-of-ireland"
WINNER: Final = "organisation/irish-human-rights-and-equality-commission"
CURATOR: Final = "anna"

_FOUR: Final = "&".join(
    f"record=practice/{slug}"
    for slug in (
        "integration-support-group",
        "a-city-infrastructure-to-combat-all-forms-of-discrimination",
        "no-child-is-foreign",
        "salut-l-etranger-ere",
    )
)
_LONG: Final = "equality-the-city-of-montreal-has-unveiled-two-project-funding-programmes-for-20"


def _query(text: str) -> str:
    return f"/sparql?query={quote(text)}"


LISTS: Final = (
    "/practices",
    "/practices?topic=education&country=es&country=it&year=2015&sort=year",
    "/practices?topic=refugees&q=lutsk",
    "/practices?q=xqqqz",
    "/topics",
    "/places",
    "/places?country=pl&page=1",
    "/organisations?country=fr",
    "/projects?country=pl",
    "/partnerships",
    "/activities",
    "/programmes",
    "/sources?page=2",
)
RECORDS: Final = (
    RECORD,
    f"{RECORD}/history",
    f"/doc/practice/{_LONG}",
    "/doc/place/pl-lublin",
    "/doc/place/es",
    "/doc/place/es?page=2",
    "/doc/organisation/council-of-europe",
    "/doc/organisation/intercultural-cities-network",
    "/doc/project/itaca",
    "/doc/partnership/lublin-neuchatel",
    "/doc/activity/study-visit-on-refugees-and-the-labour-market",
    "/doc/programme/amif",
    "/doc/source/www-coe-int-integration-support-group-1348bcbe",
    f"/doc/{MERGED}",
)
TOOLS: Final = (
    "/",
    "/search",
    "/search?q=lublni&kind=practice",
    "/search?q=jeunes+bibliotheque+xqqqz",
    "/search?q=xqqqz",
    "/compare",
    "/compare?find=lodz",
    "/compare?record=place/pl-lublin&record=place/es-barcelona",
    f"/compare?{_FOUR}",
    "/pictures",
    "/pictures/map",
    "/pictures/network?country=pl",
    "/pictures/network?country=jo&kind=partnership",
    "/pictures/years",
    "/pictures/topics",
    "/sparql",
    _query("SELECT * { ?s ?p ?o } LIMIT 5"),
    _query("SELECT * { ?s a <http://example.org/Nothing> }"),
    _query("CONSTRUCT WHERE { ?s a ?type } LIMIT 5"),
    _query("ASK {}"),
)
DATA: Final = (
    "/dataset",
    "/quality",
    "/quality?severity=info&page=2",
    "/dataset/1",
    "/dumps/",
    "/changes",
    "/changes/1",
    "/changes/2",
    "/agent/icgraph",
    f"/agent/{CURATOR}",
    "/ns/",
    "/ns/Practice",
    "/ns/Practice?page=2",
    "/scheme/",
    "/scheme/topic",
    "/scheme/topic/refugees",
    "/shapes/",
    "/shapes/Practice-topic",
    "/problems/time-limit",
)
FAILING: Final = (
    "/nowhere",
    "/doc/practice/integration-support-groop",
    f"/doc/{WITHDRAWN}",
    "/practices?page=9999",
    "/compare?record=nothing",
    "/data",
    _query("SELECT"),
)
#: Data without a page: 406 for whoever takes pages only.
DATA_ONLY: Final = ("/graph/provenance",)
PAGES: Final = (*TOOLS, *LISTS, *RECORDS, *DATA, *FAILING, *DATA_ONLY)
