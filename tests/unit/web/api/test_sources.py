"""The API's sources."""

from tests.unit.web.fakes import Browser, an_api


def test_every_source_is_shown_also_one_that_never_sent():
    """Counts, the newest record and the last hour."""
    shown = Browser(an_api(), {"Authorization": "Bearer x"}).get("/api/v1/sources").json()

    assert shown["sources"] == [
        {
            "source": "so-a-syslog",
            "agency": "so-a",
            "input": "syslog-udp",
            "events": 12,
            "unparsed": 1,
            "received": "2026-11-22T05:00:00Z",
            "at": "2026-11-22T04:59:57Z",
            "minutes": [0] * 59 + [12],
        },
        {
            "source": "so-a-web",
            "agency": "so-a",
            "input": "web",
            "events": 0,
            "unparsed": 0,
            "received": None,
            "at": None,
            "minutes": [0] * 60,
        },
    ]
