"""Bytes become text and none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.text import text_of


def test_utf8_is_read_as_it_is():
    """Vietnamese comes out as Vietnamese."""
    assert text_of("Cổng dịch vụ công".encode()) == "Cổng dịch vụ công"


def test_a_byte_that_is_no_utf8_shows_as_an_escape():
    r"""0xFF is `\xff`; the text around it stays."""
    assert text_of(b"a\xffb") == r"a\xffb"


def test_half_a_character_at_the_end_shows_as_escapes():
    """A frame cut in the middle of a character keeps its bytes."""
    assert text_of("cấ".encode()[:3]) == r"c\xe1\xba"


@given(st.binary())
def test_no_byte_is_lost(raw):
    """Whatever is decodable comes back; the rest stands there in hex."""
    text = text_of(raw)

    assert raw == text.encode() or "\\x" in text
