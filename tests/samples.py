"""Sample values for tests: valid, small, and changed by keyword.

Addresses and domains are the documentation ones (RFC 5737, RFC 3849, RFC 2606).
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from sentinel.model.agency import (
    Agency,
    Asset,
    Contact,
    Release,
    Role,
    SecurityLevel,
    Source,
    Tlp,
    WarnPolicy,
)
from sentinel.model.alert import Alert, AlertState, Evidence, Reason, Score
from sentinel.model.detection import Detection
from sentinel.model.event import Event
from sentinel.model.ids import (
    AgencyId,
    AlertId,
    AssetId,
    CauseKey,
    ContactId,
    InputName,
    JournalId,
    MessageId,
    Offset,
    RuleId,
    SourceId,
    WarningId,
    event_id,
)
from sentinel.model.record import Record
from sentinel.model.rule import Advice, Confidence, RuleCard
from sentinel.model.severity import Severity
from sentinel.model.text import Language, LocalList, LocalText
from sentinel.model.warning import (
    AgencyWarning,
    Delivery,
    DeliveryState,
    Letter,
    WarningState,
)

JOURNAL = JournalId("0a1b2c3d")
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 12:00 in Viet Nam
LINE = (
    "<38>Nov 22 12:00:00 web01 sshd[4711]: Failed password for invalid user admin"
    " from 203.0.113.45 port 51234 ssh2"
)


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


class CountingTokens:
    """Tokens a test can foresee: token-1, token-2, ..."""

    def __init__(self) -> None:
        self.given = 0

    def token(self) -> str:
        self.given += 1
        return f"token-{self.given}"


class Tally:
    """A meter that remembers: (name, labels) -> amount."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        key = (name, tuple(sorted(labels.items())))
        self.counts[key] = self.counts.get(key, 0) + amount

    def of(self, name: str) -> int:
        return sum(amount for (counted, _), amount in self.counts.items() if counted == name)


class KeepingSink:
    """A collector's sink in memory. While `gate` is shut, each put waits; `until` waits for news.

    As the contract says, a put that is cancelled is seen through first.
    """

    def __init__(self, marks: dict[str, str] | None = None) -> None:
        self.kept = []
        self.batches = []
        self.lost = []
        self.where = ""
        self.marks = dict(marks or {})
        self.gate = asyncio.Event()
        self.gate.set()
        self.putting = asyncio.Event()
        self._news = asyncio.Event()

    async def put(self, records):
        self.putting.set()
        try:
            await self.gate.wait()
        finally:
            await self.gate.wait()
            self._keep(records)

    def _keep(self, records):
        self.batches += [len(records)] if records else []
        self.kept += records
        places = [record.position for record in records if record.position is not None]
        self.marks |= {place.stream: place.mark for place in places}
        self._news.set()

    def positions(self):
        return dict(self.marks)

    def listening(self, where):
        self.where = where
        self._news.set()

    def dropped(self, amount, why):
        self.lost.append((amount, why))
        self._news.set()

    async def until(self, met):
        """Wait until `met()` is true; it is asked again after each put, drop or listening."""
        while not met():
            self._news.clear()
            await self._news.wait()

    async def until_kept(self, count):
        await self.until(lambda: len(self.kept) >= count)


def a_record(raw: str | bytes = LINE, **changes) -> Record:
    record = Record(
        raw=raw.encode() if isinstance(raw, str) else raw,
        at=NOON,
        input=InputName("syslog-udp"),
        source=SourceId("so-a-syslog"),
        peer="192.0.2.10",
        origin="udp 127.0.0.1:5514",
    )
    return replace(record, **changes)


def an_event(offset: int = 1, **changes) -> Event:
    """A failed ssh log-in. `fields` in the changes are laid over the sample's own."""
    at = changes.get("at", NOON)
    fields = {
        "@timestamp": at.isoformat(),
        "message": "Failed password for invalid user admin from 203.0.113.45 port 51234 ssh2",
        "host.hostname": "web01",
        "host.name": "web01",
        "process.name": "sshd",
        "event.category": ["authentication"],
        "event.type": ["start"],
        "event.action": "ssh_login",
        "event.outcome": "failure",
        "source.ip": "203.0.113.45",
        "source.port": 51234,
        "user.name": "admin",
        "sentinel.logsource.product": "linux",
        "sentinel.logsource.service": "sshd",
    } | changes.pop("fields", {})
    event = Event(
        id=event_id(JOURNAL, Offset(offset)),
        offset=Offset(offset),
        at=NOON,
        received=NOON,
        agency=AgencyId("so-a"),
        source=SourceId("so-a-syslog"),
        asset=AssetId("dvc"),
        fields=fields,
        raw=LINE,
        sha256="0" * 64,
    )
    return replace(event, **changes)


def a_contact(**changes) -> Contact:
    contact = Contact(
        id=ContactId("so-a-duty"),
        name="Trực an toàn thông tin",
        role=Role.CONTACT_POINT,
        email="truc@so-a.example",
        language=Language.VI,
    )
    return replace(contact, **changes)


def an_agency(**changes) -> Agency:
    agency = Agency(
        id=AgencyId("so-a"),
        name=LocalText(vi="Sở A", en="Department A"),
        contacts=(a_contact(),),
        assets=(
            Asset(
                id=AssetId("dvc"),
                name=LocalText(vi="Cổng dịch vụ công", en="Public service portal"),
                level=SecurityLevel.THREE,
                hosts=frozenset({"web01"}),
                networks=(ip_network("192.0.2.0/24"),),
            ),
        ),
        sources=(Source(id=SourceId("so-a-syslog"), input=InputName("syslog-udp")),),
        networks=(ip_network("192.0.2.0/24"),),
        policy=WarnPolicy(threshold=60, release=Release.AT_ONCE),
    )
    return replace(agency, **changes)


def a_card(**changes) -> RuleCard:
    card = RuleCard(
        id=RuleId("4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10"),
        title="SSH password guessing",
        level=Severity.HIGH,
        confidence=Confidence.HIGH,
        tags=("attack.credential-access", "attack.t1110.001"),
        author="Sentinel",
        group_by=("source.ip", "host.hostname"),
        advice=Advice(
            title=LocalText(vi="Dò mật khẩu SSH", en="SSH password guessing"),
            seen=LocalText(
                vi="{count} lần đăng nhập SSH thất bại vào {host.hostname} từ {source.ip}.",
                en="{count} failed SSH log-ins to {host.hostname} from {source.ip}.",
            ),
            actions=LocalList(
                vi=("Chặn địa chỉ {source.ip} tại tường lửa biên.",),
                en=("Block {source.ip} at the border firewall.",),
            ),
        ),
        place="rules/linux/ssh_password_guessing.yml:1",
    )
    return replace(card, **changes)


def a_detection(**changes) -> Detection:
    event = changes.pop("event", None) or an_event()
    detection = Detection(
        rule=a_card(),
        event=event,
        matched={"event.outcome": "failure"},
        events=(event.id,),
        count=1,
        first=event.at,
    )
    return replace(detection, **changes)


def an_alert(**changes) -> Alert:
    alert = Alert(
        id=AlertId("a1b2c3d4e5f60718"),
        agency=AgencyId("so-a"),
        cause=CauseKey("4a1c0f2e|203.0.113.45|web01"),
        card=a_card(),
        score=Score(
            72,
            (
                Reason("rule-level", 60, {"level": "high"}),
                Reason("asset-level", 12, {"level": "3"}),
            ),
        ),
        state=AlertState.NEW,
        opened=NOON,
        first_seen=NOON - timedelta(minutes=17),
        last_seen=NOON,
        detections=1,
        events=12,
        subject={"source.ip": "203.0.113.45", "host.hostname": "web01"},
        asset=AssetId("dvc"),
        evidence=(
            Evidence(
                event=event_id(JOURNAL, Offset(1)),
                at=NOON,
                raw=LINE,
                matched={"event.outcome": "failure"},
            ),
        ),
    )
    return replace(alert, **changes)


def a_delivery(**changes) -> Delivery:
    delivery = Delivery(
        warning=WarningId("w-1"),
        contact=ContactId("so-a-duty"),
        name="Trực an toàn thông tin",
        address="truc@so-a.example",
        personal=False,
        language=Language.VI,
        message_id=MessageId("<w-1.so-a-duty@warn.example>"),
        letter=Letter(subject="[TLP:AMBER] Cảnh báo", text="Kính gửi", html="<p>Kính gửi</p>"),
        token="c0ffee" + "0" * 58,
        state=DeliveryState.QUEUED,
        due=NOON,
    )
    return replace(delivery, **changes)


def a_warning(**changes) -> AgencyWarning:
    """A draft. Give `deliveries=(a_delivery(),)` and a state for one that is on its way."""
    warning = AgencyWarning(
        id=WarningId("w-1"),
        number="",
        agency=AgencyId("so-a"),
        alert=AlertId("a1b2c3d4e5f60718"),
        state=WarningState.DRAFT,
        severity=Severity.HIGH,
        tlp=Tlp.AMBER,
        created=NOON,
    )
    return replace(warning, **changes)
