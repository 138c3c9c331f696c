"""What the doctor says: one check, how it stands, why it matters, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sentinel.model.text import LocalText


class CheckStatus(StrEnum):
    """How a check ended. UNKNOWN: the doctor could not see, which is not "fine"."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at. `id` is stable, for machines: "disk.reserve".

    `found` is what was seen; `why` what it means for the service; `remedy` what to do, None where
    nothing needs to be done.
    """

    id: str
    status: CheckStatus
    found: LocalText
    why: LocalText
    remedy: LocalText | None = None
