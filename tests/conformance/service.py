"""The service through HTTP: the protocol and the graph store as any client would use them."""

import http.client
import json
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.conformance.results import quads_of, read_json
from tests.conformance.sameness import Row
from tests.conformance.suite import Dataset, file_iri
from tests.conformance.verdict import Reply

_DATA_TYPES = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
}
_QUADS = """
    SELECT ?g ?s ?p ?o WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }
"""
_SECONDS = 30
_IDLE_SECONDS = 15  # the server closes what is idle for `body_seconds`, 30 by default
#: The code of the problem when a request parses, and then cannot be evaluated.
EVALUATION_FAILED = "input-invalid"


class Service:
    """One connection to a server that holds nothing but what the tests put into it."""

    def __init__(self, address: str, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_SECONDS)
        self._authorisation = {"Authorization": f"Bearer {token}"} if token else {}
        self._held: dict[str | None, Path] | None = {}
        self._used = time.monotonic()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def hold(self, dataset: Dataset) -> None:
        """Hold this dataset and nothing else, by as few writes as that takes."""
        if self._held is None:
            _expect(self._update(f"DROP ALL ; INSERT DATA {{\n{_data(dataset)}}}"))
            self._held = dict(dataset)
        for graph in self._held.keys() - dataset.keys():
            _expect(self._send("DELETE", _graph_path(graph)))
            del self._held[graph]
        for graph, path in dataset.items():
            if self._held.get(graph) != path:
                data_type = _DATA_TYPES[path.suffix]
                _expect(self._send("PUT", _graph_path(graph), _with_base(path), data_type))
                self._held[graph] = path

    def query(self, text: str, media_type: str) -> Reply:
        """The answer by POST of the bare query."""
        return self._send(
            "POST", "/sparql", text.encode(), "application/sparql-query", accept=media_type
        )

    def update(self, text: str) -> Reply:
        """Run an update by POST of the bare update; what is held is unknown after it."""
        self._held = None
        return self._update(text)

    def parse_update(self, text: str) -> Reply:
        """Run an update: there is no other way to have it parsed.

        One that fails only when it runs, such as DROP GRAPH of a graph that is not there, parses.
        """
        reply = self.update(text)
        failed = reply.status == 400 and json.loads(reply.body)["code"] == EVALUATION_FAILED
        return Reply(204, b"") if failed else reply

    def quads(self) -> list[Row]:
        """All that is held, graph first."""
        reply = self.query(_QUADS, "application/sparql-results+json")
        table = read_json(reply.body)
        assert table.variables == ("g", "s", "p", "o"), reply
        return list(table.rows)

    def _update(self, text: str) -> Reply:
        return self._send("POST", "/sparql", text.encode(), "application/sparql-update")

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str = "",
        *,
        accept: str = "*/*",
    ) -> Reply:
        if time.monotonic() - self._used > _IDLE_SECONDS:
            self._connection.close()  # the server is about to, or has; the request opens it again
        headers = {"Accept": accept, **self._authorisation}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            answer = Reply(response.status, response.read(), response.headers.get_content_type())
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens it again
            raise
        self._used = time.monotonic()
        if answer.status >= 400:
            assert answer.media_type == "application/problem+json", answer
            assert json.loads(answer.body)["status"] == answer.status
        elif answer.body:
            assert accept in {"*/*", answer.media_type}, answer
        return answer


def _graph_path(graph: str | None) -> str:
    return "/data?default" if graph is None else f"/data?graph={quote(graph, safe='')}"


def _data(dataset: Dataset) -> str:
    """The quads of a dataset as INSERT DATA takes them."""
    lines = []
    for graph, *triple in quads_of(dataset):
        text = " ".join(str(term) for term in triple) + " ."
        lines.append(f"GRAPH {graph} {{ {text} }}\n" if graph else f"{text}\n")
    return "".join(lines)


def _with_base(path: Path) -> bytes:
    """A file as it is, but that its relative names mean the files beside it."""
    body, base = path.read_bytes(), file_iri(path)
    match path.suffix:
        case ".ttl":
            return f"@base <{base}> .\n".encode() + body
        case ".rdf":
            return body.replace(b"<rdf:RDF", f'<rdf:RDF xml:base="{base}"'.encode(), 1)
    return body


def _expect(reply: Reply) -> None:
    assert reply.status in {200, 201, 204}, reply
