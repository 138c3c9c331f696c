"""What an attacker wrote is shown whole, and as nothing but text."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.web.console.text import marked, shown, visible
from tests.unit.web.console.house import Outline

ODD = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c\u00ad\u180e\u034f\u115f\u3164\u2800\ufe0f",
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    "\u2028",
    "\u2029",
    "\ud800",
    "\udfff",
    "\ue000",
    *map(chr, range(0xE0001, 0xE0080)),
]
ODD.remove("\t")
TEXTS = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from([*ODD, *"<>&\"'⟨⟩↵\t aAbB"])), max_size=60
)
TAGS = re.compile(r'<bdi>|</bdi>|<mark>|</mark>|<span class="odd">|</span>')


def read_back(html):
    """The text that was shown: names of characters become the characters again."""

    def character(match):
        name = match[1]
        return "\n" if name == "↵\n" else chr(int(name[3:-1], 16))

    bare = re.sub(r"</?bdi>|</?mark>", "", html)
    pieces = re.split(r'(<span class="odd">[^<]*</span>)', bare)
    return "".join(
        re.sub(r'<span class="odd">([^<]*)</span>', character, piece)
        if piece.startswith("<span")
        else unescape_plain(piece)
        for piece in pieces
    )


def unescape_plain(text):
    # html.unescape also mends character references that the text itself spells out; ours has none
    # left, because every "&" was escaped.
    return unescape(text)


@given(TEXTS)
def test_text_is_whole_and_only_text(text):
    """Nothing but our own elements, and the text can be read back from it."""
    html = str(shown(text))

    assert "<" not in TAGS.sub("", html)
    assert text == read_back(html)


@given(TEXTS, st.lists(TEXTS | st.text("aAb<", max_size=3), max_size=4))
def test_hits_are_marked_and_nothing_else_changes(text, hits):
    """The text can be read back, marks are never nested, what is outside of them is no hit."""
    html = str(marked(text, hits))

    assert "<" not in TAGS.sub("", html)
    assert text == read_back(html)
    assert re.fullmatch(r"(?:(?!</?mark>).|<mark>(?:(?!</?mark>).)+</mark>)*", html, re.DOTALL)
    outside = re.split(r"<mark>.*?</mark>", html, flags=re.DOTALL)
    for hit in filter(None, hits):
        assert not any(hit in read_back(piece) for piece in outside)


@pytest.mark.parametrize("character", ODD, ids=lambda each: f"U+{ord(each):04X}")
def test_a_character_that_hides_is_named(character):
    """None of them reaches the page as it is, but for a line's end, which is broken visibly."""
    html = str(shown(f"a{character}b"))

    if character == "\n":
        assert html == '<bdi>a<span class="odd">↵\n</span>b</bdi>'
    else:
        assert f'<bdi>a<span class="odd">⟨U+{ord(character):04X}⟩</span>b</bdi>' == html


def test_what_spells_a_name_is_not_one():
    """A text that says "⟨U+202E⟩" itself is not drawn as ours is."""
    assert shown("⟨U+202E⟩") == "<bdi>⟨U+202E⟩</bdi>"


def test_letters_of_every_language_stay():
    """Vietnamese composed and decomposed, Arabic, Chinese, emoji: no marks."""
    for text in ("Cảnh báo số", "Ca\u0309nh ba\u0301o", "تحذير", "警告", "🔒", "a\tb", "a\u00a0b"):
        assert "odd" not in shown(text)


def test_a_tower_of_accents_does_not_cover_the_lines_above():
    """From the fifth on a combining character is named."""
    assert str(shown("a" + "\u0301" * 7)).count("⟨U+0301⟩") == 3


def test_case_is_ignored_and_overlaps_join():
    """One mark for what hangs together."""
    assert marked("xABCDeab", ["ab", "bcd"]) == "<bdi>x<mark>ABCD</mark>e<mark>ab</mark></bdi>"


def test_markup_is_text_as_well():
    """A value that calls itself HTML is escaped all the same."""

    class Trusting(str):
        __slots__ = ()

        def __html__(self):
            return self

    assert shown(Trusting("<b>")) == "<bdi>&lt;b&gt;</bdi>"
    assert marked(Trusting("<b>"), ["<B"]) == "<bdi><mark>&lt;b</mark>&gt;</bdi>"


def test_a_long_hostile_line_is_one_piece():
    """64 KB of it, and no element but ours."""
    line = "<img src=x onerror=alert(1)>\u202e" * 2000

    outline = Outline(marked(line, ["onerror"]))

    assert outline.balanced
    assert {"bdi", "mark", "span"} == {tag for tag, _ in outline.elements}


def test_a_hit_that_repeats_itself_costs_no_more_than_another():
    """Who writes the line may write the value as well: 64 KB of one letter, half of it the hit."""
    whole = marked("A" * 65536, ["a" * 32768, "A" * 32767 + "b"])

    assert str(whole) == f"<bdi><mark>{'A' * 65536}</mark></bdi>"


@given(TEXTS)
def test_plain_text_says_what_markup_says(text):
    """On one line, for titles and files; nothing breaks it."""
    plain = visible(text)
    markup = unescape(TAGS.sub("", str(shown(text))))

    assert plain == markup.replace("↵\n", "↵")
    assert plain.splitlines() in ([], [plain])
