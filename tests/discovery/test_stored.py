from pathlib import Path

import pytest

from icgraph.discovery.stored import read_query, stored_queries
from icgraph.errors import FileUnusable

HEADER = """# title (en): Partners
# title (fr): Partenaires
# description (en): Who works with whom?
# description (fr): Qui travaille avec qui ?
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "partners.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_stored_query_is_its_name_its_words_in_two_languages_and_its_text(tmp_path: Path) -> None:
    found = read_query(written(tmp_path, HEADER + "\nASK {}\n"))
    assert (found.name, found.text, found.question) == ("partners", "ASK {}\n", None)
    assert found.title == {"en": "Partners", "fr": "Partenaires"}
    assert found.description["fr"] == "Qui travaille avec qui ?"


def test_a_stored_query_may_say_which_question_it_answers(tmp_path: Path) -> None:
    found = read_query(written(tmp_path, HEADER + "# question: CQ03\n\n# Why so.\nASK {}\n"))
    assert found.question == "CQ03"
    assert found.text == "# Why so.\nASK {}\n"


@pytest.mark.parametrize("lines", ["# question: 3\n", "# question: CQ03\n# question: CQ04\n"])
def test_a_question_that_cannot_be_told_is_refused(tmp_path: Path, lines: str) -> None:
    with pytest.raises(FileUnusable, match=r"partners\.rq: the header names its question"):
        read_query(written(tmp_path, HEADER + lines + "\nASK {}\n"))


def test_a_missing_description_is_named(tmp_path: Path) -> None:
    header = HEADER.replace("description (fr)", "comment")
    with pytest.raises(FileUnusable, match=r"lacks description \(fr\)"):
        read_query(written(tmp_path, header + "\nASK {}\n"))


def test_the_packaged_queries_answer_each_of_the_25_questions_once() -> None:
    questions = [query.question for query in stored_queries() if query.question is not None]
    assert sorted(questions) == [f"CQ{number:02}" for number in range(1, 26)]
