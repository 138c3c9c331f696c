"""Which language a reader gets."""

import pytest

from sentinel.model.text import Language
from sentinel.web.language import choose

VI, EN = Language.VI, Language.EN


@pytest.mark.parametrize(
    ("asked", "accept", "default", "chosen"),
    [
        ("en", "vi", VI, EN),
        ("EN-us", None, VI, EN),
        ("fr", "en", VI, EN),
        (None, "en", VI, EN),
        (None, "vi-VN,vi;q=0.9,en;q=0.8", EN, VI),
        (None, "en;q=0.2, vi;q=0.7", EN, VI),
        (None, "en, vi", VI, EN),
        (None, "fr, *", VI, VI),
        (None, "en;q=0", VI, VI),
        (None, "en;q=nan", VI, VI),
        (None, "en;q=high", VI, VI),
        (None, "", EN, EN),
        (None, None, EN, EN),
        (None, "," * 100_000, EN, EN),
    ],
)
def test_the_readers_wish_then_the_browsers_then_ours(asked, accept, default, chosen):
    """What nobody can read is passed over."""
    assert chosen is choose(asked, accept, default)
