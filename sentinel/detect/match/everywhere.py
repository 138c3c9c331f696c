"""Keywords: the clues that a value of any field may hold, found in one pass over all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sentinel.detect.match.clues import END, START
from sentinel.detect.match.column import Column, Sorted
from sentinel.detect.match.literals import NOBODY, Literals, Looked
from sentinel.detect.match.scan import CASELESS, Databases, numbers
from sentinel.model.event import Fields, Value

_BETWEEN = END + START

# What a number or a boolean may look like: in JSON it need not be written as a rule sees it.
_LIKE_A_SCALAR = re.compile(r"[0-9.+\-einfatruls]*")
# How JSON writes what it must escape, and how it may write anything.
_ESCAPED = str.maketrans({'"': '\\"', "\\": "\\\\"})
_WRITTEN_OTHERWISE = (rb"\\u[0-9a-f]{4}", rb"\\/")
# All letters beyond ASCII that are ASCII letters where case is ignored (Unicode's full folding).
_AS_ASCII = (
    "\xdf\u0130\u0149\u017f\u01f0\u1e96\u1e97\u1e98\u1e99\u1e9a\u1e9e\u212a"
    "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
)


class Everywhere:
    """Judges the values of all fields together. Nothing is remembered: messages rarely repeat."""

    def __init__(self, clues: Sorted, databases: Databases) -> None:
        self._literals = Literals(clues.literals, databases)
        others = Sorted(numbers=clues.numbers, patterns=clues.patterns, tests=clues.tests)
        self._others = Column(others, databases) if others != Sorted() else None
        self._written = None if self._others else _written(clues, databases)

    def rules_for(self, fields: Fields, text: bytes | None) -> Looked:
        """The rules that the values make worth a look.

        `text`, where it is given, is the JSON object that holds them: where nothing is found in it
        as it stands, no value holds anything.
        """
        if text is not None and self._written is not None and self._written.says_nothing(text):
            return NOBODY
        values: Iterable[Value] = fields.values()
        if list in set(map(type, values)):
            values = list(_singly(values))
        # A number's or boolean's text as a rule sees it begins what `str` makes of it.
        found = self._literals.rules_for(_BETWEEN.join(map(str, values)))
        if self._others is not None:
            return found.union(*map(self._others.rules_for, values))
        return found


class _Written:
    """The keywords as JSON writes them."""

    def __init__(self, texts: Sequence[str], databases: Databases) -> None:
        self._ascii = all(text.isascii() for text in texts)
        expressions = [re.escape(text.translate(_ESCAPED)).encode() for text in texts]
        if self._ascii:
            expressions += [letter.encode() for letter in _AS_ASCII]
        self._database = databases.of_expressions(
            [(each, CASELESS) for each in (*expressions, *_WRITTEN_OTHERWISE)]
        )

    def says_nothing(self, text: bytes) -> bool:
        """Say whether it is sure that no value of this JSON object holds a keyword."""
        return (self._ascii or text.isascii()) and not numbers(self._database, text)


def _written(clues: Sorted, databases: Databases) -> _Written | None:
    """None where JSON may write a keyword in several ways."""
    texts = sorted({text for text, _ in clues.literals})
    if any(_LIKE_A_SCALAR.fullmatch(text) or not text.isprintable() for text in texts):
        return None
    return _Written(texts, databases)


def _singly(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value
