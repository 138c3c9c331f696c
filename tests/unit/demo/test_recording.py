"""The shipped recording against the shipped rules: exactly these alerts, at these agencies."""

from datetime import timedelta
from itertools import takewhile

import pytest

from sentinel.demo.incident import load_incident
from sentinel.demo.place import shipped_text
from sentinel.demo.tour import SCANNER_RULE
from sentinel.detect.sigma.load import load
from sentinel.documents import yaml_texts
from sentinel.model.agency import Release
from sentinel.model.record import Received
from sentinel.model.text import Language
from sentinel.model.warning import WarningState
from sentinel.resources import shipped
from sentinel.settings import load_agencies
from tests.samples import NOON
from tests.unit.pipeline_house import House

INCIDENT = load_incident(shipped_text("incident.yml"))
AGENCIES = load_agencies(shipped_text("agencies.yml"), inputs=["syslog"])
RULES = load(
    [text for text in yaml_texts([shipped("rules")]) if not text.path.endswith(".examples.yml")]
)


def _played(seconds, cues):
    """A house that has heard these lines, each from its sender's address, at its time."""
    house = House(AGENCIES[0])
    with house.state.transaction() as state:
        state.put_agencies(AGENCIES)
    house.rules = RULES
    house.begin()
    for due, cue in takewhile(lambda each: each[0] <= seconds, cues):
        house.clock.at = NOON + timedelta(seconds=due)
        received = Received(
            raw=cue.message(house.clock.at),
            at=house.clock.at,
            peer=INCIDENT.senders[cue.script.sender].address,
        )
        house.journal.append([house.roll.stamp("syslog", received)])
        house.pipeline.step()
    return house


@pytest.fixture(scope="module")
def house():
    return _played(INCIDENT.seconds + 30, INCIDENT.play())


def test_the_incident_makes_these_alerts_and_no_others(house):
    """By agency, rule and system, with the score that the tour counts on; highest first."""
    found = [
        (alert.agency, alert.card.title, alert.asset, alert.score.points)
        for alert in house.alerts()
    ]

    assert found == [
        ("tinh-b", "Web shell in use", "cong-thong-tin", 79),
        ("bo-c", "SQL injection attempts", "tra-cuu", 72),
        ("so-a", "cron job that fetches and runs code", "dich-vu-cong", 72),
        ("so-a", "SSH password guessing", "dich-vu-cong", 72),
        ("tinh-b", "Search for hidden pages", "cong-thong-tin", 56),
        ("so-a", "Start-up or log-in file written with sudo", "dich-vu-cong", 47),
        ("so-a", "Attack tool named in the user agent", "dich-vu-cong", 35),
    ]


def test_warnings_leave_by_themselves_only_where_the_agency_wants_it(house):
    """Two of Sở A have left, one draft each waits for the others."""
    found = sorted((one.agency, one.state, len(one.deliveries)) for one in house.warnings())

    assert found == [
        ("bo-c", WarningState.DRAFT, 0),
        ("so-a", WarningState.APPROVED, 2),
        ("so-a", WarningState.APPROVED, 2),
        ("tinh-b", WarningState.DRAFT, 0),
    ]


def test_the_first_alert_comes_within_ten_seconds(house):
    """Whoever has just started it looks at the queue now."""
    assert min(alert.opened for alert in house.alerts()) < NOON + timedelta(seconds=10)


def test_the_web_shell_is_on_top_when_the_tour_says_so(house):
    """A minute and a half in, give or take half a minute."""
    (shell,) = [alert for alert in house.alerts() if alert.card.title == "Web shell in use"]

    assert timedelta(seconds=80) < shell.opened - NOON < timedelta(seconds=105)


def test_the_same_address_is_behind_the_first_two(house):
    """What joins alerts of two agencies."""
    agencies = {
        alert.agency for alert in house.alerts() if alert.subject.get("source.ip") == "203.0.113.45"
    }

    assert agencies == {"so-a", "tinh-b"}


def test_the_scanner_is_told_by_the_rule_that_the_tour_names(house):
    """From Department A's own network, in the third minute."""
    (scanner,) = [alert for alert in house.alerts() if alert.card.id == SCANNER_RULE]

    assert scanner.subject == {"source.ip": "192.0.2.50"}
    assert timedelta(minutes=2) < scanner.opened - NOON <= timedelta(minutes=3)


def test_every_line_is_read_and_belongs_to_somebody(house):
    """No line that cannot be read, none of nobody."""
    assert house.meter.of("events_unparsed") == 0
    assert {
        dict(labels).get("source") for name, labels in house.meter.counts if name == "events"
    } == {
        "so-a-may-chu",
        "tinh-b-trung-tam-du-lieu",
        "bo-c-dmz",
    }


def test_an_ordinary_day_makes_no_alert_but_the_scanner_s():
    """Twenty minutes of background."""
    background = (each for each in INCIDENT.play() if each[1].script.times is None)

    house = _played(20 * 60, background)

    assert [alert.card.id for alert in house.alerts()] == [SCANNER_RULE]


def test_every_agency_sends_from_its_own_address():
    """The recording's senders and the registry's sources are the same."""
    sources = {
        agency.id: [
            str(network.network_address)
            for source in agency.sources
            for network in source.addresses
        ]
        for agency in AGENCIES
    }

    assert {name: [sender.address] for name, sender in INCIDENT.senders.items()} == sources


def test_the_agencies_show_what_there_is_to_show():
    """Both languages, different levels, one that is warned at once and two that are not."""
    releases = [agency.policy.release for agency in AGENCIES]

    assert sorted(releases) == [Release.AFTER_APPROVAL, Release.AFTER_APPROVAL, Release.AT_ONCE]
    assert all({contact.language for contact in one.contacts} == set(Language) for one in AGENCIES)
    assert len({asset.level for one in AGENCIES for asset in one.assets}) >= 4


def test_the_incident_takes_about_four_minutes():
    """As long as somebody looks on."""
    assert 220 <= INCIDENT.seconds <= 260
