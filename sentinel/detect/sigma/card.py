"""A rule's identity card: what people read of it, and what Sentinel adds under `sentinel:`."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sigma.rule import SigmaLevel, SigmaRuleBase, SigmaStatus

from sentinel.documents import Document, read
from sentinel.errors import Fault
from sentinel.model.ids import RuleId
from sentinel.model.rule import Advice, Confidence, RuleCard
from sentinel.model.severity import Severity
from sentinel.model.text import LocalList, LocalText

DEFAULT_LEVEL = Severity.MEDIUM  # Sigma leaves `level` optional: worth a look, until it says more

_BY_STATUS = {SigmaStatus.STABLE: Confidence.HIGH, SigmaStatus.TEST: Confidence.MEDIUM}

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class _Local(_Strict):
    vi: Text
    en: Text


class _Actions(_Strict):
    vi: tuple[Text, ...]
    en: tuple[Text, ...]

    @model_validator(mode="after")
    def _as_many(self) -> Self:
        if len(self.vi) != len(self.en):
            raise ValueError("vi and en need the same number of actions")
        return self


class _Advice(_Strict):
    title: _Local
    seen: _Local
    actions: _Actions


class Extras(_Strict):
    """The keys under `sentinel:`, which are ours and not Sigma's."""

    confidence: Confidence | None = None
    group_by: tuple[Text, ...] = Field(default=(), alias="group-by")
    advice: _Advice | None = None


def read_extras(document: Document) -> tuple[Extras | None, list[Fault]]:
    """What stands under `sentinel:`, or everything that is wrong there."""
    data = document.data if isinstance(document.data, dict) else {}
    astray = [str(key) for key in data if str(key).startswith(("sentinel.", "sentinel-"))]
    if astray:
        allowed = "a mapping `sentinel:` with the keys confidence, group-by, advice"
        return None, [
            Fault(document.place((key,)), "this key has no meaning", key=key, allowed=allowed)
            for key in astray
        ]
    return read(document, Extras, at=("sentinel",)) if "sentinel" in data else (Extras(), [])


def make_card(rule: SigmaRuleBase, extras: Extras, document: Document) -> RuleCard:
    """The card of a rule without faults."""
    return RuleCard(
        id=rule_id(rule),
        title=rule.title,
        level=_level(rule.level),
        confidence=extras.confidence or _confidence(rule.status),
        tags=tuple(str(tag) for tag in rule.tags),
        author=rule.author or "",
        licence=rule.license or "",
        description=rule.description or "",
        references=tuple(str(each) for each in rule.references),
        false_positives=tuple(str(each) for each in rule.falsepositives),
        group_by=extras.group_by,
        advice=_advice(extras.advice),
        place=place_of(document),
    )


def canonical(reference: str) -> str:
    """A UUID in its usual spelling; any other name as it is."""
    try:
        return str(UUID(reference))
    except ValueError:
        return reference


def rule_id(rule: SigmaRuleBase) -> RuleId:
    """The rule's id; where it has none (Sigma leaves it optional) its name, or its title."""
    return RuleId(str(rule.id or rule.name or rule.title))


def place_of(document: Document) -> str:
    """`file:line` of a document's first key."""
    data = document.data
    return document.place((str(next(iter(data))),) if isinstance(data, dict) and data else ())


def _level(level: SigmaLevel | None) -> Severity:
    return DEFAULT_LEVEL if level is None else Severity.of_word(level.name)


def _confidence(status: SigmaStatus | None) -> Confidence:
    return Confidence.LOW if status is None else _BY_STATUS.get(status, Confidence.LOW)


def _advice(advice: _Advice | None) -> Advice | None:
    if advice is None:
        return None
    return Advice(
        title=LocalText(vi=advice.title.vi, en=advice.title.en),
        seen=LocalText(vi=advice.seen.vi, en=advice.seen.en),
        actions=LocalList(vi=advice.actions.vi, en=advice.actions.en),
    )
