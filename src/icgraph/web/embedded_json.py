"""JSON inside HTML: data for search engines, which no text in it can turn into markup."""

import json
from typing import Any

from markupsafe import Markup


def embedded_json(value: Any) -> Markup:
    r"""JSON for a `<script type="application/ld+json">`.

    `<`, `>` and `&` are written as `\u003c` and the like, so that `</script>` in a text ends
    nothing (HTML, section 4.12.1.3).
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - nothing in it can be markup any more
