"""An alert becomes the letter an officer reads: what, where, how bad, by when, what to do.

Words are in the templates, one for plain text and one for HTML, each for both languages. Here
the facts are gathered, made safe and bounded: log lines, rules and names may hold anything, and a
letter is always written.
"""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from jinja2 import PackageLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sentinel.errors import NotAllowed
from sentinel.i18n import show_clock, show_date, show_number, show_time, texts
from sentinel.model.agency import Agency, Contact
from sentinel.model.alert import Alert
from sentinel.model.policy import Issuer, Policy
from sentinel.model.text import Language
from sentinel.model.warning import AgencyWarning, Letter
from sentinel.warn import sentences
from sentinel.warn.fill import DOMAIN
from sentinel.warn.minimise import minimised, plain
from sentinel.warn.sentences import LONGEST_NAME, LONGEST_TITLE
from sentinel.wording import reason_words, role_word, severity_word

LINE_WIDTH = 78  # RFC 5322 section 2.1.1
LONGEST_CREDIT = 600  # a rule's author: the Detection Rule License wants every one named
LONGEST_MEANING = 1200

# Where `message.build` may put a sentence on top of the HTML part. No value can forge it, since
# every "<" of a value is escaped.
HTML_TOP = "<!-- top -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of evidence as it is shown: its time, to the second, and its text."""

    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything a template shows, in words, safe and bounded. HTML escaping is the template's."""

    language: str
    subject: str
    tlp: str
    tlp_meaning: str
    number: str
    date: str
    severity: str
    title: str
    recipient: str
    agency: str
    seen: str
    system: str
    actions: tuple[str, ...]
    acknowledge_by: str
    report_by: str
    deadline_source: str
    link: str
    personal: bool
    phone: str
    email: str
    evidence: tuple[Line, ...]
    shown: str
    total: str
    points: int
    reasons: tuple[str, ...]
    rule_title: str
    rule_id: str
    author: str
    licence: str
    issuer: str


def compose(
    alert: Alert,
    agency: Agency,
    contact: Contact,
    warning: AgencyWarning,
    *,
    policy: Policy,
    issuer: Issuer,
    link: str,
) -> Letter:
    """Write one contact's letter, in the contact's language and the issuer's zone.

    Raises:
        NotAllowed: the warning has no number or no deadlines yet; release it first.
    """
    language, zone, card = contact.language, issuer.zone, alert.card
    terms = _terms(warning, zone)
    title = sentences.title(alert, language)
    system = sentences.system_name(alert, agency, language)
    evidence = minimised(alert.evidence)
    page = Page(
        language=language.value,
        subject=sentences.subject(warning, title, system, terms.acknowledge_by, language),
        tlp=warning.tlp.value,
        tlp_meaning=plain(policy.tlp_meaning[warning.tlp][language], LONGEST_MEANING),
        number=warning.number,
        date=terms.date,
        severity=severity_word(warning.severity, language),
        title=title,
        recipient=plain(contact.name, LONGEST_NAME) or role_word(contact.role, language),
        agency=plain(agency.name[language], LONGEST_NAME),
        seen=sentences.seen(alert, language, zone),
        system=sentences.system(alert, agency, language),
        actions=sentences.actions(alert, language, zone),
        acknowledge_by=terms.acknowledge_by,
        report_by=terms.report_by,
        deadline_source=plain(policy.deadlines.source[language], LONGEST_CREDIT),
        link=link,
        personal=contact.personal,
        phone=plain(issuer.phone, LONGEST_NAME),
        email=plain(issuer.email, LONGEST_NAME),
        evidence=tuple(Line(at=_second(line.at, zone), text=line.text) for line in evidence),
        shown=show_number(len(evidence), language),
        total=show_number(max(alert.events, len(evidence)), language),
        points=alert.score.points,
        reasons=_reasons(alert, language),
        rule_title=plain(card.title, LONGEST_TITLE),
        rule_id=plain(card.id, LONGEST_NAME),
        author=plain(card.author, LONGEST_CREDIT),
        licence=plain(card.licence, LONGEST_NAME),
        issuer=plain(issuer.name[language], LONGEST_NAME),
    )
    return Letter(
        subject=page.subject,
        text=_rendered("warning.txt.j2", page, language),
        html=_rendered("warning.html.j2", page, language),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """The dates of a released warning, as the reader writes them."""

    date: str
    acknowledge_by: str
    report_by: str


def _terms(warning: AgencyWarning, zone: str) -> _Terms:
    if not warning.number or warning.acknowledge_by is None or warning.report_by is None:
        raise NotAllowed(f"warning {warning.id} has no number or deadlines yet: release it first")
    return _Terms(
        date=show_date(warning.approved_at or warning.created, zone),
        acknowledge_by=show_time(warning.acknowledge_by, zone),
        report_by=show_time(warning.report_by, zone),
    )


def _reasons(alert: Alert, language: Language) -> tuple[str, ...]:
    """Why the score is what it is; what gave no points is the analyst's to know."""
    reasons = (reason for reason in alert.score.reasons if reason.points)
    return tuple(plain(reason_words(reason, language), LONGEST_NAME) for reason in reasons)


def _second(at: datetime, zone: str) -> str:
    """A log line's time, to the second: "07:41:05 22/11/2026"."""
    return f"{show_clock(at, zone)}:{at.second:02d} {show_date(at, zone)}"


def _rendered(template: str, page: Page, language: Language) -> str:
    text = _templates(language).get_template(template).render(page=page, top=HTML_TOP)
    return unicodedata.normalize("NFC", text)


@lru_cache
def _templates(language: Language) -> ImmutableSandboxedEnvironment:
    """The templates with the texts of one language; HTML is escaped, text is not."""
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("sentinel.warn"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["fold"] = _fold
    environment.globals["say"] = texts(language, DOMAIN).gettext
    return environment


def _fold(text: str, first: str = "", rest: str = "") -> str:
    """Break a paragraph at 78 columns; `first` and `rest` begin the first and the other lines."""
    return textwrap.fill(
        text,
        LINE_WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
