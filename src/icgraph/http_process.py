"""One HTTP process: the gateway and the application, bound to the life of their supervisor.

The supervisor starts it by name through granian and hands the settings down in the
environment.
"""

import json
import os

from icgraph.config import HANDED_DOWN, Settings
from icgraph.store.channel import die_with_parent
from icgraph.store.embedded import PublishedHead
from icgraph.store.home import Home
from icgraph.web import create_app
from icgraph.web.gateway import Gateway


def application() -> Gateway:
    """The application; granian calls this once in every HTTP process."""
    handed_down = json.loads(os.environ[HANDED_DOWN])
    die_with_parent(handed_down["supervisor"])
    settings = Settings(**handed_down["settings"])
    home = Home(settings.home)
    head = PublishedHead(home.projection)
    app = create_app(settings)
    gateway = Gateway(app, settings, fingerprint=lambda: head.read().hash, spool=home.spool)
    app.extensions["icgraph"].watch.add_figures(gateway.figures)
    return gateway
