"""What happens when a client goes away before its answer is ready: its work ends."""

from flask import request

from icgraph.errors import QueryStopped
from icgraph.store.tasks import Task


def stop_with_client(task: Task) -> None:
    """Stop the task when the client goes away, where the server can tell."""
    if exchange := request.environ.get("icgraph.exchange"):
        error = QueryStopped("The client went away before the answer was ready.")
        exchange.departure.then(lambda: task.stop(error))
