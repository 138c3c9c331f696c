"""The sentences of a letter that both its parts share: what was seen, where, what to do.

Each is whole in the catalogue, never glued from pieces: the order of words is the translator's.
"""

from __future__ import annotations

import unicodedata

from sentinel.i18n import show_clock, show_date, show_number, show_time, texts, zone_name
from sentinel.model.agency import Agency, Asset
from sentinel.model.alert import Alert
from sentinel.model.text import Language
from sentinel.model.warning import AgencyWarning
from sentinel.warn.fill import DOMAIN, filled, subject_words
from sentinel.warn.minimise import CUT_MARK, cut, plain
from sentinel.wording import security_level_word, severity_word

LONGEST_SUBJECT = 200
LONGEST_TITLE = 300
LONGEST_NAME = 160
SHORTEST_TITLE = 24  # characters that stay of a title, however long the rest is


def title(alert: Alert, language: Language) -> str:
    """What the alert is called: by the rule's advice in this language, else by the rule."""
    card = alert.card
    own = plain(card.advice.title[language], LONGEST_TITLE) if card.advice else ""
    return own or plain(card.title, LONGEST_TITLE) or plain(card.id, LONGEST_NAME)


def system_name(alert: Alert, agency: Agency, language: Language) -> str:
    """The information system concerned, else the agency."""
    asset = _asset(alert, agency)
    return plain((asset or agency).name[language], LONGEST_NAME)


def subject(
    warning: AgencyWarning, named: str, system: str, acknowledge_by: str, language: Language
) -> str:
    """The letter's subject, at most 200 characters.

    `named` (the title) gives way first, then the system; the rest is always whole.
    """
    over = max(len(_subject(warning, named, system, acknowledge_by, language)) - LONGEST_SUBJECT, 0)
    named = cut(named, max(len(named) - over, SHORTEST_TITLE))
    over = max(len(_subject(warning, named, system, acknowledge_by, language)) - LONGEST_SUBJECT, 0)
    system = cut(system, max(len(system) - over, len(CUT_MARK) + 1))
    return _subject(warning, named, system, acknowledge_by, language)


def _subject(
    warning: AgencyWarning, named: str, system: str, acknowledge_by: str, language: Language
) -> str:
    say = texts(language, DOMAIN).gettext
    line = say(
        "[%(tlp)s] Warning %(number)s: %(title)s at %(system)s, %(severity)s severity,"
        " acknowledge by %(deadline)s"
    ) % {
        "tlp": warning.tlp.value,
        "number": warning.number,
        "title": named,
        "system": system,
        "severity": severity_word(warning.severity, language),
        "deadline": acknowledge_by,
    }
    return unicodedata.normalize("NFC", line)


def seen(alert: Alert, language: Language, zone: str) -> str:
    """When, and what: the rule's own sentence, or how many records it met. Names the zone."""
    advice = alert.card.advice
    own = filled(advice.seen[language], alert, language, zone) if advice else ""
    return _time_of(alert, language, zone) % {
        "since": show_clock(alert.first_seen, zone),
        "since_day": show_date(alert.first_seen, zone),
        "until": show_clock(alert.last_seen, zone),
        "until_day": show_date(alert.last_seen, zone),
        "zone": zone_name(language, zone),
        "seen": own or _rule_met(alert, language),
    }


def _time_of(alert: Alert, language: Language, zone: str) -> str:
    say = texts(language, DOMAIN).gettext
    first, last = alert.first_seen, alert.last_seen
    if show_time(first, zone) == show_time(last, zone):
        return say("At %(since)s on %(since_day)s (%(zone)s), monitoring recorded: %(seen)s")
    if show_date(first, zone) == show_date(last, zone):
        return say(
            "From %(since)s to %(until)s on %(since_day)s (%(zone)s), monitoring recorded: %(seen)s"
        )
    return say(
        "From %(since)s on %(since_day)s to %(until)s on %(until_day)s (%(zone)s),"
        " monitoring recorded: %(seen)s"
    )


def _rule_met(alert: Alert, language: Language) -> str:
    say = texts(language, DOMAIN).gettext
    facts = {
        "rule": plain(alert.card.title, LONGEST_TITLE),
        "count": show_number(alert.events, language),
        "values": subject_words(alert.subject),
    }
    if not alert.subject:
        return say('log records that meet the rule "%(rule)s": %(count)s.') % facts
    return say('log records that meet the rule "%(rule)s": %(count)s (%(values)s).') % facts


def system(alert: Alert, agency: Agency, language: Language) -> str:
    """Which information system is concerned, and its official level."""
    say = texts(language, DOMAIN).gettext
    asset = _asset(alert, agency)
    if asset is None:
        return say("Information system: not identified among those the agency has registered.")
    return say("Information system: %(system)s, %(level)s.") % {
        "system": plain(asset.name[language], LONGEST_NAME),
        "level": security_level_word(asset.level, language),
    }


def actions(alert: Alert, language: Language, zone: str) -> tuple[str, ...]:
    """What to do now: the rule's advice, or what is right for any alert."""
    advice = alert.card.advice
    own = advice.actions[language] if advice else ()
    if own:
        return tuple(filled(action, alert, language, zone) for action in own)
    say = texts(language, DOMAIN).gettext
    return (
        say("Check the system and the log records named below; find the cause and its extent."),
        say(
            "Unless the activity is legitimate: block its source, lock the accounts concerned"
            " and isolate the machines affected."
        ),
        say(
            "Keep all related logs and data as they are; do not reinstall a machine before its"
            " evidence has been secured."
        ),
    )


def _asset(alert: Alert, agency: Agency) -> Asset | None:
    return next((asset for asset in agency.assets if asset.id == alert.asset), None)
