"""How bad: Sigma's levels, which are also the severities a reader sees."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """Sigma's `level` (specification 2.1.0, "level"), in order."""

    INFORMATIONAL = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word as Sigma writes it: "high"."""
        return self.name.lower()

    @classmethod
    def of_word(cls, word: str) -> Severity:
        """Read Sigma's word.

        Raises:
            ValueError: no such level.
        """
        try:
            return cls[word.upper()]
        except KeyError:
            raise ValueError(f"no such level: {word!r}") from None

    @classmethod
    def of_score(cls, points: int) -> Severity:
        """Say a score of 0-100 as a word: from 80 critical, 60 high, 40 medium, 20 low."""
        return cls(min(max(points, 0) // 20, 4))
