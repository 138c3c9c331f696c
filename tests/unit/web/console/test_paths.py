"""No link leads out of the console."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.web.console.paths import asked, local, log_in_first, path_of

OURS = ["/", "/alerts/a1", "/?q=status:open+score:%3E%3D40&page=2", "/me/password", "/a//b"]
NOT_OURS = [
    "",
    "alerts",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "/a\\b",
    "\\/evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    " /alerts",
    "/\t/evil.example",
    "/\n/evil.example",
    "/a\r\nSet-Cookie: x=y",
    "/a b",
    "/cảnh-báo",
    "/\x00",
    "/" + "a" * 2000,
    "/login",
    "/login?next=/login",
    "/logout",
]


@pytest.mark.parametrize("path", OURS)
def test_our_paths_stand(path):
    """With their query."""
    assert path == local(path)


@pytest.mark.parametrize("path", NOT_OURS)
def test_everything_else_is_the_queue(path):
    """Other sites, other schemes, what could end a header, what would go round in circles."""
    assert local(path) == "/"


@given(st.text(max_size=40) | st.text("/\\.:@?#%evil\t\r\n", max_size=12).map("/{}".format))
def test_whatever_is_asked_stays_here(path):
    """A browser that joins it to our address stays at our address."""
    kept = local(path)
    joined = urlsplit("https://sentinel.example" + kept)

    assert kept.startswith("/")
    assert kept[1:2] not in {"/", "\\"}
    assert (joined.scheme, joined.netloc) == ("https", "sentinel.example")
    assert kept.isascii()
    assert kept.isprintable()


def test_the_way_to_the_log_in_knows_the_way_back():
    """Everything that has a meaning in a query is quoted; the queue needs no `next`."""
    assert log_in_first("/?q=a&b") == "/login?next=/%3Fq%3Da%26b"
    assert log_in_first("/") == "/login"
    assert log_in_first("//evil.example") == "/login"


def test_a_request_knows_its_path():
    """As it was written, so that a link to it is a link."""
    assert (
        asked({"path": "/people/đức", "query_string": b"q=1%202"})
        == "/people/%C4%91%E1%BB%A9c?q=1%202"
    )
    assert asked({"path": "/me"}) == "/me"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://sentinel.example/alerts/a1?x=1", "/alerts/a1?x=1"),
        ("https://SENTINEL.example/me", "/me"),
        ("https://evil.example/me", "/"),
        ("https://sentinel.example//evil.example", "/"),
        ("https://sentinel.example@evil.example/me", "/"),
        ("javascript://sentinel.example/%0aalert(1)", "/"),
        ("https://[", "/"),
        ("", "/"),
    ],
)
def test_the_page_one_came_from_is_ours_or_the_queue(url, expected):
    """Of another host, or of none, nothing is kept."""
    assert expected == path_of(url, "sentinel.example")
