"""What people need to know of a rule, apart from how it matches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sentinel.model.ids import RuleId
from sentinel.model.severity import Severity
from sentinel.model.text import LocalList, LocalText


class Confidence(StrEnum):
    """How far a rule's word is trusted; from its status where the rule does not say."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the agency reads: what was seen, and what to do now.

    `seen` and `actions` may name fields of the matched event in braces: "{source.ip}".
    """

    title: LocalText
    seen: LocalText
    actions: LocalList


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """A rule's identity card. `place` is `file:line`; `group_by` the fields of an alert's cause."""

    id: RuleId
    title: str
    level: Severity
    confidence: Confidence
    tags: tuple[str, ...] = ()
    author: str = ""
    licence: str = ""
    description: str = ""
    references: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    advice: Advice | None = None
    place: str = ""
