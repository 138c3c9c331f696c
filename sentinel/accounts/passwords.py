"""Which passwords are good enough, and how a first one is made.

NIST SP 800-63B, section 3.1.1.2: length counts, composition rules do not; what everybody tries
first is refused.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from sentinel.errors import NotAllowed
from sentinel.model.ids import PersonName

SHORTEST = 12  # characters
LONGEST = 1024  # bytes

TOO_SHORT = "A password has at least 12 characters."
TOO_LONG = "A password has at most 1024 bytes."
WELL_KNOWN = "This password is among the first that anybody tries: choose another one."
OWN_NAME = "A password is not the name of its owner: choose another one."

# No 0 and o, no 1, i and l: a first password is read from a screen and typed, or told by telephone.
_READABLE = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _GROUP = 4, 4
_REPEATED = 4  # characters: "1234" three times over is no password of twelve characters
_LETTERS_FOR = str.maketrans("@4301!5$7", "aaeoiisst")


def as_bytes(password: str) -> bytes:
    """The bytes that are hashed: one password, however a keyboard composes its letters (NFC).

    What is no valid text (a lone surrogate) is no error: it is a wrong password.
    """
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def checked(password: str, name: PersonName) -> bytes:
    """The bytes of a new password, if it is good enough.

    Raises:
        NotAllowed: it is too short, too long, well known, or the owner's name.
    """
    text = unicodedata.normalize("NFC", password)
    if len(text) < SHORTEST:
        raise NotAllowed(TOO_SHORT)
    data = as_bytes(text)
    if len(data) > LONGEST:
        raise NotAllowed(TOO_LONG)
    forms = _forms(text)
    if forms & _forms(name):
        raise NotAllowed(OWN_NAME)
    if forms & well_known() or len(_unit(text)) <= _REPEATED:
        raise NotAllowed(WELL_KNOWN)
    return data


def readable(token: str) -> str:
    """A first password out of a token nobody can guess: 79 bits, as in "k7mw-p3xq-ahr9-2vfd"."""
    number = int.from_bytes(sha256(token.encode()).digest())
    letters = ""
    for _ in range(_GROUPS * _GROUP):
        number, place = divmod(number, len(_READABLE))
        letters += _READABLE[place]
    return "-".join(letters[begin : begin + _GROUP] for begin in range(0, len(letters), _GROUP))


@lru_cache
def well_known() -> frozenset[str]:
    """The forms of the passwords that are tried first."""
    text = files("sentinel.accounts").joinpath("well-known.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    return frozenset().union(*(_forms(line) for line in lines if line and line[0] != "#"))


def _forms(text: str) -> frozenset[str]:
    """What is left of a password without its decoration: P@ssw0rd2026! and password are one."""
    lower = text.casefold()
    cores = (lower, lower.rstrip(_DECORATION), lower.strip(_DECORATION))
    plain = {_plain(core.translate(_LETTERS_FOR)) for core in cores}
    return frozenset(_unit(form) for form in {lower} | plain if form)


_DECORATION = "".join(chr(code) for code in range(0x20, 0x7F) if not chr(code).isalpha())


def _plain(text: str) -> str:
    """Its letters alone, without accents: "mật khẩu" is "matkhau"."""
    apart = unicodedata.normalize("NFD", text).replace("đ", "d")
    return "".join(each for each in apart if each.isalpha())


def _unit(text: str) -> str:
    """The shortest text whose repetition it is: "abab" is "ab" twice."""
    return text[: (text + text).find(text, 1)]
