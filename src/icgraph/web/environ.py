"""A request of the event loop (ASGI) as a WSGI environ (PEP 3333). Pure functions."""

import sys
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import IO, Any, Final
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

Scope = dict[str, Any]

_BLOCK: Final = 131_072


def wsgi_environ(scope: Scope, body: BytesIO) -> dict[str, Any]:
    """The environ of a request whose body has come as a whole.

    PATH_INFO is decoded once, from the path as it was sent; QUERY_STRING stays as it was sent.
    """
    path: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    server, client = scope["server"], scope["client"]
    length = body.getbuffer().nbytes
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "RAW_URI": (path + b"?" + query if query else path).decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _in_blocks,
    }
    environ.update(_variables(scope["headers"]))
    if length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _in_blocks(file: IO[bytes], _size: int = 0) -> FileWrapper:
    """The file in blocks of our size: each of them costs a turn of the event loop."""
    return FileWrapper(file, _BLOCK)


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """The first header of this name (in lower case)."""
    return next((value for found, value in headers if found == name), None)


def has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request with these headers has a body (RFC 9112, section 6.3)."""
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in headers)


def _variables(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers as CGI names them; one that comes twice is joined (RFC 9110, section 5.3)."""
    found: dict[str, str] = {}
    for name, value in headers:
        # With an underscore it would pass for the header with a hyphen; the body has come whole.
        if b"_" in name or name == b"transfer-encoding":
            continue
        variable = _variable(name)
        text = value.decode("latin-1")
        between = "; " if variable == "HTTP_COOKIE" else ", "
        found[variable] = f"{found[variable]}{between}{text}" if variable in found else text
    return found


@lru_cache(maxsize=256)
def _variable(name: bytes) -> str:
    variable = name.decode("latin-1").upper().replace("-", "_")
    return variable if variable in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{variable}"
