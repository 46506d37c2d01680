import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from icgraph.errors import HomeError, InputError, NotFound
from icgraph.store.tokens import Scope, Tokens

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.sqlite"


@pytest.fixture
def tokens(path: Path):
    with closing(Tokens(path)) as opened:
        yield opened


def made(tokens: Tokens, name: str = "Ana", *scopes: Scope, expires: datetime | None = None) -> str:
    return tokens.add(name, scopes or (Scope.CURATE,), created=NOON, expires=expires)


def test_who_shows_a_token_is_known_by_name_and_scopes(tokens: Tokens) -> None:
    text = made(tokens, "Ana", Scope.CURATE, Scope.OPERATE)
    for _ in range(2):  # found out, and remembered
        found = tokens.shown(text, NOON)
        assert found
        assert (found.name, found.scopes) == ("Ana", {Scope.CURATE, Scope.OPERATE})


def test_a_token_is_not_in_the_file_and_nobody_else_reads_the_file(
    tokens: Tokens, path: Path
) -> None:
    text = made(tokens)
    secret = text.split("_", 2)[2]
    assert secret.encode() not in path.read_bytes()
    assert b"$argon2id$" in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_secret_of_a_known_id_is_refused(tokens: Tokens) -> None:
    text = made(tokens)
    other = text[:-1] + ("a" if text[-1] != "a" else "b")
    assert tokens.shown(text, NOON)
    assert tokens.shown(other, NOON) is None
    assert tokens.shown(text.replace("_", "-"), NOON) is None
    assert tokens.shown("", NOON) is None


def test_a_token_is_good_until_its_last_moment(tokens: Tokens) -> None:
    text = made(tokens, expires=NOON + DAY)
    assert tokens.shown(text, NOON + DAY - timedelta(seconds=1))
    assert tokens.shown(text, NOON + DAY) is None


def test_a_revoked_token_is_refused_by_who_had_remembered_it(tokens: Tokens, path: Path) -> None:
    text = made(tokens)
    assert tokens.shown(text, NOON)
    with closing(Tokens(path)) as other_process:
        other_process.revoke("Ana", NOON)
    assert tokens.shown(text, NOON) is None
    assert [token.revoked for token in tokens.all()] == [NOON]


def test_a_name_is_free_again_once_its_token_is_revoked(tokens: Tokens) -> None:
    first = made(tokens)
    with pytest.raises(InputError, match="taken"):
        made(tokens, "ANA")  # the same agent in the history
    tokens.revoke("Ana", NOON)
    second = made(tokens)
    assert tokens.shown(second, NOON)
    assert tokens.shown(first, NOON) is None


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\u202eevil", "x" * 101, "operator", "icgraph"])
def test_a_name_that_cannot_stand_in_the_history_is_refused(
    tokens: Tokens, path: Path, name: str
) -> None:
    with pytest.raises(InputError):
        made(tokens, name)
    assert not path.exists()


def test_a_token_without_scope_or_for_a_day_that_is_over_is_refused(tokens: Tokens) -> None:
    with pytest.raises(InputError, match="scope"):
        tokens.add("Ana", (), created=NOON, expires=None)
    with pytest.raises(InputError, match="expired"):
        made(tokens, expires=NOON)


def test_revoking_a_token_that_is_none_names_those_that_are(tokens: Tokens) -> None:
    made(tokens)
    with pytest.raises(NotFound, match="Ana"):
        tokens.revoke("Eva", NOON)


def test_looking_makes_no_file(tokens: Tokens, path: Path) -> None:
    assert not tokens.exist()
    assert tokens.all() == []
    assert tokens.shown("icgraph_" + "0" * 12 + "_" + "a" * 43, NOON) is None
    assert not path.exists()


def test_a_damaged_file_lets_nobody_in_and_is_named(tokens: Tokens, path: Path) -> None:
    text = made(tokens)
    tokens.close()
    path.write_bytes(b"no database at all" * 500)
    with pytest.raises(HomeError, match=r"tokens\.sqlite"):
        tokens.shown(text, NOON)
