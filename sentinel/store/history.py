"""History only ever grows: what a put adds to the entries that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sentinel.model.alert import AlertEntry
from sentinel.model.warning import WarningEntry

AnyEntry = TypeVar("AnyEntry", AlertEntry, WarningEntry)


def missing_entries(stored: Iterable[AnyEntry], given: Iterable[AnyEntry]) -> Sequence[AnyEntry]:
    """Return the given entries that are not stored yet, in their order.

    Compared by what they say, not by place: an alert from a list comes without its history, and
    the entry somebody adds to it must not be taken for one that is there.
    """
    known = Counter(stored)
    missing = []
    for entry in given:
        if known[entry]:
            known[entry] -= 1
        else:
            missing.append(entry)
    return missing
