"""Where a command speaks: answers on standard output, everything else on standard error.

Every text that goes through here is made visible first, and rich's markup is off: a log line that
says "[red]" or ESC is shown as it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sentinel.cli.safe import as_json, visible
from sentinel.errors import InputError, SentinelError
from sentinel.i18n import DEFAULT_ZONE, show_time, texts
from sentinel.model.text import Language

DOMAIN = "cli"
PIPE_WIDTH = 240  # a pipe has no width: rows stay rows


@dataclass(frozen=True, slots=True)
class Screen:
    """A language, a zone, and how to say things in them."""

    language: Language
    zone: str = DEFAULT_ZONE

    def text(self, message: str, **values: object) -> str:
        """One of our texts in the reader's language, with values that cannot act."""
        translated = texts(self.language, DOMAIN).gettext(message)
        return translated.format(**{name: visible(str(value)) for name, value in values.items()})

    def word(self, word: str) -> str:
        """A word out of a value in the reader's language; as it is where nobody translated it."""
        return texts(self.language, DOMAIN).gettext(word) if word else ""

    def time(self, at: datetime | None) -> str:
        """A time in the reader's zone; "-" for none."""
        return "-" if at is None else show_time(at, self.zone)

    def say(self, message: str, **values: object) -> None:
        """Answer with one of our texts."""
        self.line(self.text(message, **values))

    def line(self, text: str, *, indent: int = 0) -> None:
        """Print a line of any origin; long ones are folded, never cut."""
        shown = Text(visible(text), overflow="fold")
        _console(sys.stdout).print(
            Padding(shown, (0, 0, 0, indent), expand=False) if indent else shown
        )

    def marked(self, mark: str, style: str, text: str, *, indent: int = 0) -> None:
        """Print a line that begins with a word of ours in colour."""
        shown = Text.assemble((mark, style), "  ", visible(text), overflow="fold")
        _console(sys.stdout).print(
            Padding(shown, (0, 0, 0, indent), expand=False) if indent else shown
        )

    def command(self, text: str) -> None:
        """Print a command to copy: the terminal may fold it, a line end of ours would break it."""
        sys.stdout.write(visible(text) + "\n")
        sys.stdout.flush()

    def heading(self, message: str) -> None:
        """Begin a part of a page."""
        console = _console(sys.stdout)
        console.print()
        console.print(Text(self.text(message), style="bold"))

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        stream: TextIO | None = None,
    ) -> None:
        """Print rows under translated headings, on standard output where no stream is named."""
        if not rows:
            self.say("none")
            return
        cells = [[Text(visible(cell)) for cell in row] for row in rows]
        console = _console(stream or sys.stdout)
        # The first column says which row it is: an id to copy stays in one piece if it can.
        whole = max(row[0].cell_len for row in cells) <= console.width // 2
        table = Table(box=None, pad_edge=False, header_style="bold")
        for place, heading in enumerate(headings):
            alone = whole and place == 0
            table.add_column(Text(self.text(heading)), overflow="fold", no_wrap=alone)
        for row in cells:
            table.add_row(*row)
        console.print(table)

    def json(self, value: object) -> None:
        """Answer a machine: one JSON document on one line."""
        sys.stdout.write(as_json(value) + "\n")

    def note(self, message: str, **values: object) -> None:
        """Say something that is no part of the answer: on standard error."""
        complain(self.text(message, **values))


def complain(text: str) -> None:
    """Print lines of any origin on standard error."""
    for line in text.splitlines():
        sys.stderr.write(visible(line) + "\n")


def refuse(error: SentinelError | OSError | UnicodeDecodeError) -> None:
    """Say why a command did not do what it was asked: a sentence, or a line for each fault."""
    if isinstance(error, InputError):
        for fault in error.faults:
            complain(str(fault).replace("\n", " "))
    elif isinstance(error, OSError):
        reason = error.strerror or str(error)
        complain(f"{error.filename}: {reason}" if error.filename else reason)
    elif isinstance(error, UnicodeDecodeError):
        names = getattr(error, "__notes__", [])
        complain(": ".join([*names, "the file is not valid UTF-8"]))
    else:
        complain(str(error))


def spoken(environment: Mapping[str, str]) -> Language:
    """The language of whoever types, as POSIX says it: LC_ALL, LC_MESSAGES, LANG."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return Language.VI if value.lower().startswith("vi") else Language.EN
    return Language.EN


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=width)
