"""A typed line, cut into words and `key:value`, with quotes; and one such part, written.

What looks like `key:` (letters and a colon) is a key. Whoever looks for such a text quotes it.
Inside quotes a backslash stands before a quote or a backslash that is meant as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KEY = re.compile(r"([A-Za-z]+):")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One part of the line. `key` is lower case, "" for a word; `typed` is the part as it stands.

    `closed` False: a quote has no end, `value` is the rest of the line.
    `glued` True: something follows the closing quote without a space, and is part of `typed`.
    """

    typed: str
    key: str
    value: str
    quoted: bool = False
    closed: bool = True
    glued: bool = False


def split(line: str) -> Iterator[Token]:
    """The parts of a line, in order; every character but white space is in one of them."""
    at = 0
    while start := _BARE.search(line, at):
        token, at = _token(line, start.start())
        yield token


def written(key: str, value: str, *, literal: bool = False) -> str:
    """Write a part so that `split` reads it as this key and this value; in quotes where needed.

    `literal`: in quotes anyway, for a value that would mean something else without them.
    """
    plain = _BARE.fullmatch(value) and not value.startswith('"') and not literal
    if plain and (key or not _KEY.match(value)):
        said = value
    else:
        said = '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    return f"{key}:{said}" if key else said


def _token(line: str, start: int) -> tuple[Token, int]:
    keyed = _KEY.match(line, start)
    key = keyed[1].lower() if keyed else ""
    at = keyed.end() if keyed else start
    if line[at : at + 1] != '"':
        bare = _BARE.match(line, at)
        end = bare.end() if bare else at
        return Token(typed=line[start:end], key=key, value=line[at:end]), end
    quoted = _QUOTED.match(line, at)
    if quoted is None:
        rest = line[start:]
        return Token(typed=rest, key=key, value=rest, quoted=True, closed=False), len(line)
    rest_of_it = _BARE.match(line, quoted.end())
    end = rest_of_it.end() if rest_of_it else quoted.end()
    token = Token(
        typed=line[start:end],
        key=key,
        value=_ESCAPED.sub(r"\1", quoted[1]),
        quoted=True,
        glued=rest_of_it is not None,
    )
    return token, end
