"""Text that an attacker wrote, shown as what it is.

A log line may hold characters that turn the order of others around, hide, or end a line. Each
becomes a mark that can be seen and named; the rest is escaped and isolated (`<bdi>`), so that a
value cannot change how its neighbours read. Long words are wrapped by the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import regex  # type: ignore[import-untyped]  # it ships no types
from markupsafe import Markup, escape

# Controls but the tab, formats (bidi, zero width, tags), halves of surrogate pairs, private and
# unassigned ones, separators of lines, whatever is ignorable or blank by design; and a combining
# character on top of four others (Vietnamese needs two).
_ODD = regex.compile(
    r"(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]"
    r"|(?<=\p{M}{4})\p{M}"
)
# The line is broken where it was, and one sees that it was the text that broke it.
_NEWLINE = "↵\n"
_BDI = (Markup("<bdi>"), Markup("</bdi>"))


def shown(text: object) -> Markup:
    """Return any text as HTML: `<bdi>`, nothing hidden."""
    return _bdi(_seen(str(text)))


def visible(text: object) -> str:
    """Return any text as plain text on one line, nothing hidden: for titles, attributes, files."""
    plain: str = _ODD.sub(lambda match: _name(match.group()).rstrip("\n"), str(text))
    return plain


def marked(text: object, hits: Sequence[str]) -> Markup:
    """Return `shown` text with `<mark>` around every hit; case is ignored, overlaps join."""
    whole = str(text)
    pieces: list[Markup] = []
    done = 0
    for start, end in _joined(_places(whole, hits)):
        pieces += [
            _seen(whole[done:start]),
            Markup("<mark>{}</mark>").format(_seen(whole[start:end])),
        ]
        done = end
    return _bdi(Markup("").join([*pieces, _seen(whole[done:])]))


def _bdi(inner: Markup) -> Markup:
    return _BDI[0] + inner + _BDI[1]


def _seen(text: str) -> Markup:
    if text.isascii() and text.isprintable():
        return escape(text)  # nothing odd: most of what is shown
    pieces: list[Markup] = []
    done = 0
    for match in _ODD.finditer(text):
        pieces += [escape(text[done : match.start()]), _named(match.group())]
        done = match.end()
    return Markup("").join([*pieces, escape(text[done:])])


def _named(character: str) -> Markup:
    return Markup('<span class="odd">{}</span>').format(_name(character))


def _name(character: str) -> str:
    return _NEWLINE if character == "\n" else f"⟨U+{ord(character):04X}⟩"


def _places(text: str, hits: Iterable[str]) -> list[tuple[int, int]]:
    """Where hits stand. `find` takes as long as the text is, whatever hit and text repeat."""
    line = _folded(text)
    return sorted(
        place for hit in {_folded(hit) for hit in hits if hit} for place in _found(line, hit)
    )


def _found(line: str, hit: str) -> Iterator[tuple[int, int]]:
    start = line.find(hit)
    while start >= 0:
        end = start + len(hit)
        yield start, end
        start = line.find(hit, end)


def _folded(text: str) -> str:
    """Lower case, character by character, so that places stay where they are."""
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := each.lower()) == 1 else each for each in text)


def _joined(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join places that overlap or touch."""
    begun: tuple[int, int] | None = None
    for start, end in places:
        if begun is not None and start <= begun[1]:
            begun = (begun[0], max(begun[1], end))
            continue
        if begun is not None:
            yield begun
        begun = (start, end)
    if begun is not None:
        yield begun
