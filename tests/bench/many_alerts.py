"""Fills a state with alerts as a busy month leaves them: for measurements, and to look at pages.

The rules are the shipped ones, an alert's text is as long as a real one's (2-4 KB), most are
closed, a few addresses and rules have many. The same seed makes the same alerts.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from ipaddress import ip_network
from random import Random

from sentinel.detect.sigma.load import load
from sentinel.documents.source import yaml_texts
from sentinel.model.agency import Agency, Source
from sentinel.model.alert import (
    Alert,
    AlertEntry,
    AlertState,
    Disposition,
    Evidence,
    Reason,
    Score,
)
from sentinel.model.ids import (
    AgencyId,
    AlertId,
    CauseKey,
    ContactId,
    InputName,
    MessageId,
    Offset,
    SourceId,
    WarningId,
    event_id,
)
from sentinel.model.rule import RuleCard
from sentinel.model.text import LocalText
from sentinel.model.warning import (
    AgencyWarning,
    Delivery,
    DeliveryState,
    WarningEntry,
    WarningState,
)
from sentinel.ports import State, StateTransaction
from sentinel.resources import shipped
from sentinel.warn import number
from tests.samples import JOURNAL, NOON, a_contact, a_delivery, a_warning, an_agency

AGENCIES = 40
HOSTS = 200  # an agency
USERS = ("root", "admin", "quantri", "vanthu", "backup", "deploy", "oracle", "postgres")
PEOPLE = ("lan", "minh", "hương")
MONTH = timedelta(days=30)
EVERY_WARNED = 40  # one alert in so many has a warning
AT_ONCE = 2000  # alerts a transaction
# Six in ten are closed; who has the others is as a team leaves them.
STATES = {
    AlertState.NEW: 20,
    AlertState.ACKNOWLEDGED: 12,
    AlertState.IN_PROGRESS: 8,
    AlertState.CLOSED: 60,
}
WARNED = {
    WarningState.DRAFT: DeliveryState.QUEUED,
    WarningState.APPROVED: DeliveryState.QUEUED,
    WarningState.SENT: DeliveryState.ACCEPTED,
    WarningState.ACKNOWLEDGED: DeliveryState.ACKNOWLEDGED,
}


def fill(state: State, count: int, seed: int, until: datetime = NOON) -> None:
    """Put so many alerts of the month before `until`, the agencies and some warnings."""
    chance = Random(seed)
    owners = agencies()
    with state.transaction() as change:
        change.put_agencies(owners)
    for first in range(0, count, AT_ONCE):
        with state.transaction() as change:
            for place in range(first, min(first + AT_ONCE, count)):
                alert = an_alert_of_many(place, chance, owners, until)
                change.put_alert(alert)
                if alert.agency is not None and place % EVERY_WARNED == 0:
                    _warn(change, alert, chance)


def agencies() -> list[Agency]:
    """The ministries, provinces and departments that are watched."""
    return [
        replace(
            an_agency(),
            id=AgencyId(f"co-quan-{place:02}"),
            name=LocalText(vi=f"Cơ quan {place}", en=f"Agency {place}"),
            contacts=(a_contact(id=ContactId(f"co-quan-{place:02}-truc")),),
            sources=(
                Source(
                    id=SourceId(f"co-quan-{place:02}-syslog"),
                    input=InputName("syslog-udp"),
                    addresses=(ip_network(f"192.0.2.{place + 1}/32"),),
                ),
            ),
        )
        for place in range(AGENCIES)
    ]


@cache
def cards() -> tuple[RuleCard, ...]:
    """The shipped rules that speak to people, the loudest first."""
    rules = load(yaml_texts([shipped("rules")]))
    return tuple(card for card in rules.cards if card.advice is not None)


def an_alert_of_many(
    place: int, chance: Random, owners: list[Agency], until: datetime = NOON
) -> Alert:
    """The alert of this place; what it says is up to chance."""
    card = _mostly_first(chance, cards())
    owner = None if chance.random() < 0.02 else _mostly_first(chance, owners)
    state = chance.choices(list(STATES), list(STATES.values()))[0]
    last_seen = until - MONTH * chance.random()
    first_seen = last_seen - timedelta(minutes=chance.randrange(600))
    fields = {
        "source.ip": _address(chance),
        "host.hostname": f"web{chance.randrange(HOSTS):03}",
        "user.name": _mostly_first(chance, USERS),
    }
    evidence = tuple(_evidence(chance, fields, place, last_seen))
    points = chance.randrange(15, 100)
    closed = state is AlertState.CLOSED
    who = "" if state is AlertState.NEW else chance.choice(PEOPLE)
    return Alert(
        id=AlertId(sha256(f"alert {place}".encode()).hexdigest()[:16]),
        agency=None if owner is None else owner.id,
        cause=CauseKey(sha256(f"cause {place}".encode()).hexdigest()),
        card=card,
        score=Score(
            points,
            (
                Reason("rule-level", points - 12, {"level": card.level.name.lower()}),
                Reason("asset-level", 12, {"level": "3"}),
            ),
        ),
        state=state,
        opened=first_seen + timedelta(seconds=chance.randrange(1, 60)),
        first_seen=first_seen,
        last_seen=last_seen,
        detections=len(evidence),
        events=len(evidence) * chance.randrange(1, 40),
        subject={name: fields[name] for name in card.group_by if name in fields} or fields,
        asset=None if owner is None else owner.assets[0].id,
        evidence=evidence,
        assignee=who,
        disposition=chance.choice(list(Disposition)) if closed else None,
        history=tuple(_history(state, who, last_seen)),
    )


def _mostly_first(chance: Random, things):
    """One of them; those in front far more often."""
    return things[int(len(things) * chance.random() ** 2.5)]


def _address(chance: Random) -> str:
    """A documentation address (RFC 5737, RFC 3849): a few are seen again and again."""
    if chance.random() < 0.1:
        return f"2001:db8::{chance.randrange(1, 0xFFFF):x}"
    net = chance.choice(("192.0.2", "198.51.100", "203.0.113"))
    return f"{net}.{int(254 * chance.random() ** 2) + 1}"


def _evidence(chance: Random, fields, place: int, at: datetime) -> Iterator[Evidence]:
    amount = chance.randrange(1, 8)
    for line in range(amount):
        moment = at - timedelta(seconds=10 * (amount - line - 1))
        port = chance.randrange(1024, 65535)
        yield Evidence(
            event=event_id(JOURNAL, Offset(place * 10 + line + 1)),
            at=moment,
            raw=(
                f"<38>{moment:%b %d %H:%M:%S} {fields['host.hostname']} sshd[{port}]: Failed"
                f" password for {fields['user.name']} from {fields['source.ip']} port {port} ssh2"
            ),
            matched={**fields, "event.outcome": "failure", "event.action": "ssh_login"},
        )


def _history(state: AlertState, who: str, at: datetime) -> Iterator[AlertEntry]:
    yield AlertEntry(at=at, who="", action="opened")
    if state is AlertState.ACKNOWLEDGED:
        yield AlertEntry(at=at + timedelta(minutes=5), who=who, action="acknowledged")
    if state in {AlertState.IN_PROGRESS, AlertState.CLOSED}:
        yield AlertEntry(at=at + timedelta(minutes=9), who=who, action="taken")
    if state is AlertState.CLOSED:
        yield AlertEntry(at=at + timedelta(hours=2), who=who, action="closed", reason="đã xử lý")


def _warn(change: StateTransaction, alert: Alert, chance: Random) -> None:
    state = chance.choice(list(WARNED))
    warning = a_warning(
        id=WarningId(f"w-{alert.id}"),
        agency=alert.agency,
        alert=alert.id,
        severity=alert.score.severity,
        created=alert.opened,
        state=state,
        history=(WarningEntry(at=alert.opened, who="", action="drafted"),),
    )
    change.put_warning(warning if state is WarningState.DRAFT else _sent(change, warning))


def _sent(change: StateTransaction, warning: AgencyWarning) -> AgencyWarning:
    year = warning.created.year
    acknowledged = warning.state is WarningState.ACKNOWLEDGED
    return replace(
        warning,
        number=number.text("CB", year, change.take_number("CB", year)),
        approved_at=warning.created,
        approved_by=PEOPLE[0],
        acknowledge_by=warning.created + timedelta(hours=2),
        report_by=warning.created + timedelta(days=1),
        acknowledged_at=warning.created + timedelta(hours=1) if acknowledged else None,
        acknowledged_by="Trực ban" if acknowledged else "",
        deliveries=(_copy(warning),),
    )


def _copy(warning: AgencyWarning) -> Delivery:
    return a_delivery(
        warning=warning.id,
        contact=ContactId(f"{warning.agency}-truc"),
        message_id=MessageId(f"<{warning.id}@warn.example>"),
        token=sha256(warning.id.encode()).hexdigest(),
        state=WARNED[warning.state],
        due=warning.created,
        attempts=0 if warning.state is WarningState.APPROVED else 1,
    )
