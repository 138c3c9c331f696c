"""What a form says about hiding: which detections, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from sentinel.model.alert import Alert
from sentinel.model.suppression import Scope

SPANS: Mapping[str, timedelta] = {
    "1h": timedelta(hours=1),
    "8h": timedelta(hours=8),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
DAY = "day"


class HideForm(BaseModel):
    """The form as it came. `asked` "": it is shown for the first time, all of the subject ticked.

    `end` is a key of SPANS or DAY, and then `day` says which; `do` "look" only wants the preview.
    """

    asked: str = ""
    subject: list[str] = []
    everywhere: str = ""
    end: str = "24h"
    day: str = ""
    reason: str = ""
    close: str = ""
    disposition: str = ""
    do: str = ""


def ticked(form: HideForm, alert: Alert) -> frozenset[str]:
    """The names of the subject's values that must be the same."""
    return frozenset(alert.subject if not form.asked else form.subject) & frozenset(alert.subject)


def scope_of(form: HideForm, alert: Alert) -> Scope:
    """Which detections are hidden: those of the alert's rule that are as much like it as ticked."""
    names = ticked(form, alert)
    everywhere = form.everywhere == "yes"
    return Scope(
        rule=alert.card.id,
        agency=None if everywhere else alert.agency,
        everywhere=everywhere,
        subject={name: value for name, value in alert.subject.items() if name in names},
    )


def end_of(form: HideForm, now: datetime, zone: str) -> datetime | None:
    """Until when; a day ends at midnight in that zone. None: it cannot be read."""
    if form.end in SPANS:
        return now + SPANS[form.end]
    if form.end != DAY:
        return None
    try:
        after = date.fromisoformat(form.day) + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None
