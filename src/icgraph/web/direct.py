"""Queries of programs, answered in front of the framework.

Most requests are such: a GET with one query, whose answer is no page. What the framework does
for a request costs more than to evaluate a small query, and here nothing of it is needed. All
else is passed on to the application, and so are errors, which it words.
"""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.datastructures import MultiDict

from icgraph.web.exchange import REFUSAL, REFUSED_QUERY
from icgraph.web.headers import EXPOSED
from icgraph.web.parameters import decoded
from icgraph.web.query_answer import Headers, headers_of, outcome_of, whole_body
from icgraph.web.query_request import (
    for_people,
    named_by_client,
    new_id,
    query_request,
    single,
)
from icgraph.web.site import Site


class DirectQueries:
    """A WSGI application that answers some queries itself, and has another for the rest."""

    def __init__(self, application: WSGIApplication, site: Site) -> None:
        self._application = application
        self._site = site

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if environ["REQUEST_METHOD"] != "GET" or environ["PATH_INFO"] != "/sparql":
            return self._application(environ, start)
        if REFUSAL in environ:
            return self._application(environ, start)
        try:
            parameters = decoded(environ["QUERY_STRING"].encode("latin-1"), "address")
            if "query" in parameters and not for_people(parameters, environ):
                status, headers, body = self._answer(parameters, environ)
                start(status, headers)
                return body
        except Exception as error:  # whatever it is, the application answers it
            environ[REFUSAL] = error
        return self._application(environ, start)

    def _answer(
        self, parameters: MultiDict[str, str], environ: WSGIEnvironment
    ) -> tuple[str, Headers, Iterable[bytes]]:
        single(parameters, "query")
        given = named_by_client(parameters, environ)
        environ[REFUSED_QUERY] = id_ = given or new_id()
        asked = query_request(parameters, environ, self._site, id_=id_, page=False)
        outcome = outcome_of(
            asked,
            environ,
            self._site,
            lambda answer, _: whole_body(answer, environ),
            named=given is not None,
        )
        headers = [
            *headers_of(outcome, asked, parameters, environ, self._site),
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", EXPOSED),
            ("X-Content-Type-Options", "nosniff"),
            ("Query-Id", id_),
        ]
        if outcome.shown is None:
            return "304 NOT MODIFIED", headers, []
        body, described = outcome.shown
        return "200 OK", described + headers, body
