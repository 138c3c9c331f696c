"""How rare a text is: an estimate that only decides speed."""

import pytest

from sentinel.detect.match.likely import rate


@pytest.mark.parametrize(
    ("rare", "common"),
    [("mimikatz", ".exe"), ("a very long text", "a"), ("qzx", "powershell"), ("abcdef", "abc")],
)
def test_the_rare_is_rarer_than_the_common(rare, common):
    """Length makes rare, unless a text is known to be everywhere."""
    assert rate(rare) < rate(common)


@pytest.mark.parametrize("text", ["", "a", ".exe", "x" * 5_000, "\ud800", "đ"])
def test_a_rate_is_a_share(text):
    """Between 0 and 1 whatever the text; the empty one is in every value."""
    assert 0 <= rate(text) <= 1
    assert rate("") == 1


def test_a_part_of_what_is_common_is_common():
    """Each value with the whole has the part too."""
    assert rate("svchost") >= rate(r"c:\windows\system32\svchost.exe")
