"""What `sentinel rules check` says of a rule that runs: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sentinel.errors import Fault
from sentinel.i18n import texts
from sentinel.model.text import Language, LocalText

DOMAIN = "lint"


class Gravity(StrEnum):
    """How bad it is. FAULT: the rule is refused. WARNING: it does not do what it seems to."""

    FAULT = "fault"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing in a rule. `code` is stable, for machines; `place` is `file:line`."""

    gravity: Gravity
    code: str
    place: str
    message: LocalText
    advice: LocalText


def say(message: str, **values: object) -> LocalText:
    """One of our texts in both languages."""
    return LocalText(
        vi=texts(Language.VI, DOMAIN).gettext(message).format(**values),
        en=message.format(**values),
    )


def warning(code: str, place: str, message: LocalText, advice: LocalText) -> Finding:
    """It does not do what it seems to."""
    return Finding(gravity=Gravity.WARNING, code=code, place=place, message=message, advice=advice)


def hint(code: str, place: str, message: LocalText, advice: LocalText) -> Finding:
    """It works; it could be better."""
    return Finding(gravity=Gravity.HINT, code=code, place=place, message=message, advice=advice)


def refusal(fault: Fault) -> Finding:
    """Why a rule does not run at all, in the words of whoever refused it."""
    said = str(fault).removeprefix(f"{fault.place}: ")
    return Finding(
        gravity=Gravity.FAULT,
        code="refused",
        place=fault.place,
        message=LocalText(vi=said, en=said),
        advice=say("The rule does not run until this is corrected."),
    )
