"""One HTTP process: the application, bound to the life of its supervisor.

The supervisor starts it by name through granian and hands the settings down in the
environment.
"""

import json
import os
from typing import Final
from wsgiref.types import WSGIApplication

from icgraph.config import Settings
from icgraph.store.channel import die_with_parent
from icgraph.web import create_app

_HANDED_DOWN: Final = "_ICGRAPH_SERVE"  # set by the supervisor; no setting, so no ICGRAPH_ prefix


def application() -> WSGIApplication:
    """The application; granian calls this once in every HTTP process."""
    handed_down = json.loads(os.environ[_HANDED_DOWN])
    die_with_parent(handed_down["supervisor"])
    return create_app(Settings(**handed_down["settings"]))
