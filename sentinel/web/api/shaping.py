"""From the model's values to the API's shapes: what is shown, in whose words, and what is not."""

from __future__ import annotations

from collections.abc import Iterable

from sentinel import wording
from sentinel.model.agency import Agency, Asset, Contact
from sentinel.model.alert import Alert, AlertEntry, Score
from sentinel.model.event import Event
from sentinel.model.rule import RuleCard
from sentinel.model.text import Language, LocalText
from sentinel.model.warning import AgencyWarning, Delivery, Letter, WarningEntry
from sentinel.ports import InputStatus, ServiceStatus
from sentinel.web.api import shapes
from sentinel.web.masking import masked_letter


def alert_shape(alert: Alert, language: Language) -> shapes.AlertShape:
    """Show an alert as a line of the queue."""
    return shapes.AlertShape.model_validate(_alert(alert, language))


def alert_detail(
    alert: Alert, warnings: Iterable[AgencyWarning], language: Language
) -> shapes.AlertDetail:
    """Show one alert whole, with the warnings made of it."""
    return shapes.AlertDetail.model_validate(
        _alert(alert, language)
        | {
            "reasons": _reasons(alert.score, language),
            "rule": _rule(alert.card),
            "evidence": [
                {
                    "event": each.event,
                    "at": each.at,
                    "raw": each.raw,
                    "matched": dict(each.matched),
                }
                for each in alert.evidence
            ],
            "history": [_entry(entry) for entry in alert.history],
            "warnings": [warning_shape(warning, language) for warning in warnings],
        }
    )


def warning_shape(warning: AgencyWarning, language: Language) -> shapes.WarningShape:
    """Show a warning as a line of a list, without its letters."""
    return shapes.WarningShape.model_validate(
        _warning(warning, language)
        | {"deliveries": [_delivery(delivery, language) for delivery in warning.deliveries]}
    )


def warning_detail(warning: AgencyWarning, language: Language) -> shapes.WarningDetail:
    """Show one warning whole, with each letter as it was rendered but for the token."""
    hashes = {delivery.token for delivery in warning.deliveries}
    return shapes.WarningDetail.model_validate(
        _warning(warning, language)
        | {
            "deliveries": [
                _delivery(delivery, language) | {"letter": _letter(delivery.letter, hashes)}
                for delivery in warning.deliveries
            ],
            "history": [_entry(entry) for entry in warning.history],
        }
    )


def event_shape(event: Event) -> shapes.EventShape:
    """Show an event with its raw line."""
    return shapes.EventShape.model_validate(
        {
            "id": event.id,
            "at": event.at,
            "received": event.received,
            "agency": event.agency,
            "source": event.source,
            "asset": event.asset,
            "fields": dict(event.fields),
            "raw": event.raw,
            "sha256": event.sha256,
        }
    )


def agency_shape(agency: Agency, language: Language) -> shapes.AgencyShape:
    """Show an agency with its contacts, systems and sources."""
    return shapes.AgencyShape.model_validate(
        {
            "id": agency.id,
            "name": _both(agency.name),
            "code": agency.code,
            "parent": agency.parent,
            "contacts": [_contact(contact, language) for contact in agency.contacts],
            "assets": [_asset(asset, language) for asset in agency.assets],
            "sources": [
                {
                    "id": source.id,
                    "input": source.input,
                    "addresses": [str(network) for network in source.addresses],
                    "time_zone": source.time_zone,
                    "format": source.format,
                }
                for source in agency.sources
            ],
            "networks": [str(network) for network in agency.networks],
            "domains": list(agency.domains),
            "policy": {
                "threshold": agency.policy.threshold,
                "release": agency.policy.release,
                "tlp": agency.policy.tlp,
            },
        }
    )


def status_shape(status: ServiceStatus) -> shapes.StatusShape:
    """Show how the service is."""
    return shapes.StatusShape.model_validate(
        {
            "ready": status.ready,
            "started": status.started,
            "version": status.version,
            "lag": status.lag,
            "inputs": [_input(each) for each in status.inputs],
            "counters": dict(status.counters),
            "problems": list(status.problems),
            "rules": status.rules,
            "rules_refused": list(status.rules_refused),
        }
    )


def _alert(alert: Alert, language: Language) -> dict[str, object]:
    severity, disposition = alert.score.severity, alert.disposition
    title = alert.card.title if alert.card.advice is None else alert.card.advice.title[language]
    return {
        "id": alert.id,
        "agency": alert.agency,
        "title": title,
        "severity": severity.word,
        "severity_word": wording.severity_word(severity, language),
        "score": alert.score.points,
        "state": alert.state,
        "state_word": wording.alert_state_word(alert.state, language),
        "opened": alert.opened,
        "first_seen": alert.first_seen,
        "last_seen": alert.last_seen,
        "detections": alert.detections,
        "events": alert.events,
        "subject": dict(alert.subject),
        "asset": alert.asset,
        "assignee": alert.assignee,
        "disposition": disposition,
        "disposition_word": disposition and wording.disposition_word(disposition, language),
        "previous": alert.previous,
    }


def _reasons(score: Score, language: Language) -> list[dict[str, object]]:
    return [
        {
            "code": reason.code,
            "points": reason.points,
            "details": dict(reason.details),
            "words": wording.reason_words(reason, language),
        }
        for reason in score.reasons
    ]


def _rule(card: RuleCard) -> dict[str, object]:
    return {
        "id": card.id,
        "title": card.title,
        "level": card.level.word,
        "confidence": card.confidence,
        "description": card.description,
        "author": card.author,
        "licence": card.licence,
        "tags": list(card.tags),
        "references": list(card.references),
        "false_positives": list(card.false_positives),
        "group_by": list(card.group_by),
        "place": card.place,
    }


def _warning(warning: AgencyWarning, language: Language) -> dict[str, object]:
    return {
        "id": warning.id,
        "number": warning.number,
        "agency": warning.agency,
        "alert": warning.alert,
        "state": warning.state,
        "state_word": wording.warning_state_word(warning.state, language),
        "severity": warning.severity.word,
        "severity_word": wording.severity_word(warning.severity, language),
        "tlp": warning.tlp,
        "created": warning.created,
        "approved_at": warning.approved_at,
        "approved_by": warning.approved_by,
        "acknowledge_by": warning.acknowledge_by,
        "report_by": warning.report_by,
        "acknowledged_at": warning.acknowledged_at,
        "acknowledged_by": warning.acknowledged_by,
    }


def _delivery(delivery: Delivery, language: Language) -> dict[str, object]:
    return {
        "contact": delivery.contact,
        "name": delivery.name,
        "address": delivery.address,
        "language": delivery.language,
        "state": delivery.state,
        "state_word": wording.delivery_state_word(delivery.state, language),
        "message_id": delivery.message_id,
        "due": delivery.due,
        "attempts": delivery.attempts,
        "last_error": delivery.last_error,
        "accepted_at": delivery.accepted_at,
        "acknowledged_at": delivery.acknowledged_at,
        "acknowledged_by": delivery.acknowledged_by,
    }


def _letter(letter: Letter, hashes: set[str]) -> dict[str, str]:
    shown = masked_letter(letter, hashes)
    return {"subject": shown.subject, "text": shown.text, "html": shown.html}


def _entry(entry: AlertEntry | WarningEntry) -> dict[str, object]:
    said = {"at": entry.at, "who": entry.who, "action": entry.action, "reason": entry.reason}
    if isinstance(entry, AlertEntry):
        return said | {"disposition": entry.disposition}
    return said


def _contact(contact: Contact, language: Language) -> dict[str, object]:
    return {
        "id": contact.id,
        "name": contact.name,
        "role": contact.role,
        "role_word": wording.role_word(contact.role, language),
        "email": contact.email,
        "phone": contact.phone,
        "language": contact.language,
        "personal": contact.personal,
    }


def _asset(asset: Asset, language: Language) -> dict[str, object]:
    return {
        "id": asset.id,
        "name": _both(asset.name),
        "level": asset.level,
        "level_word": wording.security_level_word(asset.level, language),
        "hosts": sorted(asset.hosts),
        "networks": [str(network) for network in asset.networks],
    }


def _input(status: InputStatus) -> dict[str, object]:
    return {
        "name": status.name,
        "collector": status.collector,
        "state": status.state,
        "listening": status.listening,
        "records": status.records,
        "restarts": status.restarts,
        "dropped": status.dropped,
        "last_record": status.last_record,
        "last_error": status.last_error,
    }


def _both(text: LocalText) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}
