"""Counters in memory: what happened since the service started, by name and labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock


class Counters:
    """A meter that several threads may use."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        """Add to the counter of this name and these labels."""
        with self._lock:
            self._counts[_key(name, labels)] += amount

    def read(self) -> Mapping[str, int]:
        """Every counter, as `name` or `name{label="value",...}`, in order."""
        with self._lock:
            return dict(sorted(self._counts.items()))


def _key(name: str, labels: Mapping[str, str]) -> str:
    if not labels:
        return name
    inner = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
    return f"{name}{{{inner}}}"
