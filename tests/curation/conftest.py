import json
import shutil
from pathlib import Path

import pytest

from icgraph.config import packaged
from icgraph.curation.tables import import_facts

FACTS = Path(__file__).parents[2] / "../shared/data"


@pytest.fixture
def folder(tmp_path):
    """An output folder with the real tables and no seeds."""
    shutil.copytree(packaged("data") / "mappings", tmp_path / "data" / "mappings")
    (tmp_path / "data" / "seeds").mkdir()
    return tmp_path / "data"


@pytest.fixture
def run(folder, tmp_path):
    """Write facts by the name of their file, and import them."""

    def run(**facts):
        files = []
        for kind, lines in facts.items():
            path = tmp_path / f"{kind}.jsonl"
            path.write_text(
                "".join(
                    (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
                ),
                encoding="utf-8",
            )
            files.append(path)
        return import_facts(files, folder, lambda *_: None)

    return run


@pytest.fixture
def practice():
    """A practice's line with the keys that must be there, and more when given."""

    def practice(**more):
        line = {
            "id": "open-doors",
            "url": "https://example.org/-/open-doors",
            "title": {"en": "Open doors"},
            "city": "Leeds",
            "country_code": "GB",
            "topics": ["Refugees"],
            "summary": "Doors stay open.",
            "language": "en",
            "seen_in": [],
            "source_kind": "icc-practice",
        }
        return {**line, **more}

    return practice
