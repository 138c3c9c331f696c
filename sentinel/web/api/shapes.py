r"""What the API says, as JSON: the shapes, documented for OpenAPI, and nothing internal.

Times are ISO 8601 in UTC. A field that ends in `_word` or `words` is in the language of the
request (`?lang=` or Accept-Language), everything else is the same in each. Text out of log lines
is data: it appears as it is, except that what JSON cannot carry is written out (`\ud800`).

Acknowledge tokens are secrets of their recipients: neither they nor their hashes are in a shape,
and `sentinel.web.api.shaping` masks them in letters.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from sentinel.model.agency import Release, Role, SecurityLevel, Tlp
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.rule import Confidence
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState


def in_utc(at: datetime) -> datetime:
    """The same moment, in UTC."""
    return at.astimezone(UTC)


def speakable(value: object) -> object:
    """The same value, with what JSON cannot carry written out: lone surrogates, NaN, infinity."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [speakable(item) for item in value]
    return value


Utc = Annotated[AwareDatetime, AfterValidator(in_utc)]
Text = Annotated[str, BeforeValidator(speakable)]
Texts = dict[Text, Text]
Scalar = str | bool | int | float | None
Value = Annotated[Scalar | list[Scalar], BeforeValidator(speakable)]
SeverityWord = Literal["informational", "low", "medium", "high", "critical"]


class Shape(BaseModel):
    """The base of every answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BothLanguages(Shape):
    """A text in both languages."""

    vi: Text
    en: Text


class ReasonShape(Shape):
    """Some points of a score and why. The points of all reasons add up to the score."""

    code: Text
    points: int
    details: Texts
    words: Text = Field(description="The reason as a person reads it, with its points.")


class RuleShape(Shape):
    """The rule that fired, as it was when it fired last."""

    id: Text
    title: Text
    level: SeverityWord
    confidence: Confidence
    description: Text
    author: Text
    licence: Text
    tags: list[Text]
    references: list[Text]
    false_positives: list[Text]
    group_by: list[Text]
    place: Text = Field(description="Where it is written: file:line.")


class EvidenceShape(Shape):
    """One matched line that is kept with the alert."""

    event: Text
    at: Utc
    raw: Text
    matched: Texts = Field(description='What matched, by field; keyword hits stand under "".')


class EntryShape(Shape):
    """One line of a history. `who` is empty where the system did it.

    `disposition` is what a closing of an alert said it was.
    """

    at: Utc
    who: Text
    action: Text
    reason: Text
    disposition: Disposition | None = None


class AlertShape(Shape):
    """An alert in the queue."""

    id: str
    agency: str | None = Field(description="null: nobody owns the source (unassigned).")
    title: Text
    severity: SeverityWord
    severity_word: str
    score: int = Field(ge=0, le=100)
    state: AlertState
    state_word: str
    opened: Utc
    first_seen: Utc
    last_seen: Utc
    detections: int
    events: int
    subject: Texts = Field(description="The values that make the cause, by field.")
    asset: str | None
    assignee: Text
    disposition: Disposition | None
    disposition_word: str | None
    previous: str | None = Field(description="The closed alert of the same cause, if any.")


class LetterShape(Shape):
    """What one recipient reads; the recipient's acknowledge link is masked."""

    subject: Text
    text: Text
    html: Text


class DeliveryShape(Shape):
    """One recipient's copy of a warning, and what is honestly known of it."""

    contact: str
    name: Text
    address: Text
    language: Language
    state: DeliveryState
    state_word: str
    message_id: Text
    due: Utc
    attempts: int
    last_error: Text
    accepted_at: Utc | None
    acknowledged_at: Utc | None
    acknowledged_by: Text
    letter: LetterShape | None = Field(
        default=None, description="In the answer for one warning; null in lists."
    )


class WarningShape(Shape):
    """A warning to an agency. `number` is empty until it is approved."""

    id: str
    number: str
    agency: str
    alert: str
    state: WarningState
    state_word: str
    severity: SeverityWord
    severity_word: str
    tlp: Tlp
    created: Utc
    approved_at: Utc | None
    approved_by: Text
    acknowledge_by: Utc | None
    report_by: Utc | None
    acknowledged_at: Utc | None
    acknowledged_by: Text
    deliveries: list[DeliveryShape]


class WarningDetail(WarningShape):
    """One warning with its letters and its history."""

    history: list[EntryShape]


class AlertDetail(AlertShape):
    """One alert: why it fired, why it scores so, what has been done and who has been told."""

    reasons: list[ReasonShape]
    rule: RuleShape
    evidence: list[EvidenceShape]
    history: list[EntryShape]
    warnings: list[WarningShape]


class EventShape(Shape):
    """One event with its raw line. `fields` are ECS 9 names, flat and dotted."""

    id: str
    at: Utc
    received: Utc
    agency: str | None
    source: str | None
    asset: str | None
    fields: dict[Text, Value]
    raw: Text
    sha256: str = Field(description="Hash of the bytes as they arrived.")


class AlertList(Shape):
    """A page of alerts; `total` is how many fit, `more` says that others follow."""

    alerts: list[AlertShape]
    total: int
    more: bool


class WarningList(Shape):
    """Warnings, newest first. `more` says that the limit cut the list."""

    warnings: list[WarningShape]
    more: bool


class EventList(Shape):
    """Events. `more` says that the limit cut the list."""

    events: list[EventShape]
    more: bool


class ContactShape(Shape):
    """One mailbox or person of an agency."""

    id: str
    name: Text
    role: Role
    role_word: str
    email: Text
    phone: Text
    language: Language
    personal: bool


class AssetShape(Shape):
    """An information system; level 0 means "unknown"."""

    id: str
    name: BothLanguages
    level: SecurityLevel
    level_word: str
    hosts: list[Text]
    networks: list[str]


class SourceShape(Shape):
    """One sender of records. Without addresses the whole input is the agency's."""

    id: str
    input: str
    addresses: list[str]
    time_zone: str
    format: str


class WarnPolicyShape(Shape):
    """When an alert becomes a warning, and how it leaves."""

    threshold: int
    release: Release
    tlp: Tlp


class AgencyShape(Shape):
    """An organisation that is watched and warned."""

    id: str
    name: BothLanguages
    code: str
    parent: str | None
    contacts: list[ContactShape]
    assets: list[AssetShape]
    sources: list[SourceShape]
    networks: list[str]
    domains: list[str]
    policy: WarnPolicyShape


class AgencyList(Shape):
    """The registry, by id."""

    agencies: list[AgencyShape]


class InputShape(Shape):
    """How one input is doing."""

    name: str
    collector: str
    state: str = Field(description="running, waiting (after a failure) or stopped")
    listening: Text
    records: int
    restarts: int
    dropped: int
    last_record: Utc | None
    last_error: Text


class StatusShape(Shape):
    """The service at a glance. `lag` is records kept but not yet detected on."""

    ready: bool
    started: Utc
    version: str
    lag: int
    inputs: list[InputShape]
    counters: dict[Text, int]
    problems: list[Text]
    rules: int
    rules_refused: list[Text]


class Alive(Shape):
    """The process answers."""

    alive: Literal[True] = True


class Readiness(Shape):
    """Whether it takes records and acts on them."""

    ready: bool


class FaultShape(Shape):
    """One thing that is wrong with a request."""

    field: Text
    found: Text
    allowed: Text


class Problem(Shape):
    """An error (RFC 9457, application/problem+json)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: Text
    faults: list[FaultShape] = Field(default=[], description="For 422: everything that is wrong.")
