"""JSON that tells by its own names whose log it is."""

import pytest

from sentinel.normalise.known_sources import add_logsource


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"_path": "smb_files", "ts": 1}, ("zeek", None, "smb_files")),
        ({"_path": "dns", "uid": "C1"}, ("zeek", ["dns"], "dns")),
        ({"_path": "http", "id.orig_h": "192.0.2.7"}, ("zeek", ["proxy", "webserver"], "http")),
        ({"_path": "/var/log"}, (None, None, None)),
        ({"_path": ["dns"], "ts": 1}, (None, None, None)),
        (
            {"eventSource": "iam.amazonaws.com", "eventName": "CreateUser"},
            ("aws", None, "cloudtrail"),
        ),
        ({"eventSource": "elsewhere.example", "eventName": "x"}, (None, None, None)),
        ({"apiVersion": "audit.k8s.io/v1", "verb": "get"}, ("kubernetes", "application", "audit")),
        (
            {"protoPayload.@type": "type.googleapis.com/google.cloud.audit.AuditLog"},
            ("gcp", None, "gcp.audit"),
        ),
        ({"message": "x"}, (None, None, None)),
    ],
)
def test_a_log_is_known_by_its_names(fields, expected):
    """And its events keep the names they have."""
    found = dict(fields)
    add_logsource(found)

    told = tuple(found.get(f"sentinel.logsource.{name}") for name in _PARTS)
    assert expected == told
    assert ("native" if expected[0] else None) == found.get("sentinel.names")
    assert fields.items() <= found.items()


_PARTS = ("product", "category", "service")


def test_what_an_event_says_itself_stays():
    """Somebody knew better."""
    fields = {"_path": "dns", "ts": 1, "sentinel.logsource.category": "webserver"}
    before = dict(fields)
    add_logsource(fields)

    assert before == fields
