"""Names that people may have."""

import re

import pytest

from sentinel.accounts.names import OUR_NAME, WRONG_NAME, checked
from sentinel.errors import NotAllowed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("lan", "lan"),
        (" Lan.NT ", "lan.nt"),
        ("LAN@SO-A.EXAMPLE", "lan@so-a.example"),
        ("Đức_2", "đức_2"),
        ("hu\u1ec7", "hu\u1ec7"),
        ("hue\u0323\u0302", "hu\u1ec7"),
        ("007", "007"),
        ("lan\n", "lan"),
        ("x" * 64, "x" * 64),
    ],
)
def test_a_name_is_kept_in_one_form(typed, kept):
    """Trimmed, in lower case, composed."""
    assert kept == checked(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "x",
        "x" * 65,
        "lan nguyen",
        "lan/role",
        "..",
        ".lan",
        "-rf",
        "@admin",
        "la\u200bn",
        "la\u202en",
        "l\u0430n",  # a Cyrillic letter
        "l\u0661n",  # an Arabic digit
        "<b>lan</b>",
        "\ud800\ud800",
    ],
)
def test_what_is_no_name_or_could_pass_for_another_is_refused(typed):
    """With what is allowed."""
    with pytest.raises(NotAllowed, match=re.escape(WRONG_NAME)):
        checked(typed)


@pytest.mark.parametrize("typed", ["system", "System ", "SYSTEM"])
def test_the_system_s_name_is_nobody_s(typed):
    """What the system did is shown under it."""
    with pytest.raises(NotAllowed, match=OUR_NAME):
        checked(typed)
