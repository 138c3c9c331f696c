r"""Bytes as text, without losing one: what is not UTF-8 shows as \xNN."""

from __future__ import annotations


def text_of(raw: bytes) -> str:
    r"""Decode UTF-8; each byte that is not part of it becomes `\xNN` (two hex digits).

    A sender may have written those four characters itself: the record's SHA-256 tells the two
    apart. Never raises.
    """
    return raw.decode("utf-8", errors="backslashreplace")
