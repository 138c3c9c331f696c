"""The tour: what to look at, in which order, so that the whole of it is understood in minutes.

The terminal prints it and the mailbox's page shows it, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sentinel.i18n import texts
from sentinel.model.text import Language

DOMAIN = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the demo's pages are: "https://127.0.0.1:8443" and so on."""

    console: str
    public: str
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what to do, what it shows, and where."""

    title: str
    text: str
    url: str


def tour(addresses: Addresses, language: Language) -> Sequence[Step]:
    """The six steps."""
    say = texts(language, DOMAIN).gettext
    console, mailbox = addresses.console, addresses.mailbox
    return (
        Step(
            title=say("Open the queue"),
            text=say(
                "Log in. The first alert is there within ten seconds: somebody guesses SSH"
                " passwords at Department A. Its warning has left by itself, because that agency"
                " wants it so. Within four minutes six more alerts join it, at three agencies."
            ),
            url=f"{console}/",
        ),
        Step(
            title=say("Open the alert on top and see why"),
            text=say(
                "After a minute and three quarters it is the web shell at Province B. Its page says"
                " which rule met which lines, where each point of the score comes from, and what"
                " else the same address did: the password guessing at Department A."
            ),
            url=f"{console}/?q=agency:tinh-b",
        ),
        Step(
            title=say("Approve its warning"),
            text=say(
                "Province B is warned only after a person approved it, so a draft waits. Read the"
                " letters as they would leave, then approve. For the SQL injection at Ministry C"
                " you can do the same."
            ),
            url=f"{console}/warnings?state=draft",
        ),
        Step(
            title=say("Be the agency: read the mail and acknowledge"),
            text=say(
                "The letters are in the mailbox, each in its reader's language. Open the link in"
                " one, give a name and press the button. The console shows the warning as"
                " acknowledged, by whom and when."
            ),
            url=f"{mailbox}/?agency=tinh-b",
        ),
        Step(
            title=say("Suppress the harmless scanner"),
            text=say(
                "From the third minute on Department A is scanned by its own scanner, 192.0.2.50."
                " Open that alert, choose Suppress, say why and until when. What it would have"
                " hidden is shown before, what it hides is counted after, and it ends by itself."
            ),
            url=f"{console}/?q=agency:so-a+rule:c203cae1-5712-4319-96e1-c6ef8036c3f3",
        ),
        Step(
            title=say("See that the sources live"),
            text=say(
                "When the incident is over, the ordinary day goes on: each agency's source with its"
                " rate, minute by minute. Silence would be shown too."
            ),
            url=f"{console}/sources",
        ),
    )
