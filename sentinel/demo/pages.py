"""The pages of the agencies' mailbox: a list, a mail, the tour; as HTML in the reader's language.

What a mail says is shown and never obeyed: values are escaped, what is hidden is made visible,
and the HTML part stands in a frame that may do nothing but open a link in a window of its own.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sentinel.demo.mailbox import Mail
from sentinel.demo.tour import DOMAIN, Addresses, tour
from sentinel.i18n import show_number, show_time, texts, zone_name
from sentinel.model.agency import Agency
from sentinel.model.ids import AgencyId
from sentinel.model.text import Language
from sentinel.web.console.text import shown

LANGUAGES = (
    {"code": Language.VI.value, "name": "Tiếng Việt"},
    {"code": Language.EN.value, "name": "English"},
)
# The letter alone: no script, nothing loaded, no forms; links open a window of their own.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: in which language, and whether they asked for it in the address."""

    language: Language
    asked: bool = False


class Pages:
    """Makes the pages."""

    def __init__(self, agencies: Sequence[Agency], addresses: Addresses) -> None:
        self._agencies = agencies
        self._addresses = addresses
        self._style, self._script = _own("page.css"), _own("news.js")
        self._link = re.compile(rf"({re.escape(addresses.public)}/[\x21-\x7e]*[\w/~-])")
        self._environment = Environment(
            loader=PackageLoader(__package__),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["shown"] = shown
        self._environment.filters["when"] = show_time

    @property
    def policy(self) -> str:
        """The Content-Security-Policy that the pages need, and nothing beyond it."""
        return (
            f"default-src 'none'; style-src '{_hashed(self._style)}'; "
            f"script-src '{_hashed(self._script)}'; connect-src 'self'; frame-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    def mails(self, mails: Sequence[Mail], agency: AgencyId | None, reader: Reader) -> str:
        """List the mails of one agency, or of all."""
        folders = [
            {
                "id": one.id,
                "name": one.name[reader.language],
                "count": sum(mail.agency == one.id for mail in mails),
            }
            for one in self._agencies
        ]
        return self._render(
            "mails.html",
            reader,
            folders=folders,
            chosen=agency,
            total=len(mails),
            mails=[mail for mail in mails if agency is None or mail.agency == agency],
            query={} if agency is None else {"agency": agency},
        )

    def mail(self, mail: Mail, reader: Reader) -> str:
        """Show one mail: its head, its HTML part in a frame, its plain text."""
        names = {agency.id: agency.name[reader.language] for agency in self._agencies}
        return self._render(
            "mail.html",
            reader,
            mail=mail,
            agency=None if mail.agency is None else names[mail.agency],
            text=self._linked(mail.text),
        )

    def tour(self, reader: Reader) -> str:
        """Show the tour."""
        return self._render("tour.html", reader, steps=tour(self._addresses, reader.language))

    def unknown(self, reader: Reader) -> str:
        """Say that there is no such page or mail."""
        return self._render("unknown.html", reader)

    @staticmethod
    def letter(mail: Mail) -> str:
        """The HTML part alone, for the frame."""
        target = '<base target="_blank">'
        head, found, rest = mail.html.partition("<head>")
        return f"{head}{found}{target}{rest}" if found else f"{target}{head}"

    def _linked(self, text: str) -> Markup:
        """Plain text; links to the acknowledge pages can be followed, and no others."""
        pieces = self._link.split(text)
        linked = [
            Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(piece)
            if place % 2
            else _lines(piece)
            for place, piece in enumerate(pieces)
        ]
        return Markup("").join(linked)

    def _render(self, template: str, reader: Reader, **values: object) -> str:
        say = texts(reader.language, DOMAIN)

        def to(path: str, **query: object) -> str:
            """An address of ours that keeps the language that was asked for."""
            asked = {"lang": reader.language.value} if reader.asked else {}
            return _address(path, {**query, **asked})

        return self._environment.get_template(template).render(
            **{"query": {}, **values},
            language=reader.language.value,
            languages=LANGUAGES,
            style=self._style,
            script=self._script,
            console=self._addresses.console,
            zone=zone_name(reader.language),
            number=lambda number: show_number(number, reader.language),
            to=to,
            address=_address,
            _=say.gettext,
            n_=say.ngettext,
        )


def _address(path: str, query: Mapping[str, object]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _lines(text: str) -> Markup:
    """Text with its line ends as they are, everything else as `shown` makes it."""
    return Markup("\n").join(shown(line) for line in text.replace("\r\n", "\n").split("\n"))


def _own(name: str) -> Markup:
    text = files("sentinel.demo").joinpath("templates", name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - our own file, and no value goes into it


def _hashed(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
