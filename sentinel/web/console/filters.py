"""How templates write times and numbers: in the reader's language, in the one zone.

Each filter reads `language`, `zone` and `now` of the template's context, so macros that use them
are imported `with context`. The words of `ago` and `left` go to the script as well (`time_words`),
which keeps them true while a page stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sentinel.i18n import show_number, show_time, texts
from sentinel.model.agency import Role, SecurityLevel
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.person import PersonRole
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.web.console.told import told as told_in
from sentinel.wording import (
    alert_state_word,
    confidence_word,
    delivery_state_word,
    disposition_word,
    role_word,
    security_level_word,
    severity_word,
    warning_state_word,
)

DOMAIN = "console"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# From two days on people count days.
_UNITS = ((2 * DAY, DAY, "d"), (HOUR, HOUR, "h"), (MINUTE, MINUTE, "min"))


@cache
def time_words(language: Language) -> Mapping[str, str]:
    """Return the words for spans of time, by kind and unit; `{n}` is the number."""
    _ = texts(language, DOMAIN).gettext
    return {
        "ago-now": _("just now"),
        "ago-min": _("{n} min ago"),
        "ago-h": _("{n} h ago"),
        "ago-d": _("{n} d ago"),
        "in-min": _("in {n} min"),
        "in-h": _("in {n} h"),
        "in-d": _("in {n} d"),
        "left-now": _("less than a minute left"),
        "left-min": _("{n} min left"),
        "left-h": _("{n} h left"),
        "left-d": _("{n} d left"),
        "late-now": _("overdue"),
        "late-min": _("{n} min overdue"),
        "late-h": _("{n} h overdue"),
        "late-d": _("{n} d overdue"),
    }


def span_words(language: Language, kind: str, span: timedelta) -> str:
    """Say a span of time that is not negative: `kind` ago, in, left or late."""
    words = time_words(language)
    for least, unit, name in _UNITS:
        if span >= least:
            return words[f"{kind}-{name}"].format(n=span // unit)
    return words[f"{'ago' if kind == 'in' else kind}-now"]


@pass_context
def when(context: Context, at: datetime | None) -> Markup:
    """Write a time exactly; "" for None."""
    return Markup("") if at is None else _time(at, _exact(context, at))


@pass_context
def ago(context: Context, at: datetime | None) -> Markup:
    """Write how long ago it was, the exact time in the title; "" for None."""
    if at is None:
        return Markup("")
    span = context["now"] - at
    kind = "in" if span < -MINUTE else "ago"
    return _time(at, span_words(context["language"], kind, abs(span)), "ago", _exact(context, at))


@pass_context
def left(context: Context, at: datetime | None) -> Markup:
    """Write how long is left until then, or for how long it is overdue; "" for None."""
    if at is None:
        return Markup("")
    span = at - context["now"]
    kind = "left" if span > timedelta(0) else "late"
    return _time(at, span_words(context["language"], kind, abs(span)), kind, _exact(context, at))


@pass_context
def number(context: Context, value: int) -> str:
    """Write a number with the language's separators."""
    return show_number(value, context["language"])


@pass_context
def word(context: Context, value: object) -> str:
    """Write a value of the model as the reader's word for it.

    Raises:
        TypeError: there are no words for this kind of value.
    """
    language: Language = context["language"]
    if isinstance(value, PersonRole):
        _ = texts(language, DOMAIN).gettext
        return _("admin") if value is PersonRole.ADMIN else _("analyst")
    for kind, say in _WORDS:
        if isinstance(value, kind):
            return say(value, language)
    raise TypeError(f"no words for {value!r}")


# The kinds are told apart by the loop above, which mypy cannot follow through a table.
_WORDS: tuple[tuple[type[Any], Callable[[Any, Language], str]], ...] = (
    (Severity, severity_word),
    (Confidence, confidence_word),
    (SecurityLevel, security_level_word),
    (AlertState, alert_state_word),
    (Disposition, disposition_word),
    (WarningState, warning_state_word),
    (DeliveryState, delivery_state_word),
    (Role, role_word),
)


@pass_context
def told(context: Context, refusal: object) -> str:
    """Write what the house refused, and why, in the reader's language."""
    return told_in(refusal, context["language"])


def fill(text: str, **values: object) -> Markup:
    """Put values, which may be HTML, into a translated sentence: `_("By {who}")|fill(who=...)`."""
    return Markup(escape(text)).format(**values)  # noqa: S704 - escaped on this very line


def _exact(context: Context, at: datetime) -> str:
    return show_time(at, context["zone"])


def _time(at: datetime, text: str, kind: str = "", title: str = "") -> Markup:
    machine = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # Written out: `Markup.format` takes ten times as long, and a page has hundreds of times.
    span = f' class="{kind}" data-span="{kind}"' if kind else ""
    hover = f' title="{escape(title)}"' if kind else ""
    return Markup(f'<time{span} datetime="{machine}"{hover}>{escape(text)}</time>')  # noqa: S704 - escaped here
