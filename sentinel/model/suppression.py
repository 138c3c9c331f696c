"""What is not shown for a while, and why: a versioned record, never an edit of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sentinel.model.ids import AgencyId, RuleId, SuppressionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which detections: of one rule, at one agency (None: unassigned) or `everywhere`.

    Each of `subject` must equal the alert's subject of that name, case ignored; none means all
    the rule finds there.
    """

    rule: RuleId
    agency: AgencyId | None = None
    everywhere: bool = False
    subject: Mapping[str, str] = field(default_factory=dict)

    def fits(self, rule: RuleId, agency: AgencyId | None, subject: Mapping[str, str]) -> bool:
        """Whether an alert of this rule, agency and subject is within the scope.

        A subject that lacks one of the scope's names is not.
        """
        return (
            rule == self.rule
            and (self.everywhere or agency == self.agency)
            and all(
                name in subject and subject[name].casefold() == value.casefold()
                for name, value in self.subject.items()
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One state of a suppression; every change (longer, shorter, lifted) is a version of its own.

    It works from `at` until `expires`, unless it was lifted. `title` is the rule's, for people.
    `by`, `at` and `reason` belong to this version; `begun` is the first version's time.
    """

    id: SuppressionId
    version: int
    scope: Scope
    title: str
    reason: str
    by: str
    at: datetime
    begun: datetime
    expires: datetime
    lifted: bool = False

    def works(self, now: datetime) -> bool:
        """Whether it hides anything now."""
        return not self.lifted and self.begun <= now < self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What a suppression has hidden so far: detections, and when the last one came."""

    detections: int = 0
    last: datetime | None = None
