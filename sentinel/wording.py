"""The words people read for the model's values, the same on every screen, in every letter.

English words are the message ids; each kind of value is a context of its own in
`locale/vi/words.po`, so that "medium" may become two words. What a TLP label means is policy
data and not here; the labels themselves are never translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sentinel.i18n import show_number, show_time, texts
from sentinel.model.agency import Role, SecurityLevel
from sentinel.model.alert import Alert, AlertState, Disposition, Reason
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState

DOMAIN = "words"

SEVERITY: Mapping[Severity, str] = {
    Severity.INFORMATIONAL: "informational",
    Severity.LOW: "low",
    Severity.MEDIUM: "medium",
    Severity.HIGH: "high",
    Severity.CRITICAL: "critical",
}
CONFIDENCE: Mapping[Confidence, str] = {
    Confidence.HIGH: "high",
    Confidence.MEDIUM: "medium",
    Confidence.LOW: "low",
}
SECURITY_LEVEL: Mapping[SecurityLevel, str] = {
    SecurityLevel.UNKNOWN: "level unknown",
    SecurityLevel.ONE: "level 1",
    SecurityLevel.TWO: "level 2",
    SecurityLevel.THREE: "level 3",
    SecurityLevel.FOUR: "level 4",
    SecurityLevel.FIVE: "level 5",
}
ALERT_STATE: Mapping[AlertState, str] = {
    AlertState.NEW: "new",
    AlertState.ACKNOWLEDGED: "acknowledged",
    AlertState.IN_PROGRESS: "in progress",
    AlertState.CLOSED: "closed",
}
DISPOSITION: Mapping[Disposition, str] = {
    Disposition.TRUE_POSITIVE: "true positive",
    Disposition.BENIGN: "benign activity",
    Disposition.FALSE_POSITIVE: "false positive",
    Disposition.DUPLICATE: "duplicate",
    Disposition.RESOLVED: "closed by the system",
}
WARNING_STATE: Mapping[WarningState, str] = {
    WarningState.DRAFT: "draft",
    WarningState.APPROVED: "approved",
    WarningState.SENT: "sent",
    WarningState.ACKNOWLEDGED: "acknowledged",
    WarningState.CANCELLED: "cancelled",
}
DELIVERY_STATE: Mapping[DeliveryState, str] = {
    DeliveryState.QUEUED: "waiting to be sent",
    DeliveryState.ATTEMPTING: "being sent, outcome unknown",
    DeliveryState.ACCEPTED: "accepted for delivery",
    DeliveryState.FAILED: "could not be sent",
    DeliveryState.ACKNOWLEDGED: "acknowledged",
}
ROLE: Mapping[Role, str] = {
    Role.OWNER: "owner",
    Role.OPERATOR: "operator",
    Role.RESPONSE_UNIT: "response unit",
    Role.CONTACT_POINT: "contact point",
    Role.LEADER: "leader",
}
REASON: Mapping[str, str] = {
    "rule-level": "rule of {severity} level",
    "asset-level": "information system of level {level}",
    "asset-level unknown": "information system of unknown level",
    "asset-level none": "no known information system",
    "confidence": "{confidence} confidence in the rule",
    "repetition": "detections so far: {detections}",
    "limit": "the score ends at {bound}",
}

# What stands in a rule's sentence where nobody knows the value.
UNKNOWN_VALUE: Mapping[str, str] = {
    "evidence": "(see the evidence)",
    "nothing": "(not known)",
}
VALUES_SHOWN = 3
_PLACEHOLDER = re.compile(r"\{([A-Za-z@][\w.@-]{0,99})\}")


def severity_word(severity: Severity, language: Language) -> str:
    """How bad: "high", "cao"."""
    return _say("severity", SEVERITY[severity], language)


def confidence_word(confidence: Confidence, language: Language) -> str:
    """How far a rule's word is trusted: "low", "thấp"."""
    return _say("confidence", CONFIDENCE[confidence], language)


def security_level_word(level: SecurityLevel, language: Language) -> str:
    """An information system's official level: "level 3", "cấp độ 3"."""
    return _say("security level", SECURITY_LEVEL[level], language)


def alert_state_word(state: AlertState, language: Language) -> str:
    """Where an alert is: "new", "mới"."""
    return _say("alert state", ALERT_STATE[state], language)


def disposition_word(disposition: Disposition, language: Language) -> str:
    """Why an alert was closed: "false positive", "cảnh báo sai"."""
    return _say("disposition", DISPOSITION[disposition], language)


def warning_state_word(state: WarningState, language: Language) -> str:
    """Where a warning is: "sent", "đã gửi"."""
    return _say("warning state", WARNING_STATE[state], language)


def delivery_state_word(state: DeliveryState, language: Language) -> str:
    """What is known of one recipient's copy: "could not be sent", "không gửi được"."""
    return _say("delivery state", DELIVERY_STATE[state], language)


def role_word(role: Role, language: Language) -> str:
    """What a contact is to the agency: "owner", "chủ quản"."""
    return _say("role", ROLE[role], language)


def reason_words(reason: Reason, language: Language) -> str:
    """Some points of a score, in words: "rule of high level: +60", "luật mức cao: +60".

    A reason this version does not know (from an older or newer database) is named by its code:
    a letter must not fail for want of a word.
    """
    points = f"{reason.points:+d}" if reason.points else "0"
    try:
        words = _reason(reason, language)
    except (KeyError, ValueError):
        words = reason.code
    return f"{words}: {points}"


def advice_words(
    sentence: str, alert: Alert, language: Language, zone: str, value_as: Callable[[str], str] = str
) -> str:
    """A rule's sentence with every placeholder replaced; `value_as` makes a value fit to stand.

    "{count}" is how many log records, "{first}" and "{last}" the times of the first and the last;
    any other name is a field: from the alert's subject, else from its evidence. Where nobody
    knows, the sentence says so in words. The values come from log lines and are hostile, so this
    is one pass of exact names: a value that itself holds braces, "%s" or template code stays it.
    """
    known = {
        "count": show_number(alert.events, language),
        "first": show_time(alert.first_seen, zone),
        "last": show_time(alert.last_seen, zone),
    }
    fallback = _say("advice", UNKNOWN_VALUE["evidence" if alert.evidence else "nothing"], language)

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return known.get(name) or _field(name, alert, value_as) or fallback

    return _PLACEHOLDER.sub(value, sentence)


def _field(name: str, alert: Alert, value_as: Callable[[str], str]) -> str:
    if alert.subject.get(name):
        return value_as(alert.subject[name])
    newest_first = [line.matched.get(name, "") for line in reversed(alert.evidence)]
    values = list(dict.fromkeys(value for value in newest_first if value))
    more = ", …" if len(values) > VALUES_SHOWN else ""
    return ", ".join(value_as(value) for value in values[:VALUES_SHOWN]) + more


def _reason(reason: Reason, language: Language) -> str:
    """Name the cause of the points. Raises KeyError, ValueError where it is not known."""
    details = dict(reason.details)
    code = reason.code
    match code:
        case "rule-level":
            details["severity"] = severity_word(Severity.of_word(details["level"]), language)
        case "asset-level" if details["level"] in ("unknown", "none"):
            code = f"asset-level {details['level']}"
        case "confidence":
            confidence = Confidence(details["confidence"])
            details["confidence"] = confidence_word(confidence, language)
        case "repetition":
            details["detections"] = show_number(int(details["detections"]), language)
        case _:
            pass
    return _say("reason", REASON[code], language).format_map(details)


def _say(context: str, words: str, language: Language) -> str:
    return texts(language, DOMAIN).pgettext(context, words)
