"""The web application: addresses, formats and pages. It evaluates nothing itself."""

import atexit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from icgraph.config import Settings, load_settings
from icgraph.curation.updates import Writing
from icgraph.discovery.index import FileIndex
from icgraph.discovery.search import Search
from icgraph.model.iris import Base
from icgraph.query.execution import Execution
from icgraph.query.watch import Watch
from icgraph.store.home import open_home
from icgraph.store.log import open_log
from icgraph.store.tokens import Tokens
from icgraph.web import (
    browse,
    compare,
    contexts,
    dataset,
    dumps,
    exchange,
    feeds,
    graph_store,
    headers,
    history,
    kind_names,
    languages,
    leading,
    operations,
    pages,
    pictures,
    pieces,
    place_map,
    problems,
    quality,
    record_history,
    records,
    retired,
    running,
    schema_org,
    search,
    sitemap,
    sparql,
    vocabulary,
)
from icgraph.web.direct import DirectQueries
from icgraph.web.site import Site

__all__ = ["build_app", "create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The application of one process, with query workers of its own.

    It reads the home that `icgraph serve` or `icgraph load` has built; until then it answers
    that it is not ready.
    """
    settings = settings or load_settings()
    home = open_home(settings.home)
    log = open_log(home.log, settings.base, bare=settings.bare)
    base = Base(log.base)
    log.close()  # of connections; it opens others when it is asked
    watch = Watch.over(home, settings)
    atexit.register(watch.close)
    execution = Execution.over(home, settings, base.iri, died=watch.worker_died)
    atexit.register(execution.close)
    watch.add_figures(execution.figures)
    writing = Writing(execution, home, settings)
    found = None if settings.bare else Search(FileIndex(home.search))
    tokens = Tokens(home.tokens)
    return build_app(Site(execution, base, settings, watch, writing, found, log=log, tokens=tokens))


def build_app(site: Site) -> Flask:
    """The application over a given site."""
    app = Flask(__name__)
    # No redirects between addresses with and without a slash: they would name the Host header.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = site.settings.query_text * 4
    app.extensions["icgraph"] = site
    app.wsgi_app = DirectQueries(app.wsgi_app, site)  # type: ignore[method-assign,assignment]
    if count := site.settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's manual has it
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
    exchange.register(app)
    languages.register(app)
    leading.register(app)
    headers.register(app)
    kind_names.register(app)
    pages.register(app)
    pieces.register(app)
    place_map.register(app)
    problems.register(app)
    retired.register(app)
    schema_org.register(app)
    parts = (
        browse, compare, contexts, dataset, dumps, feeds, graph_store, history, operations,
        pictures, quality, record_history, records, running, search, sitemap, sparql,
        vocabulary,
    )  # fmt: skip
    for part in parts:
        app.register_blueprint(part.blueprint)
    return app
