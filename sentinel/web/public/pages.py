"""The pages an agency's officer sees behind a link in a letter, as HTML in the reader's language.

No script, no picture, nothing loaded from anywhere: a page must work in the oldest browser of
the smallest office, on a phone, at night. The style stands in the page and is named by its hash
in the Content-Security-Policy.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sentinel.i18n import DEFAULT_ZONE, show_time, texts, zone_name
from sentinel.model.policy import Issuer
from sentinel.model.text import Language
from sentinel.model.warning import WarningState
from sentinel.ports import WarningNotice
from sentinel.wording import severity_word

DOMAIN = "public"
LANGUAGES = (
    {"code": Language.VI.value, "name": "Tiếng Việt"},
    {"code": Language.EN.value, "name": "English"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What came with a form that could not be taken, to be shown again with what is wrong."""

    name: str
    fault: str


class Pages:
    """Makes the pages. `issuer` gives sender, hotline and time zone; None leaves them out."""

    def __init__(self, issuer: Issuer | None = None) -> None:
        self._issuer = issuer
        self._zone = DEFAULT_ZONE if issuer is None else issuer.zone
        css = (
            files("sentinel.web.public")
            .joinpath("templates", "page.css")
            .read_text(encoding="utf-8")
        )
        self._style = Markup(css)  # noqa: S704 - our own file, and no value goes into it
        self._environment = Environment(
            loader=PackageLoader(__package__),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def policy(self) -> str:
        """The Content-Security-Policy that the pages need, and nothing beyond it."""
        style = b64encode(sha256(self._style.encode()).digest()).decode()
        # frame-ancestors: no other site may put the button under its own.
        return (
            f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def notice(self, notice: WarningNotice, language: Language, typed: Typed | None = None) -> str:
        """Show a warning and where it stands; the form unless there is nothing to acknowledge."""
        warning, delivery = notice.warning, notice.delivery
        return self._render(
            "notice.html",
            language,
            number=warning.number,
            subject=delivery.letter.subject,
            agency=notice.agency.name[language],
            recipient=delivery.name,
            severity=severity_word(warning.severity, language),
            tlp=warning.tlp.value,
            acknowledge_by=self._time(warning.acknowledge_by),
            report_by=self._time(warning.report_by),
            zone=zone_name(language, self._zone),
            receipt=self._receipt(delivery.acknowledged_by, delivery.acknowledged_at),
            colleague=self._receipt(warning.acknowledged_by, warning.acknowledged_at),
            cancelled=warning.state is WarningState.CANCELLED,
            ask_name=not delivery.personal,
            typed="" if typed is None else typed.name,
            fault="" if typed is None else typed.fault,
        )

    def unknown(self, language: Language) -> str:
        """Say that a link leads nowhere, and what to do then."""
        say = texts(language, DOMAIN).gettext
        return self._render(
            "message.html",
            language,
            title=say("This link does not belong to any warning"),
            paragraphs=[
                say("Part of it may be lost: open it from the letter again, or copy it whole."),
                say(
                    "If that does not help, answer the letter or ring the phone number in it, and"
                    " give the number of the warning."
                ),
            ],
        )

    def too_often(self, language: Language) -> str:
        """Say that this address has tried too many links."""
        say = texts(language, DOMAIN).gettext
        return self._render(
            "message.html",
            language,
            title=say("Too many links that do not exist"),
            paragraphs=[
                say(
                    "Your network has opened many links that belong to no warning. A whole link"
                    " works at once; please open it from the letter."
                )
            ],
        )

    def refused(self, language: Language) -> str:
        """Say that a form was sent in a way we do not take."""
        say = texts(language, DOMAIN).gettext
        return self._render(
            "message.html",
            language,
            title=say("Nothing was acknowledged"),
            paragraphs=[
                say(
                    "The form did not come from this page. Open the link in the letter and press"
                    " the button there."
                )
            ],
        )

    def _render(self, template: str, language: Language, **values: object) -> str:
        issuer = self._issuer
        return self._environment.get_template(template).render(
            language=language.value,
            languages=LANGUAGES,
            style=self._style,
            issuer="" if issuer is None else issuer.name[language],
            hotline=issuer,
            _=texts(language, DOMAIN).gettext,
            **values,
        )

    def _time(self, at: datetime | None) -> str:
        return "" if at is None else show_time(at, self._zone)

    def _receipt(self, who: str, at: datetime | None) -> dict[str, str] | None:
        return None if at is None else {"who": who, "when": show_time(at, self._zone)}
