"""Which detections are one story: the cause they share, and the alert that tells it.

A cause is a rule and the values of its `group_by` fields at one agency. The values come out of
log lines, so an attacker writes them: keys are hashes of JSON, in which no value can pretend to
be two, and what is kept for people is cut to a bounded length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from sentinel.model.alert import Alert, AlertEntry, AlertState, Evidence, Score
from sentinel.model.detection import Detection
from sentinel.model.event import Event, Value
from sentinel.model.ids import AgencyId, AlertId, CauseKey, EventId
from sentinel.model.rule import Advice

# What tells two attacks apart where neither the rule nor its correlation says.
DEFAULT_GROUP = ("host.hostname", "source.ip", "user.name")
FIRST_KEPT, NEWEST_KEPT = 3, 7
LONGEST_LINE = 8192  # characters; RFC 5424 section 6.1 asks receivers to take 2048
LONGEST_VALUE = 256  # characters, of a value shown to people

_FIELD = re.compile(r"\{([\w@.-]+)\}")


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes detections one alert: `key` for the database, `subject` for people."""

    key: CauseKey
    subject: Mapping[str, str]


def cause(detection: Detection, agency: AgencyId | None) -> Cause:
    """Name the cause of a detection at this agency (None: unassigned).

    The fields are the rule's `group_by`; without one, those the correlation grouped by; else
    those of `DEFAULT_GROUP` that are present. As in Sigma case does not count, and neither does
    the order of a list. A missing field is a value of its own, equal only to itself.
    """
    values = _group_values(detection)
    key = _hash([agency, detection.rule.id, sorted((n, _folded(v)) for n, v in values.items())])
    return Cause(CauseKey(key), {name: _shown(v) for name, v in values.items() if v is not None})


def alert_id(agency: AgencyId | None, key: CauseKey, first: EventId) -> AlertId:
    """Name an alert for ever: 16 hex digits of agency, cause and the event that opened it."""
    return AlertId(_hash([agency, key, first])[:16])


def opened(  # noqa: PLR0917 - six values of six types: mypy sees any two that are swapped
    detection: Detection,
    agency: AgencyId | None,
    cause: Cause,
    score: Score,
    previous: AlertId | None,
    at: datetime,
) -> Alert:
    """Open an alert on its first detection. `previous` is the closed alert of the same cause."""
    return Alert(
        id=alert_id(agency, cause.key, detection.event.id),
        agency=agency,
        cause=cause.key,
        card=detection.rule,
        score=score,
        state=AlertState.NEW,
        opened=at,
        first_seen=min(detection.first, detection.event.at),
        last_seen=max(detection.first, detection.event.at),
        detections=1,
        events=detection.count,
        subject=cause.subject,
        asset=detection.event.asset,
        evidence=_kept(_evidence(detection)),
        previous=previous,
        history=(AlertEntry(at=at, who="", action="opened"),),
    )


def joined(alert: Alert, detection: Detection, score: Score) -> Alert:
    """Add a detection of the same cause; a late event may move `first_seen` back.

    `score` is that of `alert.detections + 1`; an open alert keeps the highest score it had.
    State and history stay: people change those.

    Raises:
        ValueError: the alert is closed; the next detection opens a new one.
    """
    if alert.state is AlertState.CLOSED:
        raise ValueError(f"alert {alert.id} is closed: open a new one that links to it")
    return replace(
        alert,
        card=detection.rule,
        score=score if score.points >= alert.score.points else alert.score,
        first_seen=min(alert.first_seen, detection.first, detection.event.at),
        last_seen=max(alert.last_seen, detection.first, detection.event.at),
        detections=alert.detections + 1,
        events=alert.events + _new_events(alert, detection),
        asset=alert.asset or detection.event.asset,
        evidence=_kept((*alert.evidence, *_news(alert, _evidence(detection)))),
    )


def _group_values(detection: Detection) -> dict[str, Value]:
    group = detection.group or {}
    fields = detection.event.fields
    if detection.rule.group_by:
        # A correlation may rename fields (Sigma `aliases`): its group knows, the event does not.
        return {n: group.get(n, fields.get(n)) for n in detection.rule.group_by}
    if detection.group is not None:
        return dict(detection.group)
    return {n: fields[n] for n in DEFAULT_GROUP if fields.get(n) not in (None, "", [])}


def _folded(value: Value) -> list[str] | None:
    if value is None:
        return None
    values = value if isinstance(value, list) else [value]
    return sorted(str(item).casefold() for item in values)


def _shown(value: Value) -> str:
    if isinstance(value, list):
        return _cut(", ".join(str(item) for item in value), LONGEST_VALUE)
    return _cut(str(value), LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… [{len(text)} characters]"


def _hash(parts: list[object]) -> str:
    # ensure_ascii keeps lone surrogates, which UTF-8 could not encode.
    return sha256(json.dumps(parts, ensure_ascii=True).encode("ascii")).hexdigest()


def _evidence(detection: Detection) -> tuple[Evidence, ...]:
    """The lines a person is shown, the one that completed the detection last."""
    return tuple(
        Evidence(
            event=event.id,
            at=event.at,
            raw=_cut(event.raw, LONGEST_LINE),
            matched={name: _shown(value) for name, value in _told(detection, event).items()},
        )
        for event in (*detection.witnesses, detection.event)
    )


def _told(detection: Detection, event: Event) -> Mapping[str, Value]:
    """What matched, and the values that the rule's advice speaks of."""
    named: dict[str, Value] = {
        name: value
        for name in _spoken_of(detection.rule.advice)
        if (value := event.fields.get(name)) is not None
    }
    return {**named, **detection.matched} if event == detection.event else named


@lru_cache
def _spoken_of(advice: Advice | None) -> tuple[str, ...]:
    """The fields that an advice names in braces, in both languages."""
    if advice is None:
        return ()
    texts = (advice.title, advice.seen)
    lines = [line for text in texts for line in (text.vi, text.en)]
    lines += [*advice.actions.vi, *advice.actions.en]
    return tuple(dict.fromkeys(name for line in lines for name in _FIELD.findall(line)))


def _news(alert: Alert, lines: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Without lines that are shown already; the last one stays, it says how far was counted."""
    shown = {line.event for line in alert.evidence}
    return (*(line for line in lines[:-1] if line.event not in shown), lines[-1])


def _kept(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Keep the first few and the newest few, in order of arrival."""
    if len(evidence) <= FIRST_KEPT + NEWEST_KEPT:
        return evidence
    return (*evidence[:FIRST_KEPT], *evidence[-NEWEST_KEPT:])


def _new_events(alert: Alert, detection: Detection) -> int:
    """How many of the detection's events the alert has not counted yet: never more than are new.

    A correlation that fires again may name old events again. Detections arrive in journal order,
    so everything up to the event of the last one is counted. Of a bounded list the unnamed events
    are the difference to `count`: new, all of them, where the window began after what was seen
    before; else new as far as they outnumber what is counted. A number in a letter may be called
    too small, never too large.
    """
    if detection.group is None:
        return detection.count
    named = _named(detection)
    last = alert.evidence[-1].event if alert.evidence else None
    fresh = sum(1 for event in named if last is None or _after(event, last))
    if detection.count <= len(named):
        return fresh
    if detection.first > alert.last_seen:
        return detection.count
    return max(fresh, detection.count - alert.events)


def _named(detection: Detection) -> frozenset[EventId]:
    return frozenset((*detection.events, detection.event.id))


def _after(event: EventId, last: EventId) -> bool:
    """Whether an event stands behind another in the journal; another journal is always new."""
    journal, _, place = event.rpartition("-")
    last_journal, _, last_place = last.rpartition("-")
    return journal != last_journal or (len(place), place) > (len(last_place), last_place)
