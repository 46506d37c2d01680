"""What happens when a client goes away before its answer is ready: its work ends."""

from typing import Final
from wsgiref.types import WSGIEnvironment

from icgraph.errors import QueryStopped
from icgraph.store.tasks import Task
from icgraph.web.exchange import exchange_of

_GONE: Final = "The client went away before the answer was ready."


def stop_with_client(task: Task, environ: WSGIEnvironment) -> None:
    """Stop the task when the client goes away, where the server can tell."""
    if exchange := exchange_of(environ):
        exchange.departure.then(lambda: task.stop(QueryStopped(_GONE)))
