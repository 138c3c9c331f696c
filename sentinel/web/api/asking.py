"""What may be asked of the API: filters and bodies. An unknown name is an error, not ignored."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import LONGEST, Entity, EntityKind
from sentinel.model.ids import AgencyId, RuleId
from sentinel.model.text import Language
from sentinel.model.warning import WarningState
from sentinel.ports import AlertOrder, AlertQuery


def _address(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        raise ValueError("an IP address") from None
    return text


Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Thing = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Limit = Annotated[int, Field(ge=1, le=500)]
# "resolved-by-system" is the system's own.
PersonsDisposition = Literal[
    Disposition.TRUE_POSITIVE,
    Disposition.BENIGN,
    Disposition.FALSE_POSITIVE,
    Disposition.DUPLICATE,
]


class Ask(BaseModel):
    """What every request may carry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lang: Language | None = Field(
        default=None, description="Language of words; else by Accept-Language, else Vietnamese."
    )


class AlertChoice(BaseModel):
    """Which alerts: all that is given must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: list[AlertState] = Field(default=[], description="Any of these; none given means all.")
    agency: Name | None = None
    unassigned: bool = Field(default=False, description="Only alerts of no agency.")
    min_score: int = Field(default=0, ge=0, le=100)
    max_score: int = Field(default=100, ge=0, le=100)
    q: str = Field(
        default="",
        max_length=200,
        description="Words; each occurs in the id, agency, system, rule title, advice or subject.",
    )
    rule: Name | None = Field(default=None, description="A rule's id.")
    assignee: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Who works on it; empty: nobody does."
    )
    disposition: list[Disposition] = Field(default=[], description="Closed with any of these.")
    host: Thing | None = None
    user: Thing | None = None
    address: Annotated[Thing, AfterValidator(_address)] | None = None

    @model_validator(mode="after")
    def _one_owner(self) -> Self:
        if self.unassigned and self.agency is not None:
            raise ValueError("either agency or unassigned, not both")
        return self

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if len([each for each in (self.host, self.user, self.address) if each]) > 1:
            raise ValueError("one of host, user and address")
        return self

    def query(
        self, *, order: AlertOrder = AlertOrder.SCORE, skip: int = 0, limit: int = 100
    ) -> AlertQuery:
        """Say it as the desk is asked."""
        return AlertQuery(
            states=frozenset(self.state),
            agency=None if self.agency is None else AgencyId(self.agency),
            unassigned=self.unassigned,
            min_score=self.min_score,
            max_score=self.max_score,
            rule=None if self.rule is None else RuleId(self.rule),
            assignee=self.assignee,
            dispositions=frozenset(self.disposition),
            words=tuple(self.q.split()),
            entity=self._entity(),
            order=order,
            skip=skip,
            limit=limit,
        )

    def _entity(self) -> Entity | None:
        named = {
            EntityKind.HOST: self.host,
            EntityKind.USER: self.user,
            EntityKind.ADDRESS: self.address,
        }
        return next((Entity.of(kind, value) for kind, value in named.items() if value), None)


class AlertFilter(Ask, AlertChoice):
    """Which alerts, in which order, which page of them."""

    order: AlertOrder = Field(
        default=AlertOrder.SCORE, description="score: the highest first; newest: seen last first."
    )
    skip: int = Field(default=0, ge=0, le=1_000_000, description="Pass over so many.")
    limit: Limit = 100


class WarningFilter(Ask):
    """Which warnings."""

    state: list[WarningState] = Field(default=[], description="Any of these; none given means all.")
    agency: Name | None = None
    alert: Name | None = None
    limit: Limit = 100


class EvidenceFilter(Ask):
    """How many events of the evidence."""

    limit: Limit = 100


class ContextFilter(Ask):
    """Which events around an alert."""

    minutes: int = Field(default=15, ge=0, le=1440, description="Before the first and the last.")
    limit: Limit = 100


class Note(BaseModel):
    """A word to the history, if there is one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: Words = ""


class Closing(BaseModel):
    """Why an alert is over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    disposition: PersonsDisposition
    reason: Annotated[Words, StringConstraints(min_length=1)]
