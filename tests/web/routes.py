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
    "/<any(ns, scheme, shapes):folder>/": Route("/ns/"),
    "/<any(ns, scheme, shapes):folder>/<path:name>": Route(
        "/scheme/topic/refugees", unknown="/scheme/topic/nothing"
    ),
    "/activities": Route("/activities", unknown="/activities?page=9999", bad="/activities?page=0"),
    # Whoever loads the graph is its agent, under a name of the machine.
    "/agent/<slug>": Route("/agent/nobody", 404, unknown="/agent/nobody"),
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
    "/doc/<kind>/<slug>": Route(PRACTICE, unknown="/doc/practice/nothing"),
    "/graph/<path:path>": Route("/graph/provenance", unknown="/graph/nothing"),
    "/health": Route("/health"),
    "/id/<kind>/<slug>": Route(
        "/id/practice/integration-support-group", 303, unknown="/id/nothing/at-all"
    ),
    "/metrics": Route("/metrics"),
    "/ns/context.jsonld": Route("/ns/context.jsonld"),
    "/organisations": Route("/organisations", bad="/organisations?page=x"),
    "/partnerships": Route("/partnerships", bad="/partnerships?page=-1"),
    "/places": Route("/places", bad="/places?page=1.5"),
    "/practices": Route(
        "/practices?topic=refugees", unknown="/practices?page=9999", bad="/practices?page=zero"
    ),
    "/problems/<code>": Route("/problems/time-limit", unknown="/problems/nothing"),
    "/programmes": Route("/programmes", bad="/programmes?page="),
    "/projects": Route("/projects", bad="/projects?page=0"),
    "/sources": Route("/sources?page=2", bad="/sources?page=0"),
    "/sparql": Route("/sparql?query=ASK+%7B%7D", bad="/sparql?query=SELECT"),
    "/sparql/queries": Route("/sparql/queries", 401),
    "/sparql/queries/<id>": Route("/sparql/queries/nothing", 404, unknown="/sparql/queries/nobody"),
    "/static/<path:filename>": Route("/static/style.css", unknown="/static/nothing.css"),
    "/topics": Route("/topics"),
}
