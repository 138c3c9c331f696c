"""All that an alert's page shows, put together from the desk's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sentinel.errors import NotFound
from sentinel.model.alert import Alert, Evidence
from sentinel.model.entity import Entity
from sentinel.model.warning import AgencyWarning
from sentinel.ports import Related, WarningQuery
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.triage.filtering import part
from sentinel.web.console.triage.hits import hits_of
from sentinel.web.console.triage.links import alert_path, queue_path
from sentinel.web.console.triage.reading import Choices, Reference, choices, references
from sentinel.web.console.triage.rows import QueueRow, queue_row
from sentinel.web.console.visit import Visit
from sentinel.wording import advice_words, reason_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A kept line of evidence with the texts in it that made the rule match."""

    evidence: Evidence
    hits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Other alerts of one host, user or address; the newest of them as rows, all by `path`."""

    to: Related
    path: str
    rows: Sequence[QueueRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One alert and everything around it. `seen` and `advised` are the rule's words, filled."""

    alert: Alert
    row: QueueRow
    path: str
    of_its_rule: str
    seen: str
    advised: Sequence[str]
    lines: Sequence[Line]
    reasons: Sequence[str]
    references: Sequence[Reference]
    related: Sequence[Relation]
    previous: QueueRow | None
    warnings: Sequence[AgencyWarning]
    can: Choices


def dossier(parts: ConsoleParts, visit: Visit, alert: Alert) -> Dossier:
    """Ask the desk for what belongs to this alert."""
    agencies = {agency.id: agency for agency in parts.desk.agencies()}
    warnings = parts.desk.warnings(WarningQuery(alert=alert.id))
    language, zone = visit.language, visit.zone

    def row(one: Alert) -> QueueRow:
        return queue_row(one, agencies, parts.deadlines, language)

    def filled(sentence: str) -> str:
        return advice_words(sentence, alert, language, zone)

    advice = alert.card.advice
    previous = _previous(parts, alert)
    return Dossier(
        alert=alert,
        row=row(alert),
        path=alert_path(alert.id),
        of_its_rule=queue_path(part("rule", alert.card.id)),
        seen=filled(advice.seen[language]) if advice else "",
        advised=[filled(each) for each in advice.actions[language]] if advice else (),
        lines=[Line(evidence=each, hits=hits_of(each)) for each in alert.evidence],
        reasons=[reason_words(reason, language) for reason in alert.score.reasons],
        references=references(alert),
        related=[
            Relation(to=each, path=_all_of(each.entity), rows=[row(other) for other in each.newest])
            for each in parts.desk.related(alert)
        ],
        previous=None if previous is None else row(previous),
        warnings=warnings,
        can=choices(alert, warnings, visit.person.name),
    )


def _all_of(entity: Entity) -> str:
    """The queue with every alert of a host, user or address."""
    return queue_path(f"{part(entity.kind, entity.value)} status:any")


def _previous(parts: ConsoleParts, alert: Alert) -> Alert | None:
    try:
        return None if alert.previous is None else parts.desk.alert(alert.previous)
    except NotFound:
        return None
