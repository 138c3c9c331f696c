"""/metrics: for a token, in the version that was asked for, one look for all figures."""

import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from sentinel.ports import Count
from sentinel.web.api.metrics import ServiceCollector
from tests.attacks import ATTACKS
from tests.unit.web.fakes import MEASURES, PROFILE, Browser, FakeHealth, an_api

ROOT = Path(__file__).resolve().parents[4]
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def asked(health=None, accept=OPENMETRICS):
    browser = Browser(an_api(health=health), {"Authorization": "Bearer x", "Accept": accept})
    return browser.get("/metrics")


def samples(answer):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_nothing_is_told_without_a_token():
    """The same refusal as everywhere in the API."""
    answer = Browser(an_api(check=lambda token: None)).get(
        "/metrics", headers={"Authorization": "Bearer wrong"}
    )

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="sentinel"',
    )
    assert "sentinel_" not in answer.text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (OPENMETRICS, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        ("text/plain;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8"),
        ("*/*", "text/plain; version=0.0.4; charset=utf-8"),
    ],
)
def test_the_scraper_chooses_the_text(accept, expected):
    """OpenMetrics for who knows it, the older text for the others."""
    answer = asked(accept=accept)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(expected)
    assert answer.text.endswith("# EOF\n") is accept.startswith("application/openmetrics")


def test_the_figures_are_those_of_the_service():
    """Status, counters, sizes, profile, process: a strict reader understands every line."""
    found = samples(asked())

    assert found["sentinel_build_info", "0.1.0"] == 1
    assert found["sentinel_ready",] == 1
    assert found["sentinel_events_total", "so-a-syslog"] == 12
    assert found["sentinel_events_total", "so-a-web"] == 0
    assert found["sentinel_journal_lag_records",] == 3
    assert found["sentinel_store_lag_records",] == 5
    assert found["sentinel_outbox_letters",] == 2
    assert found["sentinel_step_duration_seconds_total", "match"] == 0.018
    assert found["sentinel_rule_met_total", PROFILE.rules[0].rule] == 12
    assert found["sentinel_cache_hits_total", "values"] == 930
    assert found["sentinel_process_resident_memory_bytes",] > 0


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_what_others_say_stands_in_no_label(attack):
    """Why a record was dropped, whose warning waits: summed up; a source is quoted as it is."""
    text = attack.text.encode("utf-8", "replace").decode()
    counts = [
        Count(name="records_dropped", labels={"input": "in", "why": text}, amount=2),
        Count(name="records_dropped", labels={"input": "in", "why": "full"}, amount=1),
        Count(name="warnings_without_recipient", labels={"agency": text}, amount=1),
    ]
    measures = type(MEASURES)(
        **{name: getattr(MEASURES, name) for name in MEASURES.__slots__} | {"counts": counts}
    )

    answer = asked(FakeHealth(measures=measures))

    found = samples(answer)
    assert found["sentinel_records_dropped_total", "in"] == 3
    assert found["sentinel_warnings_without_recipient_total",] == 1
    assert text not in answer.text


def families():
    registry = CollectorRegistry()
    registry.register(ServiceCollector(FakeHealth()))
    ProcessCollector(namespace="sentinel", registry=registry)
    return list(registry.collect())


def test_a_unit_stands_in_the_name():
    """As OpenMetrics asks for; and every name is ours."""
    for each in families():
        assert each.name.startswith("sentinel_")
        assert each.name.endswith(each.unit)
        assert each.documentation.endswith(".")


ENDINGS = {"counter": "_total", "info": "_info"}


def test_every_metric_has_a_row_in_its_page_and_the_other_way_round():
    """Kind and label included."""
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \| (\w+) \| (?:`(\w+)`)? ?\|", page, re.MULTILINE))

    built = {
        (each.name + ENDINGS.get(each.type, ""), each.type, label)
        for each in families()
        for label in [getattr(each, "_labelnames", ()) or ("version",) * (each.type == "info")]
        for label in [*label, ""][:1]
    }
    assert told == built
