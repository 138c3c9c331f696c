"""Secrets never leave the house: passwords, tokens, cookies and keys in log lines become ***.

A log line travels by mail to people it was not written for. Masking errs on the side of hiding:
a value hidden for nothing can be looked up in the agency's own log, a password sent cannot be
called back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

MASK = "***"

_SEPARATOR = r"""(?:\\?["'])?\s{0,3}(?:=>|[=:]|%3D)\s{0,3}"""
_QUOTED = r"""\\?"(?:[^"\\\r\n]|\\.)*"?|\\?'(?:[^'\\\r\n]|\\.)*'?"""
_BARE = r"""[^\s&"'<>]+"""
# Words that mean a secret wherever they stand, also inside of longer names ("db_password_new").
_LONG_WORDS = (
    r"(?:password|passwd|passphrase|passcode|secret|token(?!elevation)|credential"
    r"|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|mat[_-]?khau|mật[ _]?khẩu|sess(?:ion)?[_-]?id|phpsessid|jsessionid"
    r"|csrf|xsrf)"
)
# Words that mean one only when they stand alone before an equals sign or as a JSON key.
_SHORT_WORDS = r"(?<![A-Za-z0-9])(?:pass|pwd|sid|sig|otp|pin|auth|session|key|jwt)"
_SHORT_SEPARATOR = r"""(?:\\?["']\s{0,3}[=:]|=|%3D)\s{0,3}"""
_OPTIONS = r"(?:password|passwd|pass|pwd|token|secret|api-?key|passphrase)"
_SCHEMES = r"(?:basic|bearer|token|negotiate|ntlm|apikey)"
_COOKIES = r"""[^\s;,"']+(?:;\s?[^\s;,"']+)*"""


def masked(text: str) -> str:
    """The text with every secret that shows itself as one replaced by ***."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _rule(
    pattern: str, replacement: str | Callable[[re.Match[str]], str] = rf"\1{MASK}"
) -> tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]:
    return re.compile(pattern, re.IGNORECASE), replacement


def _query_value(found: re.Match[str]) -> str:
    """Mask what looks like a key (letters and digits mixed); long words and numbers stay."""
    value = found[2]
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return f"{found[1]}{MASK}" if mixed else found[0]


# In this order: whole headers before single words, known forms before guesses.
_RULES: Sequence[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = (
    _rule(
        r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)"
        r"(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"
    ),
    _rule(rf"((?:set-)?cookie2?{_SEPARATOR})(?:{_QUOTED}|{_COOKIES})"),
    _rule(rf"(authorization{_SEPARATOR})(?:{_QUOTED}|{_SCHEMES}\s+[^\s\"']+|[^\r\n]+)"),
    _rule(r"(\bbearer\s+)[A-Za-z0-9._~+/=-]{12,}"),
    _rule(r"(\bbasic\s+)[A-Za-z0-9+/]{6,}={1,2}"),
    _rule(r"(://)[^\s/?#\"'<>]+(?=@)"),
    _rule(rf"({_LONG_WORDS}[\w-]{{0,20}}{_SEPARATOR})(?:{_QUOTED}|{_BARE})"),
    _rule(rf"({_SHORT_WORDS}{_SHORT_SEPARATOR})(?:{_QUOTED}|{_BARE})"),
    _rule(rf"((?<!\S)(?:--?|/){_OPTIONS}\s{{1,3}})(?:{_QUOTED}|\S+)"),
    _rule(r"((?<!\S)(?:-u|--user)\s{1,3}[^\s:]{1,64}:)\S+"),
    _rule(r"(\beyJ)[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*"),
    _rule(r"(\b(?:AKIA|ASIA|gh[opsu]_|glpat-|xox[abp]-))[A-Za-z0-9_-]{12,}"),
    _rule(
        r"([?&;][\w.\[\]%-]{1,64}=)((?:[A-Za-z0-9_-]|%2B|%2F|%3D){24,}={0,2})(?=[\s&;#\"'<>]|$)",
        _query_value,
    ),
)
