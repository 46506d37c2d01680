from pathlib import Path

from icgraph.discovery.questions import ROWS_SHOWN, questions_page
from icgraph.discovery.stored import stored_queries
from icgraph.store.packaged import packaged_dataset
from tests.queries.answers import seed_quads

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_questions_is_that_of_the_graph() -> None:
    page = (DOCS / "questions.md").read_text(encoding="utf-8")
    assert page == questions_page(packaged_dataset()), "run: make docs"


def test_every_stored_question_has_its_link_on_the_page() -> None:
    page = (DOCS / "questions.md").read_text(encoding="utf-8")
    for query in stored_queries():
        link = f"../queries/{query.name}.rq"
        assert page.count(f"({link})") == 1
        assert (DOCS / link).is_file()


def test_an_answer_is_shown_by_its_first_rows_and_their_number() -> None:
    page = questions_page(seed_quads())
    section = page.partition("queries/members-of-a-group.rq)")[2].partition("\n## ")[0]
    assert section.count("\n| `organisation:lublin-") == ROWS_SHOWN
    assert "\n… 15 rows in all.\n" in section


def test_a_question_without_rows_says_who_can_answer_it() -> None:
    page = questions_page(packaged_dataset())
    section = page.partition("queries/changes-since-a-date.rq)")[2].partition("\n## ")[0]
    assert "a home answers it" in section
