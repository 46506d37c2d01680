"""The measure of what is dangerous in a page knows danger when it sees it."""

import pytest

from tests.web.inert import MARKUP, dangers


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        '<script type="module">alert(1)</script>',
        f"<p>{MARKUP}</p>",
        f'<input value="{MARKUP}">',
        '<a href="javascript:alert(1)">',
        '<a href=" java\tscript:alert(1)">',
        '<img src="data:text/html,x">',
        '<form action="DATA:text/html,x">',
        '<p style="color: red">',
        "<body onload=alert(1)>",
    ],
)
def test_danger_is_seen(page):
    assert dangers(page)


@pytest.mark.parametrize(
    "page",
    [
        '<script src="/static/a.js"></script>',
        '<script type="application/ld+json">{}</script>',
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; javascript:alert(1)</p>",
        '<a href="/doc/practice/x">x</a> <a href="https://a.example/">y</a> <a href="?q=a:b">z</a>',
    ],
)
def test_what_is_safe_passes(page):
    assert dangers(page) == []
