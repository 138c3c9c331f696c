"""Values as they look inside of encoded text: Base64, and UTF-16 beyond ASCII.

Sigma modifiers 2.1, "Encoding". pySigma 1.5 keeps UTF-16 as text and so takes ASCII only; where
Base64 follows at once, as in PowerShell's encoded commands, the bytes are made here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from itertools import pairwise

from sigma.types import SigmaString

_UTF16: Mapping[str, tuple[bytes, str]] = {
    "utf16": (b"\xff\xfe", "utf-16le"),  # with its byte order mark
    "utf16be": (b"", "utf-16be"),
    "utf16le": (b"", "utf-16le"),
    "wide": (b"", "utf-16le"),
}
_STARTS = (0, 2, 3)  # characters that what stands before has a part in, by its length modulo 3
_ENDS = (None, -3, -2)  # the same at the end


def base64_of(data: bytes) -> list[str]:
    """The bytes in Base64."""
    return [b64encode(data).decode()]


def base64_shifted(data: bytes) -> list[str]:
    """What of the bytes stays the same in Base64, for each of the three places they may have."""
    return [
        b64encode(b" " * shift + data).decode()[_STARTS[shift] : _ENDS[(len(data) + shift) % 3]]
        for shift in range(3)
    ]


_BASE64: Mapping[str, Callable[[bytes], list[str]]] = {
    "base64": base64_of,
    "base64offset": base64_shifted,
}


def encoded_of(key: object, value: object) -> tuple[str, list[str]] | None:
    """The item with its texts encoded already; None where pySigma can do it.

    Under `all` the forms of one text would all be needed: that is left to pySigma, which refuses.
    """
    field, *names = key.split("|") if isinstance(key, str) else [""]
    at = next((at for at, pair in enumerate(pairwise(names)) if _fit(pair)), -1)
    each = value if isinstance(value, list) else [value]
    texts = [SigmaString(text) for text in each if isinstance(text, str)]
    if at < 0 or "all" in names or len(texts) != len(each):
        return None
    if all(text.original.isascii() for text in texts) or any(
        text.contains_special() for text in texts
    ):
        return None
    mark, codec = _UTF16[names[at]]
    forms = [
        form for text in texts for form in _BASE64[names[at + 1]](mark + _plain(text).encode(codec))
    ]
    return "|".join([field, *names[:at], *names[at + 2 :]]), forms


def _plain(text: SigmaString) -> str:
    return "".join(part for part in text.s if isinstance(part, str))


def _fit(pair: tuple[str, str]) -> bool:
    return pair[0] in _UTF16 and pair[1] in _BASE64
