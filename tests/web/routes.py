"""All routes of the application: one line for each, in the order of their addresses.

`test_all_routes` and `test_hostile_data` go through it; a route without a line fails there.
"""

from dataclasses import dataclass

PRACTICE = "/doc/practice/integration-support-group"


@dataclass(frozen=True, slots=True)
class Route:
    """A route: an address of it that is there, and others that are not, or cannot be used.

    `status` is what a reader without a token is answered there. `unknown` is 404, `bad` 400,
    where the route can have such addresses.
    """

    path: str
    status: int = 200
    unknown: str | None = None
    bad: str | None = None


#: By the rule, as it stands in the program.
ROUTES = {
    "/": Route("/"),
    "/.well-known/void": Route("/.well-known/void", 302),
    "/<any(ns, scheme, shapes):folder>/": Route("/ns/"),
    "/<any(ns, scheme, shapes):folder>/<path:name>": Route(
        "/scheme/topic/refugees", unknown="/scheme/topic/nothing"
    ),
    "/activities": Route("/activities", unknown="/activities?page=9999", bad="/activities?page=0"),
    # Whoever loads the graph is its agent, under a name of the machine.
    "/agent/<slug>": Route("/agent/nobody", 404, unknown="/agent/nobody"),
    "/changes": Route("/changes", unknown="/changes?page=999999", bad="/changes?page=x"),
    "/changes.<suffix>": Route("/changes.atom", unknown="/changes.exe"),
    "/changes/<int:number>": Route("/changes/1", unknown="/changes/999999999"),
    "/compare": Route(
        "/compare?record=place/pl-lublin&record=place/es-barcelona",
        unknown="/compare?record=place/nowhere",
        bad="/compare?record=nothing",
    ),
    "/data": Route(
        "/data?graph=https://w3id.org/icgraph/graph/provenance",
        unknown="/data?graph=http://example.org/nothing",
        bad="/data",
    ),
    "/data/<path:path>": Route("/data/nothing", 404, unknown="/data/nothing"),
    "/dataset": Route("/dataset"),
    "/dataset.<suffix>": Route("/dataset.ttl", unknown="/dataset.exe"),
    "/dataset/<name>": Route("/dataset/1", unknown="/dataset/999999"),
    "/doc/<kind>/<slug>": Route(PRACTICE, unknown="/doc/practice/nothing"),
    "/doc/<kind>/<slug>/citation.<any(bib, ris):form>": Route(
        f"{PRACTICE}/citation.bib", unknown="/doc/practice/nothing/citation.ris"
    ),
    "/doc/<kind>/<slug>/history": Route(
        f"{PRACTICE}/history",
        unknown="/doc/practice/nothing/history",
        bad=f"{PRACTICE}/history?before=x",
    ),
    "/dumps/": Route("/dumps/"),
    "/dumps/<name>": Route("/dumps/nothing", 404, unknown="/dumps/nothing.nq.gz"),
    "/dumps/latest.<form>": Route("/dumps/latest.exe", 404, unknown="/dumps/latest.nothing"),
    "/graph/<path:path>": Route("/graph/provenance", unknown="/graph/nothing"),
    "/health": Route("/health"),
    "/id/<kind>/<slug>": Route(
        "/id/practice/integration-support-group", 303, unknown="/id/nothing/at-all"
    ),
    "/metrics": Route("/metrics"),
    "/ns/context.jsonld": Route("/ns/context.jsonld"),
    "/organisations": Route("/organisations", bad="/organisations?page=x"),
    "/partnerships": Route("/partnerships", bad="/partnerships?page=-1"),
    "/pictures": Route("/pictures"),
    "/pictures/<any(map, network, years, topics):name>": Route(
        "/pictures/network?kind=project", bad="/pictures/network?country=No!"
    ),
    "/pictures/<any(map, network, years, topics):name>.svg": Route("/pictures/map.svg"),
    "/pictures/land/<any(europe, world):name>.svg": Route("/pictures/land/europe.svg"),
    "/places": Route("/places", bad="/places?page=1.5"),
    "/practices": Route(
        "/practices?topic=refugees", unknown="/practices?page=9999", bad="/practices?page=zero"
    ),
    "/problems/<code>": Route("/problems/time-limit", unknown="/problems/nothing"),
    "/programmes": Route("/programmes", bad="/programmes?page="),
    "/projects": Route("/projects", bad="/projects?page=0"),
    "/quality": Route(
        "/quality?severity=info", unknown="/quality?page=999999", bad="/quality?severity=none"
    ),
    "/quality.<suffix>": Route("/quality.json", unknown="/quality.exe"),
    "/robots.txt": Route("/robots.txt"),
    "/search": Route("/search?q=lodz", unknown="/search?q=lodz&page=50", bad="/search?q=a&page=0"),
    "/search/suggest": Route("/search/suggest?q=lod", bad="/search/suggest?q=lod&kind=nothing"),
    "/sitemap.xml": Route("/sitemap.xml"),
    "/sitemaps/records-<int:number>.xml": Route(
        "/sitemaps/records-1.xml", unknown="/sitemaps/records-9999.xml"
    ),
    "/sitemaps/site.xml": Route("/sitemaps/site.xml"),
    "/sources": Route("/sources?page=2", bad="/sources?page=0"),
    "/sparql": Route("/sparql?query=ASK+%7B%7D", bad="/sparql?query=SELECT"),
    "/sparql/queries": Route("/sparql/queries", 401),
    "/sparql/queries/<id>": Route("/sparql/queries/nothing", 404, unknown="/sparql/queries/nobody"),
    "/static/<path:filename>": Route("/static/style.css", unknown="/static/nothing.css"),
    "/topics": Route("/topics"),
}
