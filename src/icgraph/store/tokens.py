"""The tokens of a home: who may do what, for how long. Kept hashed, in a file of their own.

A token is `icgraph_` with its id and a secret of 256 random bits. The file has the id, the name
and an Argon2id hash (RFC 9106) of the whole; the token itself is shown once. Every check reads
the file, so what is revoked is refused by all processes from then on; only that a token matches
its hash is remembered, since finding that out is made to be slow.
"""

import os
import re
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Final

import sqlalchemy as sql
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.exc import DBAPIError

from icgraph.errors import HomeError, InputError, NotFound
from icgraph.model.iris import slugify

#: Names that the history has for others: the command line, the setting `token`, the program.
_TAKEN: Final = frozenset({"operator", "anonymous", "icgraph"})
_FORM: Final = re.compile(r"icgraph_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_REMEMBERED: Final = 1_000
# The secret is random, so that nobody guesses it: the hash need not be slower than this.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

_metadata = sql.MetaData()
_tokens = sql.Table(
    "token",
    _metadata,
    sql.Column("id", sql.String, primary_key=True),
    sql.Column("name", sql.String, nullable=False),
    sql.Column("scopes", sql.String, nullable=False),
    sql.Column("hash", sql.String, nullable=False),
    sql.Column("created", sql.String, nullable=False),
    sql.Column("expires", sql.String),
    sql.Column("revoked", sql.String),
)


class Scope(StrEnum):
    """What a token allows; each by itself, none includes another."""

    CONTRIBUTE = "contribute"
    CURATE = "curate"
    OPERATE = "operate"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; moments are in UTC."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None
    revoked: datetime | None

    def valid(self, moment: datetime) -> bool:
        """Whether it is good at a moment."""
        return self.revoked is None and (self.expires is None or moment < self.expires)


class Tokens:
    """The tokens in a file, which is made with the first of them; safe in several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": 5})
        self._matched: OrderedDict[bytes, None] = OrderedDict()
        self._one_at_a_time = Lock()

    def add(
        self, name: str, scopes: Iterable[Scope], *, created: datetime, expires: datetime | None
    ) -> str:
        """Make a token, and give it; it cannot be had again.

        Raises InputError for a name that is taken or cannot stand in the history, for no scope,
        and for a day that is over.
        """
        allowed = frozenset(scopes)
        self._refuse_unusable(name, allowed, created, expires)
        id_ = secrets.token_hex(6)
        token = f"icgraph_{id_}_{secrets.token_urlsafe(32)}"
        row = {
            "id": id_,
            "name": name,
            "scopes": " ".join(sorted(allowed)),
            "hash": _HASHER.hash(token),
            "created": created.isoformat(),
            "expires": expires.isoformat() if expires else None,
        }
        # Closed to other users from the beginning; SQLite gives its journal the same mode.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with self._naming_damage(), self._engine.begin() as connection:
            _metadata.create_all(connection)
            connection.execute(_tokens.insert().values(**row))
        return token

    def all(self) -> list[Token]:
        """Every token there ever was, in the order of their making."""
        return [_token(row) for row in self._rows(sql.select(_tokens).order_by(_tokens.c.created))]

    def exist(self) -> bool:
        """Whether there ever was one."""
        return bool(self._rows(sql.select(_tokens.c.id).limit(1)))

    def revoke(self, name: str, moment: datetime) -> Token:
        """Let the token of that name be good no longer; raises NotFound."""
        found = self._living(name)
        if found is None:
            known = sorted({token.name for token in self.all() if token.revoked is None})
            raise NotFound(
                f"There is no token named {name!r}.",
                advice=f"There are: {', '.join(known)}." if known else "There is none at all.",
            )
        update = _tokens.update().where(_tokens.c.id == found.id)
        with self._naming_damage(), self._engine.begin() as connection:
            connection.execute(update.values(revoked=moment.isoformat()))
        return found

    def shown(self, text: str, moment: datetime) -> Token | None:
        """The token that somebody shows, if it is one and good at this moment.

        Computing a hash takes some milliseconds and 19 MiB. It is done for known ids alone, one
        thread after the other, so that many wrong tokens take no more than one.
        """
        form = _FORM.fullmatch(text)
        if form is None:
            return None
        rows = self._rows(sql.select(_tokens).where(_tokens.c.id == form[1]))
        if not rows or not self._matches(text, rows[0]["hash"]):
            return None
        token = _token(rows[0])
        return token if token.valid(moment) else None

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _matches(self, text: str, hash_: str) -> bool:
        # Digests are compared, of a text that has the secret: how far two agree tells nothing.
        digest = sha256(f"{hash_} {text}".encode()).digest()
        with self._one_at_a_time:
            if digest in self._matched:
                return True
            try:
                _HASHER.verify(hash_, text)  # compares in constant time
            except (VerificationError, InvalidHashError):
                return False
            self._matched[digest] = None
            if len(self._matched) > _REMEMBERED:
                self._matched.popitem(last=False)
            return True

    def _living(self, name: str) -> Token | None:
        return next((t for t in self.all() if t.name == name and t.revoked is None), None)

    def _refuse_unusable(
        self, name: str, scopes: frozenset[Scope], created: datetime, expires: datetime | None
    ) -> None:
        if not name.isprintable() or not name.strip() or len(name) > 100:
            raise InputError(
                f"{name!r} cannot name who changes the graph.",
                advice="Give a readable name of up to 100 characters.",
            )
        known = {slugify(token.name) for token in self.all() if token.revoked is None}
        if slugify(name) in known | _TAKEN:
            raise InputError(
                f"The name {name!r} is taken.",
                advice="Give another, or revoke that token first: `icgraph token list`.",
            )
        if not scopes:
            raise InputError("A token needs a scope.", advice=f"Give one of: {', '.join(Scope)}.")
        if expires is not None and expires <= created:
            raise InputError(
                "The token would have expired already.", advice="Give a later --expires."
            )

    def _rows(self, selection: sql.Select[Any]) -> list[dict[str, Any]]:
        if not self._path.exists():  # to look is no reason to make it
            return []
        with self._naming_damage(), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(selection).mappings()]

    @contextmanager
    def _naming_damage(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise HomeError(
                f"The tokens in {self._path} cannot be used: {error.orig}.",
                advice=(
                    f"Mend the permissions of {self._path.name} or put back a backup; else remove "
                    "it, and make new tokens."
                ),
            ) from None


def _token(row: dict[str, Any]) -> Token:
    return Token(
        row["id"],
        row["name"],
        frozenset(Scope(scope) for scope in row["scopes"].split()),
        datetime.fromisoformat(row["created"]),
        _moment(row["expires"]),
        _moment(row["revoked"]),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
