"""Passwords that are good enough, and first ones."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.accounts.passwords import (
    LONGEST,
    OWN_NAME,
    TOO_LONG,
    TOO_SHORT,
    WELL_KNOWN,
    as_bytes,
    checked,
    readable,
    well_known,
)
from sentinel.errors import NotAllowed
from sentinel.model.ids import PersonName

LAN = PersonName("lan.nguyen")


@pytest.mark.parametrize(
    "password",
    [
        "bốn con mèo và một con chó",
        "Trời mưa to 17",
        "correct horse battery stapler",
        "khong ai doan duoc dau",
        "vietnam-toi-yeu-bien",
        "839201748213",
        "k7mw-p3xq-ahr9-2vfd",
        "            x",
        "\u0000\ud800 một hai ba bốn",
        "ă" * 6 + "bcdefg",
        "".join(map(chr, range(0x100, 0x300))),
    ],
)
def test_length_is_enough(password):
    """No rule of capitals and signs; any character, spaces too."""
    assert as_bytes(password) == checked(password, LAN)


@pytest.mark.parametrize("password", ["", "Xk9#mQ2$vL1", "e\u0323\u0302" * 11])
def test_eleven_characters_are_too_few(password):
    """However mixed they are."""
    with pytest.raises(NotAllowed, match=TOO_SHORT):
        checked(password, LAN)


def test_a_password_has_an_end():
    """In bytes, so that nobody makes us hash a book."""
    with pytest.raises(NotAllowed, match=TOO_LONG):
        checked("mèo " * (LONGEST // 4), LAN)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd2026!",
        "PasswordPassword",
        "!!!password!!!",
        "matkhau12345",
        "Mật khẩu 2026",
        "123456789012",
        "1q2w3e4r5t6y",
        "1Q2W3E4R5T6Y",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "121212121212",
        "            ",
        "administrator",
        "Admin@123456",
        "adminadminadmin",
        "Sentinel@2026",
        "VietNam@2026!",
        "anhyeuem1234",
        "đổimậtkhẩu2026",
        "correct horse battery staple",
        "2026-qwerty-2026",
    ],
)
def test_what_everybody_tries_first_is_refused(password):
    """Whatever it is decorated with."""
    with pytest.raises(NotAllowed, match=WELL_KNOWN):
        checked(password, LAN)


@pytest.mark.parametrize(
    "password", ["lan.nguyen2026", "Lan.Nguyen!!!", "LanNguyen1234", "lan.nguyenlan.nguyen"]
)
def test_the_owner_s_name_is_no_password(password):
    """Nor with a year behind it."""
    with pytest.raises(NotAllowed, match=OWN_NAME):
        checked(password, LAN)


def test_one_password_is_one_however_a_keyboard_composes_it():
    """ệ is one character or three."""
    assert as_bytes("m\u1ec7nh l\u1ec7nh b\u00ed m\u1eadt") == as_bytes(
        "me\u0323\u0302nh le\u0323\u0302nh bi\u0301 ma\u0323\u0302t"
    )


def test_first_passwords_can_be_read_out():
    """Four groups of four letters and digits that nobody takes for one another."""
    password = readable("token-1")

    assert re.fullmatch("([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}", password)
    assert password == readable("token-1")


@given(st.lists(st.text(), min_size=2, max_size=20, unique=True))
def test_every_token_makes_another_first_password_and_a_good_one(tokens):
    """79 bits each; what we make, we would take."""
    made = [readable(token) for token in tokens]

    assert len(set(made)) == len(tokens)
    assert [as_bytes(each) for each in made] == [checked(each, LAN) for each in made]


def test_the_list_is_data_without_repetition():
    """A line each, none twice, and nothing that would refuse everything."""
    text = files("sentinel.accounts").joinpath("well-known.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert len(lines) == len(set(lines))
    assert "password" in well_known()
    assert "" not in well_known()
