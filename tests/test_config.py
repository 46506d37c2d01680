from datetime import date
from pathlib import Path

import pytest

from icgraph.config import Settings, load_settings, packaged
from icgraph.errors import SettingInvalid


def settings(given=None, *, environment=None, file=Path("nowhere.toml")) -> Settings:
    return load_settings(given, environment=environment or {}, file=file)


def test_the_command_line_rules_over_the_environment_and_that_over_the_file(tmp_path) -> None:
    file = tmp_path / "icgraph.toml"
    file.write_text("port = 1\nhost = 'a'\nquery_workers = 3\n")
    found = settings({"port": 3}, environment={"ICGRAPH_PORT": "2", "ICGRAPH_HOST": "b"}, file=file)
    assert (found.port, found.host, found.query_workers) == (3, "b", 3)


def test_a_setting_that_was_not_given_does_not_hide_another() -> None:
    assert settings({"port": None}, environment={"ICGRAPH_PORT": "2"}).port == 2


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"ICGRAPH_PROT": "1"}, "ICGRAPH_PROT"),
        ({"ICGRAPH_PORT": "many"}, "ICGRAPH_PORT"),
        ({"ICGRAPH_PORT": "70000"}, "ICGRAPH_PORT"),
        ({"ICGRAPH_QUERY_SECONDS": "-1"}, "ICGRAPH_QUERY_SECONDS"),
        ({"ICGRAPH_BASE": "example.org"}, "slash"),
        ({"ICGRAPH_BASE": "http://example.org/#"}, "slash"),
    ],
)
def test_a_wrong_setting_refuses_to_start_and_is_named(environment, named) -> None:
    with pytest.raises(SettingInvalid, match=named):
        settings(environment=environment)


@pytest.mark.parametrize(
    ("name", "value", "demand"),
    [
        ("http_processes", "0", "must be at least 1"),
        ("port", "70000", "must be at most 65535"),
        ("query_seconds", "0", "must be more than 0"),
        ("query_seconds", "nan", "must be at most 3600"),
        ("query_seconds", "long", "must be a number"),
        ("port", "1.5", "must be a whole number"),
        ("port", [1], "must be a whole number"),
        ("port", "9" * 5000, "must be a whole number, and not that large"),
        ("bare", "maybe", "must be true or false"),
        ("engine", "fast", "must be 'auto', 'memory' or 'disk'"),
        ("host", "", "must be 1 or more characters long"),
        ("host", 5, "must be text"),
        ("home", 5, "must be a path"),
        ("base", "x", "must be an http or https IRI that ends in a slash"),
    ],
)
def test_what_a_value_must_be_is_said_in_plain_words(name: str, value: object, demand: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        settings({name: value})
    assert caught.value.detail.endswith(f": {demand}.")


def test_every_kind_of_value_has_its_words() -> None:
    refusals = []
    for name in Settings.model_fields:
        for value in ("", "x", -1, 1.5, float("inf"), [], {}, date(2026, 1, 1)):
            try:
                settings({name: value})
            except SettingInvalid as error:
                refusals.append(error.detail)
    assert len(refusals) > 100
    assert [detail for detail in refusals if ": must be " not in detail] == []


def test_a_token_that_is_refused_is_not_shown() -> None:
    with pytest.raises(SettingInvalid, match="16 characters") as caught:
        settings(environment={"ICGRAPH_TOKEN": "hush"})
    assert "hush" not in str(caught.value)


def test_an_unknown_name_in_the_file_is_named_with_the_file(tmp_path) -> None:
    file = tmp_path / "icgraph.toml"
    file.write_text("prot = 1\n")
    with pytest.raises(SettingInvalid, match=r"prot .*icgraph\.toml"):
        settings(file=file)


def test_a_file_that_is_no_toml_is_named(tmp_path) -> None:
    file = tmp_path / "icgraph.toml"
    file.write_text("port: 1\n")
    with pytest.raises(SettingInvalid, match=r"icgraph\.toml"):
        settings(file=file)


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("folder", ["ontology", "shapes", "data", "queries"])
def test_the_packaged_graph_is_found(folder) -> None:
    assert packaged(folder).is_dir()
