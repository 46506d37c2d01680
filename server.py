"""The WSGI entry, for other servers than our own; `icgraph serve` needs no other."""

from icgraph.web import create_app

app = create_app()
