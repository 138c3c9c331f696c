"""The API's suppressions: what is hidden for a while, by whom and why, and how it ends."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from sentinel.model.ids import AgencyId, RuleId, SuppressionId
from sentinel.model.suppression import Hidden, Scope, Suppression
from sentinel.ports import Suppressing
from sentinel.web.api import shaping
from sentinel.web.api.asking import Ask, Name, Words
from sentinel.web.api.routing import (
    CHANGED,
    CONFLICT,
    FOUND,
    Caller,
    SuppressionPath,
    guarded,
    speak,
)
from sentinel.web.api.shapes import AlertShape, Shape, Text, Texts, Utc

Why = Annotated[Words, StringConstraints(min_length=1)]
Value = Annotated[str, StringConstraints(max_length=256)]


class Asked(BaseModel):
    """The base of every body."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ScopeBody(Asked):
    """Which detections: of one rule, at one agency (null: of nobody) or everywhere."""

    rule: Name
    agency: Name | None = None
    everywhere: bool = False
    subject: dict[Name, Value] = Field(
        default={},
        max_length=20,
        description="The alert's subject must say the same, case ignored; empty: whatever it says.",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.everywhere and self.agency is not None:
            raise ValueError("either an agency or everywhere, not both")
        return self

    def scope(self) -> Scope:
        """Say it as the model does."""
        return Scope(
            rule=RuleId(self.rule),
            agency=None if self.agency is None else AgencyId(self.agency),
            everywhere=self.everywhere,
            subject=dict(self.subject),
        )


class Hiding(Asked):
    """Hide this, until then, for this reason."""

    scope: ScopeBody
    reason: Why
    until: AwareDatetime


class Previewing(Asked):
    """What a suppression would have hidden in the past days."""

    scope: ScopeBody
    days: int = Field(default=7, ge=1, le=365)
    limit: int = Field(default=20, ge=0, le=500)


class Prolonging(Asked):
    """Another end, later or sooner."""

    reason: Why
    until: AwareDatetime


class Lifting(Asked):
    """Why it ends now."""

    reason: Why


class ScopeShape(Shape):
    """Which detections are hidden."""

    rule: Text
    agency: str | None = Field(description="null: of nobody, unless it is everywhere.")
    everywhere: bool
    subject: Texts


class SuppressionShape(Shape):
    """One version of a suppression; `by`, `at` and `reason` are this version's."""

    id: str
    version: int
    scope: ScopeShape
    title: Text = Field(description="The rule's title, for people.")
    reason: Text
    by: Text
    at: Utc
    begun: Utc
    expires: Utc
    lifted: bool


class HidingShape(SuppressionShape):
    """A suppression as it stands, and what it has hidden."""

    hidden: int = Field(description="Detections, each counted.")
    last_hidden: Utc | None


class SuppressionList(Shape):
    """Every suppression as it stands, newest first; lifted and expired ones too."""

    suppressions: list[HidingShape]


class SuppressionDetail(Shape):
    """All versions of one, oldest first."""

    versions: list[SuppressionShape]


class Preview(Shape):
    """What would have been hidden: how many alerts, and the newest of them."""

    total: int
    alerts: list[AlertShape]


def suppression_shape(suppression: Suppression) -> SuppressionShape:
    """Show one version."""
    return SuppressionShape.model_validate(_suppression(suppression))


def hiding_shape(suppression: Suppression, hidden: Hidden) -> HidingShape:
    """Show a suppression with what it has hidden."""
    return HidingShape.model_validate(
        _suppression(suppression) | {"hidden": hidden.detections, "last_hidden": hidden.last}
    )


def _suppression(suppression: Suppression) -> dict[str, object]:
    scope = suppression.scope
    return {
        "id": suppression.id,
        "version": suppression.version,
        "scope": {
            "rule": scope.rule,
            "agency": scope.agency,
            "everywhere": scope.everywhere,
            "subject": dict(scope.subject),
        },
        "title": suppression.title,
        "reason": suppression.reason,
        "by": suppression.by,
        "at": suppression.at,
        "begun": suppression.begun,
        "expires": suppression.expires,
        "lifted": suppression.lifted,
    }


def suppression_routes(suppressing: Suppressing) -> APIRouter:
    """Everything below /suppressions."""
    router = guarded("suppressions")
    _add_reading(router, suppressing)
    _add_changes(router, suppressing)
    return router


def _add_reading(router: APIRouter, suppressing: Suppressing) -> None:
    @router.get("/suppressions")
    def suppressions() -> SuppressionList:
        """List what is or was hidden, the newest first."""
        found = suppressing.suppressions()
        return SuppressionList(suppressions=[hiding_shape(*each) for each in found])

    @router.get("/suppressions/{suppression_id}", responses=FOUND)
    def suppression(suppression_id: SuppressionPath) -> SuppressionDetail:
        """Show all versions of one: who changed what, when and why."""
        found = suppressing.suppression(SuppressionId(suppression_id))
        return SuppressionDetail(versions=[suppression_shape(each) for each in found])

    @router.post("/suppressions/preview")
    def preview(request: Request, ask: Annotated[Ask, Query()], body: Previewing) -> Preview:
        """Say what a suppression would have hidden; nothing is changed."""
        total, newest = suppressing.would_hide(body.scope.scope(), body.days, body.limit)
        language = speak(request, ask)
        return Preview(
            total=total, alerts=[shaping.alert_shape(alert, language) for alert in newest]
        )


def _add_changes(router: APIRouter, suppressing: Suppressing) -> None:
    @router.post("/suppressions", responses=CONFLICT)
    def suppress(caller: Caller, body: Hiding) -> SuppressionShape:
        """Hide what fits from now on, until a time and for a reason."""
        made = suppressing.suppress(body.scope.scope(), caller, body.reason, body.until)
        return suppression_shape(made)

    @router.post("/suppressions/{suppression_id}/prolong", responses=CHANGED)
    def prolong(
        suppression_id: SuppressionPath, caller: Caller, body: Prolonging
    ) -> SuppressionShape:
        """Set another end."""
        changed = suppressing.prolong(
            SuppressionId(suppression_id), caller, body.reason, body.until
        )
        return suppression_shape(changed)

    @router.post("/suppressions/{suppression_id}/lift", responses=CHANGED)
    def lift(suppression_id: SuppressionPath, caller: Caller, body: Lifting) -> SuppressionShape:
        """End it now."""
        return suppression_shape(
            suppressing.lift(SuppressionId(suppression_id), caller, body.reason)
        )
