"""The tour: what to look at, in which order, so that the whole of it is understood in minutes.

The terminal prints it and the mailbox's page shows it, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sentinel.i18n import texts
from sentinel.model.text import Language

DOMAIN = "demo"
SCANNER_RULE = "c203cae1-5712-4319-96e1-c6ef8036c3f3"  # rules/web/web_scanner_user_agent.yml


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
                "A minute and a half into the incident it is the web shell at Province B. Its page"
                " says which rule met which lines and where each point of the score comes from."
                " Province B's other alert is of the address that guessed passwords at Department"
                " A: its page says so under Related."
            ),
            url=f"{console}/?q=agency:tinh-b",
        ),
        Step(
            title=say("Approve its warning"),
            text=say(
                "Province B is warned only after a person approved it, so a draft waits; Warning on"
                " the alert's page leads to it too. Read the letters as they would leave, then"
                " approve. For the SQL injection at Ministry C you can do the same."
            ),
            url=f"{console}/warnings?state=draft",
        ),
        Step(
            title=say("Be the agency: read the mail and acknowledge"),
            text=say(
                "The letters are in the mailbox, each in its reader's language. Open the link in"
                " the one to {address}, give a name and press the button."
            ).format(address="truc@tinh-b.example"),
            url=f"{mailbox}/?agency=tinh-b",
        ),
        Step(
            title=say("See it acknowledged"),
            text=say(
                "The console says which warning was acknowledged, by whom and when, and which"
                " letters nobody has answered yet."
            ),
            url=f"{console}/warnings",
        ),
        Step(
            title=say("Suppress the harmless scanner"),
            text=say(
                "From the third minute on Department A's own scanner, 192.0.2.50, looks like an"
                " attack. Open that alert, choose Suppress, say until when and why, and close it"
                " as benign in the same go. What would have been hidden is shown before; what is"
                " hidden, and for how long, stands on the list of suppressions."
            ),
            url=f"{console}/?q=rule:{SCANNER_RULE}",
        ),
    )
