"""The words of these pages for values that no other page shows, in the reader's language."""

from __future__ import annotations

from datetime import timedelta

from babel.dates import format_timedelta
from babel.numbers import format_decimal

from sentinel.i18n import texts
from sentinel.model.checkup import CheckStatus
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.web.console.overview.standing import Standing
from sentinel.web.console.overview.warning_rows import Which
from sentinel.wording import delivery_state_word, warning_state_word

DOMAIN = "overview"
ONE_PERCENT = 0.01
HUNDRED, TEN = 100, 10


def standing_word(standing: Standing, language: Language) -> str:
    """How a source stands: "quiet", "im lặng"."""
    say = texts(language, DOMAIN).gettext
    return {
        Standing.QUIET: say("quiet"),
        Standing.NEVER: say("never seen"),
        Standing.UNREADABLE: say("hard to read"),
        Standing.UNCLAIMED: say("belongs to nobody"),
        Standing.CLOCK: say("clock off"),
        Standing.SENDING: say("sending"),
        Standing.PAST: say("no longer used"),
    }[standing]


def input_word(state: str, language: Language) -> str:
    """How an input is; a state that this version does not know stands as it is."""
    say = texts(language, DOMAIN).gettext
    words = {
        "running": say("running"),
        "waiting": say("waiting to start again"),
        "stopped": say("stopped"),
    }
    return words.get(state, state)


def check_word(status: CheckStatus, language: Language) -> str:
    """How a check of the doctor ended."""
    say = texts(language, DOMAIN).gettext
    return {
        CheckStatus.FAIL: say("wrong"),
        CheckStatus.WARN: say("attention"),
        CheckStatus.UNKNOWN: say("could not be seen"),
        CheckStatus.OK: say("in order"),
    }[status]


def which_word(which: Which, language: Language) -> str:
    """What the list of warnings is narrowed to."""
    say = texts(language, DOMAIN).gettext
    if which is Which.ANY:
        return say("any state")
    if which is Which.OPEN:
        return say("not acknowledged yet")
    return warning_state_word(WarningState(which.value), language)


def entry_word(action: str, language: Language) -> str:
    """What somebody did with a warning; an action of another version stands as it is."""
    say = texts(language, DOMAIN).gettext
    words = {
        "drafted": say("drafted"),
        "approved": say("approved"),
        "accepted": delivery_state_word(DeliveryState.ACCEPTED, language),
        "failed": delivery_state_word(DeliveryState.FAILED, language),
        "acknowledged": delivery_state_word(DeliveryState.ACKNOWLEDGED, language),
        "cancelled": warning_state_word(WarningState.CANCELLED, language),
    }
    return words.get(action, action)


def span(length: timedelta, language: Language) -> str:
    """How long, in its largest unit: "7 hours", "7 giờ"."""
    return str(format_timedelta(abs(length), threshold=1.5, locale=language.value))


def percent(share: float) -> str:
    """A share of 0 to 1 as people read it in both languages: "3 %", "<1 %"."""
    if 0 < share < ONE_PERCENT:
        return "<1 %"
    # Not "100 %" while anything at all was read.
    return f"{min(round(share * 100), 100 if share == 1 else 99)} %"


def step_word(step: str, language: Language) -> str:
    """What is done with an event; a step that this version does not know stands as it is."""
    say = texts(language, DOMAIN).gettext
    words = {
        "journal": say("fetch it from the journal"),
        "read": say("read what it means"),
        "store": say("keep it"),
        "match": say("hold it against the rules"),
        "find": say("find the rules that it could meet"),
        "look": say("look closely at them"),
        "correlate": say("put it together with others"),
        "commit": say("write alerts, warnings, place"),
    }
    return words.get(step, step)


def memory_word(memory: str, language: Language) -> str:
    """What a memory of the matcher holds; one that this version does not know stands as it is."""
    say = texts(language, DOMAIN).gettext
    words = {
        "values": say("values"),
        "combinations": say("combinations of values"),
        "ways": say("ways through the rules"),
    }
    return words.get(memory, memory)


def figure(value: float, language: Language) -> str:
    """A measured number with three digits that count: "1,234", "12.3", "0.46"."""
    form = "#,##0" if value >= HUNDRED else "0.0" if value >= TEN else "0.00"
    return str(format_decimal(value, format=form, locale=language.value))
