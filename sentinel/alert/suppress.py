"""What is hidden for a while: how that begins, goes on, ends, and what it hides meanwhile.

Nothing is hidden without a person, a reason and an end. What has ended stays ended: to hide the
same again somebody has to say so anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sentinel.alert.lifecycle import named
from sentinel.errors import NotAllowed
from sentinel.i18n import show_time
from sentinel.model.ids import AgencyId, RuleId, SuppressionId
from sentinel.model.suppression import Scope, Suppression

LONGEST = timedelta(days=90)  # ahead: nobody remembers why after a quarter of a year
# Characters: no more than of a note, for alerts may be closed for the same reason in the same go.
LONGEST_REASON = 4000


class Working:
    """The suppressions that work at one moment, by rule: made once, asked for each detection."""

    def __init__(self, suppressions: Iterable[Suppression], at: datetime) -> None:
        """Take the newest version of each; those that do not work at this moment are left out."""
        self._of_rule: dict[RuleId, list[Suppression]] = {}
        for suppression in suppressions:
            if suppression.works(at):
                self._of_rule.setdefault(suppression.scope.rule, []).append(suppression)

    def hiding(
        self, rule: RuleId, agency: AgencyId | None, subject: Mapping[str, str]
    ) -> Suppression | None:
        """The first that hides a detection of this rule, agency and subject; None: it is shown."""
        for suppression in self._of_rule.get(rule, ()):
            if suppression.scope.fits(rule, agency, subject):
                return suppression
        return None

    def same(self, scope: Scope) -> Suppression | None:
        """The one that hides just what this scope says."""
        for suppression in self._of_rule.get(scope.rule, ()):
            if _compared(suppression.scope) == _compared(scope):
                return suppression
        return None


def begun(  # noqa: PLR0917 - seven values of which mypy sees any two that are swapped but the texts
    name: SuppressionId,
    scope: Scope,
    title: str,
    who: str,
    reason: str,
    at: datetime,
    until: datetime,
) -> Suppression:
    """Hide what fits from now on.

    Raises:
        NotAllowed: nobody is named, no reason or too long a one is given, or the end is past or
            too far off.
    """
    return Suppression(
        id=name,
        version=1,
        scope=scope,
        title=title,
        reason=_why(reason, "hidden"),
        by=named(who),
        at=at,
        begun=at,
        expires=_end(at, until),
    )


def prolonged(
    suppression: Suppression, who: str, reason: str, at: datetime, until: datetime
) -> Suppression:
    """Set another end, later or sooner.

    Raises:
        NotAllowed: it has ended; nobody is named, no reason is given, or the end is past or too
            far off.
    """
    _must_work(suppression, at)
    return _next(suppression, who, _why(reason, "hidden until then"), at, expires=_end(at, until))


def lifted(suppression: Suppression, who: str, reason: str, at: datetime) -> Suppression:
    """End it now.

    Raises:
        NotAllowed: it has ended already; nobody is named, or no reason is given.
    """
    _must_work(suppression, at)
    last = _next(suppression, who, _why(reason, "shown again"), at, expires=suppression.expires)
    return replace(last, lifted=True)


def _next(
    suppression: Suppression, who: str, reason: str, at: datetime, *, expires: datetime
) -> Suppression:
    return replace(
        suppression,
        version=suppression.version + 1,
        by=named(who),
        reason=reason,
        at=at,
        expires=expires,
    )


def _must_work(suppression: Suppression, at: datetime) -> None:
    if suppression.lifted:
        raise NotAllowed(
            f"Suppression {suppression.id} was lifted by {suppression.by} at"
            f" {show_time(suppression.at)} (UTC+7); to hide the same again begin a new one."
        )
    if not suppression.works(at):
        raise NotAllowed(
            f"Suppression {suppression.id} ended at {show_time(suppression.expires)} (UTC+7);"
            " to hide the same again begin a new one."
        )


def _why(reason: str, what: str) -> str:
    reason = reason.strip()
    if not reason:
        raise NotAllowed(f"Say why this is {what}: the reason is empty.")
    if len(reason) > LONGEST_REASON:
        raise NotAllowed(
            f"The reason has {len(reason)} characters, at most {LONGEST_REASON} are kept:"
            " shorten it."
        )
    return reason


def _end(at: datetime, until: datetime) -> datetime:
    if until <= at:
        raise NotAllowed(f"The end, {_told(until)} (UTC+7), is past: set one that is to come.")
    if until > at + LONGEST:
        raise NotAllowed(
            f"The end, {_told(until)} (UTC+7), is too far off: at most {LONGEST.days} days"
            " ahead. What is to be hidden for ever is a matter for the rule itself."
        )
    return until


def _told(until: datetime) -> str:
    """The time; as it was given at the ends of the calendar, where it has no other zone."""
    try:
        return show_time(until)
    except OverflowError:
        return until.isoformat()


def _compared(scope: Scope) -> tuple[RuleId, AgencyId | None, bool, frozenset[tuple[str, str]]]:
    """A scope as something to compare: `everywhere` has no agency, case of values is ignored."""
    subject = frozenset((name, value.casefold()) for name, value in scope.subject.items())
    agency = None if scope.everywhere else scope.agency
    return scope.rule, agency, scope.everywhere, subject
