"""Which language a reader gets: what they chose, else what their browser asks for, else ours."""

from __future__ import annotations

from sentinel.model.text import Language


def choose(asked: str | None, accept: str | None, default: Language) -> Language:
    """Choose by `?lang=`, then by the Accept-Language header (RFC 9110, 12.5.4).

    What we do not speak is passed over, and so is a header that cannot be read.
    """
    for tag in (asked or "", *_by_weight(accept or "")):
        primary = tag.strip().lower().partition("-")[0]
        if primary in set(Language):
            return Language(primary)
    return default


def _by_weight(accept: str) -> list[str]:
    """Tags of the header, the most wanted first; weight 0 means "not this one"."""
    wanted: list[tuple[float, str]] = []
    for part in accept[:1000].split(","):
        tag, _, weight = part.partition(";")
        try:
            wanted.append((float(weight.strip().removeprefix("q=") or "1"), tag))
        except ValueError:
            continue
    # `sorted` is stable: of equal weights the first named comes first.
    return [tag for weight, tag in sorted(wanted, key=lambda one: -one[0]) if weight > 0]
