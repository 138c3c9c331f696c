"""What may be asked of the API: filters and bodies. An unknown name is an error, not ignored."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.text import Language
from sentinel.model.warning import WarningState

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
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


class AlertFilter(Ask):
    """Which alerts."""

    state: list[AlertState] = Field(default=[], description="Any of these; none given means all.")
    agency: Name | None = None
    unassigned: bool = Field(default=False, description="Only alerts of no agency.")
    min_score: int = Field(default=0, ge=0, le=100)
    limit: Limit = 100

    @model_validator(mode="after")
    def _one_owner(self) -> Self:
        if self.unassigned and self.agency is not None:
            raise ValueError("either agency or unassigned, not both")
        return self


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
