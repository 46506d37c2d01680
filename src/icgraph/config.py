"""The settings, as one declared table, and where the packaged graph lies.

A setting comes from the command line, else from the environment (`ICGRAPH_PORT=8001`),
else from `icgraph.toml` in the working directory. An unknown name refuses to start: a
misspelt limit must not be a missing limit. Settings are passed in, never imported.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_serializer,
    field_validator,
)

from icgraph.errors import SettingInvalid
from icgraph.model.terms import DEFAULT_BASE

ENVIRONMENT_PREFIX: Final = "ICGRAPH_"
#: How a supervisor hands the settings down to its HTTP processes; no setting itself.
HANDED_DOWN: Final = "_ICGRAPH_SERVE"
SETTINGS_FILE: Final = Path("icgraph.toml")
#: What a value must be, by the kinds of error of pydantic that our table can cause.
_DEMANDS: Final = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "string_too_short": "must be {min_length} or more characters long",
    "too_short": "must be {min_length} or more characters long",
    "value_error": "{error}",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number, and not that large",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "finite_number": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "path_type": "must be a path",
    "string_type": "must be text",
}


class Settings(BaseModel):
    """All settings; `docs/settings.md` is made from this table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(Path("var"), description="Directory of everything the server writes.")
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    base: str | None = Field(
        None,
        description=(
            "IRI below which the graph lies, ending in a slash. A home keeps the one it was made "
            f"with; without this setting that is {DEFAULT_BASE}."
        ),
    )
    http_processes: int = Field(2, ge=1, le=64, description="Processes that answer HTTP.")
    query_workers: int = Field(
        4, ge=1, le=256, description="Queries that run at once, in the whole service."
    )
    long_query_workers: int = Field(
        2, ge=1, le=256, description="Long queries that run at once beside these."
    )
    long_query_after: float = Field(
        1,
        gt=0,
        le=3600,
        description="Seconds after which a query counts as long and makes way for others.",
    )
    queue_length: int = Field(
        64, ge=0, le=10_000, description="Queries that may wait, in the whole service."
    )
    client_requests: int = Field(
        16,
        ge=0,
        le=10_000,
        description=(
            "Costly requests that one client may have under way all the time, in the whole "
            "service; 0: any number."
        ),
    )
    query_seconds: float = Field(
        30, gt=0, le=3600, description="Wall time of one query, in seconds, waiting included."
    )
    query_memory: int = Field(
        1024, ge=64, le=1_048_576, description="Memory of one query, in MiB, beyond the open graph."
    )
    query_text: int = Field(
        262_144, ge=1024, le=16_777_216, description="Length of a query's text, in bytes."
    )
    result_rows: int = Field(
        1_000_000, ge=1, description="Rows or triples of one result before it is refused."
    )
    result_bytes: int = Field(
        268_435_456, ge=1024, description="Size of one result, in bytes, before it is refused."
    )
    spool_bytes: int = Field(
        4_294_967_296,
        ge=1_048_576,
        description="Size of all large results on their way out, in bytes, in the whole service.",
    )
    cache_bytes: int = Field(
        134_217_728,
        ge=0,
        description="Memory for results that are kept, in bytes, in the whole service; 0: none.",
    )
    engine: Literal["auto", "memory", "disk"] = Field(
        "auto", description="Where queries run: in memory, on disk, or as the graph's size bids."
    )
    memory_statements: int = Field(
        2_000_000, ge=0, description="With `engine` auto: the most statements held in memory."
    )
    upload_bytes: int = Field(
        67_108_864, ge=1024, description="Size of one upload or update, in bytes."
    )
    body_seconds: float = Field(
        30, gt=0, le=3600, description="Time in which the body of a request must have come."
    )
    validation_seconds: float = Field(
        600, gt=0, le=86_400, description="Wall time of one validation, in seconds."
    )
    checkpoints: int = Field(
        4, ge=2, le=1000, description="Newest revisions that keep a checkpoint on disk."
    )
    checkpoint_bytes: int = Field(
        4_294_967_296,
        ge=0,
        description="Disk for checkpoints of older revisions that somebody asked for, in bytes.",
    )
    dump_bytes: int = Field(
        1_073_741_824,
        ge=0,
        description="Disk for dumps, in bytes; the newest is kept whatever its size.",
    )
    token: SecretStr | None = Field(
        None,
        min_length=16,
        description="A secret of 16 characters or more that allows everything, updates included.",
    )
    bare: bool = Field(
        False, description="A plain store without ontology, data or rules (`serve --bare`)."
    )
    proxies: int = Field(
        0, ge=0, le=10, description="Proxies in front, whose X-Forwarded headers are believed."
    )
    query_log: bool = Field(True, description="One line for every query, to standard error.")
    log_clients: Literal["none", "network", "address"] = Field(
        "none", description="How much of a client's address the query log keeps."
    )

    def share(self, total: int) -> int:
        """What one HTTP process may take of a limit of the whole service; never less than 1."""
        return max(1, -(-total // self.http_processes))

    @field_serializer("token", when_used="json-unless-none")
    def _token_in_plain(self, token: SecretStr) -> str:
        return token.get_secret_value()  # JSON is how a supervisor hands the settings down

    @field_validator("base")
    @classmethod
    def _base_is_a_folder(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")) or not value.endswith("/"):
            raise ValueError("must be an http or https IRI that ends in a slash")
        if any(character in value for character in ' <>"{}|\\^`#?'):
            raise ValueError("must be a plain IRI without a query or a fragment")
        return value


def load_settings(
    given: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
    file: Path = SETTINGS_FILE,
) -> Settings:
    """The settings of this process; `given` are those of the command line, None meaning not given.

    Raises SettingInvalid for an unknown name, a value out of range or an unreadable file.
    """
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    command_line = {name: value for name, value in (given or {}).items() if value is not None}
    for origin, layer in (
        (str(file), _from_file(file)),
        ("environment", _from_environment(environment)),
        ("command line", command_line),
    ):
        values.update(layer)
        places.update(dict.fromkeys(layer, origin))
    try:
        return Settings(**values)
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0])
        raise _invalid(name, places[name], problem) from None


def settings_table() -> str:
    """The settings as a Markdown table: name, default, meaning."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingInvalid(
            f"The settings file {file} cannot be read: {error}.",
            advice="Write one setting a line, such as: port = 8001",
        ) from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }


def _invalid(name: str, origin: str, problem: Any) -> SettingInvalid:
    shown = f"{ENVIRONMENT_PREFIX}{name.upper()}" if origin == "environment" else name
    if problem["type"] == "extra_forbidden":
        return SettingInvalid(
            f"There is no setting {shown} ({origin}).",
            advice=f"The settings are: {', '.join(Settings.model_fields)}.",
        )
    limits = {name: _plain(value) for name, value in problem.get("ctx", {}).items()}
    demand = _DEMANDS.get(problem["type"])
    message = demand.format(**limits) if demand else problem["msg"]
    given = "what it was given" if name == "token" else repr(problem["input"])
    return SettingInvalid(
        f"The setting {shown} ({origin}) cannot be {given}: {message}.",
        advice=f"It means: {Settings.model_fields[name].description}",
    )


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def packaged(folder: str) -> Path:
    """A folder of the packaged graph: `ontology`, `shapes`, `data` or `queries`.

    An installed wheel carries them beside the code, a checkout has them at its top.
    """
    here = Path(__file__).resolve().parent
    installed = here / "packaged" / folder
    return installed if installed.is_dir() else here.parents[1] / folder
