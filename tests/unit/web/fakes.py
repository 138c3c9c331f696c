"""Stand-ins for what the web asks: a desk, a finder, a health; and a browser for an application."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import httpx

from sentinel.alert import lifecycle
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.agency import Tlp
from sentinel.model.alert import Alert, AlertEntry, Disposition
from sentinel.model.checkup import Check, CheckStatus
from sentinel.model.ids import (
    AgencyId,
    AlertId,
    ContactId,
    InputName,
    JobId,
    MessageId,
    RuleId,
    SourceId,
    SuppressionId,
    WarningId,
)
from sentinel.model.job import AlertAction, Job
from sentinel.model.profile import DetectionProfile, MemoryRate, RuleCost, StepCost
from sentinel.model.severity import Severity
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden, Scope, Suppression
from sentinel.model.text import Language, LocalText
from sentinel.model.warning import (
    AgencyWarning,
    Delivery,
    DeliveryState,
    Letter,
    WarningEntry,
    WarningState,
)
from sentinel.ports import (
    AlertQuery,
    Count,
    InputStatus,
    Measures,
    ServiceStatus,
    SourceStatus,
    WarningNotice,
)
from sentinel.web.api.app import build_api
from tests.samples import NOON, an_agency, an_alert, an_event

TOKEN = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFi"
API_TOKEN = "api-token-of-lan"
LINK = f"https://warn.example/w/{TOKEN}"


def a_delivery(**changes) -> Delivery:
    delivery = Delivery(
        warning=WarningId("w-a1b2c3d4e5f60718"),
        contact=ContactId("so-a-duty"),
        name="Trực an toàn thông tin",
        address="truc@so-a.example",
        personal=False,
        language=Language.VI,
        message_id=MessageId("<cb-2026-000123.so-a-duty@warn.example>"),
        letter=Letter(
            subject="[TLP:AMBER] Cảnh báo số CB-2026-000123: dò mật khẩu SSH",
            text=f"XÁC NHẬN\n{LINK}\n",
            html=f'<p><a href="{LINK}?lang=vi">Xác nhận đã nhận</a></p>',
        ),
        token=sha256(TOKEN.encode()).hexdigest(),
        state=DeliveryState.ACCEPTED,
        due=NOON,
        attempts=1,
        accepted_at=NOON,
    )
    return replace(delivery, **changes)


def a_warning(**changes) -> AgencyWarning:
    warning = AgencyWarning(
        id=WarningId("w-a1b2c3d4e5f60718"),
        number="CB-2026-000123",
        agency=AgencyId("so-a"),
        alert=AlertId("a1b2c3d4e5f60718"),
        state=WarningState.SENT,
        severity=Severity.HIGH,
        tlp=Tlp.AMBER,
        created=NOON,
        approved_at=NOON,
        approved_by="lan",
        acknowledge_by=NOON + timedelta(hours=4),
        report_by=NOON + timedelta(days=5),
        deliveries=(a_delivery(),),
        history=(WarningEntry(at=NOON, who="lan", action="approved", reason="CB-2026-000123"),),
    )
    return replace(warning, **changes)


def a_job(**changes) -> Job:
    """Three alerts closed of four."""
    job = Job(
        id=JobId("j-1"),
        action=AlertAction.CLOSE,
        by="lan",
        at=NOON,
        total=4,
        note="quét định kỳ",
        disposition=Disposition.BENIGN,
        filter="agency:so-a",
        changed=3,
        refused=1,
        refusals=("Alert a1b2c3d4e5f60718 is closed already.",),
        finished=NOON + timedelta(seconds=2),
    )
    return replace(job, **changes)


def a_suppression(**changes) -> Suppression:
    suppression = Suppression(
        id=SuppressionId("s-1"),
        version=1,
        scope=Scope(
            rule=RuleId("4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10"),
            agency=AgencyId("so-a"),
            subject={"source.ip": "203.0.113.45"},
        ),
        title="SSH password guessing",
        reason="quét định kỳ của đơn vị",
        by="lan",
        at=NOON,
        begun=NOON,
        expires=NOON + timedelta(days=7),
    )
    return replace(suppression, **changes)


class FakeDesk:
    """One alert, one warning, one agency; `calls` are the changes that were asked for."""

    def __init__(self, *, alerts=None, warning=None, agency=None) -> None:
        history = (AlertEntry(at=NOON, who="", action="opened"),)
        self.known = [an_alert(history=history)] if alerts is None else list(alerts)
        self.letter = a_warning() if warning is None else warning
        self.agency = an_agency() if agency is None else agency
        self.work = [a_job()]
        self.queries = []
        self.calls = []
        self.lookups = 0

    def alerts(self, query):
        self.queries.append(query)
        return self.known[query.skip : query.skip + query.limit]

    def count(self, query):
        return len(self.known)

    def related(self, alert):
        return []

    def act(self, order):
        self.calls.append(("act", order))
        fitting = order.alerts
        total = len(self.known) if isinstance(fitting, AlertQuery) else len(fitting)
        job = a_job(
            id=JobId(f"j-{len(self.work) + 1}"),
            action=order.action,
            by=order.who,
            note=order.note,
            disposition=order.disposition,
            filter=order.filter,
            total=total,
            changed=total,
            refused=0,
            refusals=(),
        )
        self.work.insert(0, job)
        return job

    def undo(self, job, who):
        self.calls.append(("undo", job, who))
        done = self.job(job)
        if done.undone_by is not None:
            raise NotAllowed(f"job {job} was undone already")
        back = a_job(id=JobId("j-undo"), action=AlertAction.UNDO, by=who, undoes=done.id)
        self.work = [back, *(replace(each, undone_by=back.id) for each in self.work)]
        return back

    def job(self, job):
        for each in self.work:
            if each.id == job:
                return each
        raise NotFound(f"there is no job {job}")

    def jobs(self, limit):
        return self.work[:limit]

    def alert(self, alert):
        for each in self.known:
            if each.id == alert:
                return each
        raise NotFound(f"there is no alert {alert}")

    def _change(self, alert, step) -> Alert:
        changed = step(self.alert(alert))
        self.known = [changed if each.id == alert else each for each in self.known]
        return changed

    def acknowledge(self, alert, who, note=""):
        self.calls.append(("acknowledge", alert, who, note))
        return self._change(alert, lambda now: lifecycle.acknowledge(now, who, NOON, note))

    def take(self, alert, who, note=""):
        self.calls.append(("take", alert, who, note))
        return self._change(alert, lambda now: lifecycle.take(now, who, NOON, note))

    def close(self, alert, who, disposition, reason):
        self.calls.append(("close", alert, who, disposition, reason))
        return self._change(alert, lambda now: lifecycle.close(now, who, NOON, disposition, reason))

    def warnings(self, query):
        self.queries.append(query)
        return [self.letter][: query.limit]

    def warning(self, warning):
        if warning not in (self.letter.id, self.letter.number):
            raise NotFound(f"there is no warning {warning}")
        return self.letter

    def draft(self, alert, who):
        self.calls.append(("draft", alert, who))
        about = self.alert(alert)
        if about.agency is None:
            raise NotAllowed(f"alert {alert} belongs to no agency")
        self.letter = a_warning(
            id=WarningId("w-new"), number="", alert=alert, state=WarningState.DRAFT, deliveries=()
        )
        return self.letter

    def preview(self, warning):
        return replace(self.warning(warning), deliveries=(a_delivery(),))

    def approve(self, warning, who):
        self.calls.append(("approve", warning, who))
        if self.warning(warning).state is not WarningState.DRAFT:
            raise NotAllowed(f"warning {warning} was released already")
        self.letter = replace(self.letter, state=WarningState.APPROVED, approved_by=who)
        return self.letter

    def agencies(self):
        return [self.agency]

    def import_agencies(self, agencies, who, others=None):
        raise AssertionError("the web does not import agencies")

    def notice(self, token):
        self.lookups += 1
        hashed = sha256(token.encode()).hexdigest()
        for delivery in self.letter.deliveries:
            if delivery.token == hashed:
                return WarningNotice(warning=self.letter, delivery=delivery, agency=self.agency)
        raise NotFound("no letter belongs to this link")

    def acknowledge_warning(self, token, name):
        notice = self.notice(token)
        self.calls.append(("acknowledge_warning", token, name))
        if notice.warning.state is WarningState.CANCELLED:
            raise NotAllowed("the warning was cancelled")
        if notice.delivery.acknowledged_at is None:
            receipt = replace(
                notice.delivery,
                state=DeliveryState.ACKNOWLEDGED,
                acknowledged_at=NOON + timedelta(minutes=12),
                acknowledged_by=name,
            )
            self.letter = replace(
                self.letter,
                deliveries=tuple(
                    receipt if each.token == receipt.token else each
                    for each in self.letter.deliveries
                ),
            )
        return self.notice(token)


class FakeFinder:
    """As many events as asked for, out of three."""

    def __init__(self, events=None) -> None:
        self.events = [an_event(n) for n in (1, 2, 3)] if events is None else events
        self.calls = []

    def events_of(self, alert, limit):
        self.calls.append(("of", alert.id, limit))
        return self.events[:limit]

    def events_around(self, alert, minutes, limit):
        self.calls.append(("around", alert.id, minutes, limit))
        return self.events[:limit]


class FakeSuppressing:
    """One suppression that hid five; `calls` are what was asked."""

    def __init__(self, known=None) -> None:
        self.known = [a_suppression()] if known is None else list(known)
        self.calls = []

    def suppressions(self):
        return [(each, Hidden(detections=5, last=NOON)) for each in self.known]

    def suppression(self, suppression):
        found = [each for each in self.known if each.id == suppression]
        if not found:
            raise NotFound(f"there is no suppression {suppression}")
        return found

    def would_hide(self, scope, days, limit):
        self.calls.append(("would_hide", scope, days, limit))
        return 12, [an_alert()][:limit]

    def suppress(self, scope, who, reason, until):
        self.calls.append(("suppress", scope, who, reason, until))
        if until <= NOON:
            raise NotAllowed("the end is past")
        return a_suppression(scope=scope, by=who, reason=reason, expires=until)

    def prolong(self, suppression, who, reason, until):
        self.calls.append(("prolong", suppression, who, reason, until))
        now = self.suppression(suppression)[-1]
        return replace(now, version=now.version + 1, by=who, reason=reason, expires=until)

    def lift(self, suppression, who, reason):
        self.calls.append(("lift", suppression, who, reason))
        now = self.suppression(suppression)[-1]
        if now.lifted:
            raise NotAllowed(f"suppression {suppression} has ended already")
        return replace(now, version=now.version + 1, by=who, reason=reason, lifted=True)


class FakeCheckup:
    """One thing that is well, one that is not."""

    def examine(self):
        return [
            Check(
                id="journal",
                status=CheckStatus.OK,
                found=LocalText(vi="nhật ký ghi được", en="the journal can be written"),
                why=LocalText(vi="không mất bản ghi", en="no record is lost"),
            ),
            Check(
                id="disk.reserve",
                status=CheckStatus.FAIL,
                found=LocalText(vi="còn 0 MiB", en="0 MiB are left"),
                why=LocalText(vi="không nhận bản ghi", en="no record is taken"),
                remedy=LocalText(vi="giải phóng đĩa", en="make room on the disk"),
            ),
        ]


SOURCES = (
    SourceStatus(
        source=SourceId("so-a-syslog"),
        agency=AgencyId("so-a"),
        input="syslog-udp",
        mark=SourceMark(
            source=SourceId("so-a-syslog"),
            agency=AgencyId("so-a"),
            events=12,
            unparsed=1,
            received=NOON,
            at=NOON - timedelta(seconds=3),
        ),
        minutes=[0] * 59 + [12],
    ),
    SourceStatus(
        source=SourceId("so-a-web"),
        agency=AgencyId("so-a"),
        input="web",
        mark=None,
        minutes=[0] * 60,
    ),
)


PROFILE = DetectionProfile(
    events=1000,
    steps=(
        StepCost(name="journal", seconds=0.002, events=1000),
        StepCost(name="match", seconds=0.018, events=500),
    ),
    rules=(
        RuleCost(
            rule=RuleId("11111111-1111-4111-8111-111111111111"),
            title="SSH password guessing",
            place="rules/ssh.yml:1",
            looked_at=40,
            met=12,
            seconds=0.0004,
        ),
    ),
    memories=(MemoryRate(name="values", asked=1000, known=930, size=70, most=100_000),),
)
MEASURES = Measures(
    counts=[Count(name="events", labels={"source": "so-a-syslog"}, amount=12)],
    journal_records=15,
    journal_bytes=4096,
    store_records=10,
    store_bytes=2048,
    outbox=2,
    windows_dropped=0,
)


class FakeHealth:
    """A service with one input."""

    def __init__(self, profile=PROFILE, measures=MEASURES, resting=(), **changes) -> None:
        self._profile, self._measures, self._resting = profile, measures, resting
        self._status = replace(
            ServiceStatus(
                ready=True,
                started=NOON,
                version="0.1.0",
                lag=3,
                inputs=[
                    InputStatus(
                        name=InputName("syslog-udp"),
                        collector="syslog",
                        state="running",
                        listening="udp 127.0.0.1:5514",
                        records=12,
                        last_record=NOON,
                    )
                ],
                counters={'events{source="so-a-syslog"}': 12},
                problems=["the disk reserve is reached"],
                rules=7,
                rules_refused=["rules/x.yml:3: unknown modifier"],
                sources=SOURCES,
            ),
            **changes,
        )

    def status(self) -> ServiceStatus:
        return self._status

    def resting(self):
        return self._resting

    def profile(self) -> DetectionProfile:
        return self._profile

    def measures(self) -> Measures:
        return self._measures


def an_api(  # noqa: PLR0917 - as build_api, each with a stand-in
    desk=None, finder=None, health=None, check=None, suppressing=None, checkup=None
):
    """The API over stand-ins; every token is lan's."""
    return build_api(
        desk or FakeDesk(),
        finder or FakeFinder(),
        health or FakeHealth(),
        check or (lambda token: "lan"),
        suppressing=suppressing or FakeSuppressing(),
        checkup=checkup or FakeCheckup(),
    )


class Browser:
    """Sends requests to an application without a network; follows no redirect."""

    def __init__(self, app, headers: Mapping[str, str] | None = None, address="192.0.2.1"):
        self._app = app
        self._headers = dict(headers or {})
        self._address = address

    def request(self, method: str, path: str, *, headers=None, **content) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(
                self._app, raise_app_exceptions=False, client=(self._address, 40000)
            )
            async with httpx.AsyncClient(
                transport=transport, base_url="https://warn.example", headers=self._headers
            ) as client:
                return await client.request(method, path, headers=headers, **content)

        return asyncio.run(send())

    def get(self, path: str, **content) -> httpx.Response:
        return self.request("GET", path, **content)

    def post(self, path: str, **content) -> httpx.Response:
        return self.request("POST", path, **content)
