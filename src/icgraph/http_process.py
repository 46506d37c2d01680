"""One HTTP process: the application, bound to the life of its supervisor.

The supervisor starts it by name through granian and hands the settings down in the
environment.
"""

import json
import os
from wsgiref.types import WSGIApplication

from icgraph.config import HANDED_DOWN, Settings
from icgraph.store.channel import die_with_parent
from icgraph.web import create_app


def application() -> WSGIApplication:
    """The application; granian calls this once in every HTTP process."""
    handed_down = json.loads(os.environ[HANDED_DOWN])
    die_with_parent(handed_down["supervisor"])
    return create_app(Settings(**handed_down["settings"]))
