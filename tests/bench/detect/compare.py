"""Do two engines find the same? Which rules match otherwise, how often, and why if it is known.

Rules that are known to mean something else to an engine are not asked at all (`known`). What
differs nevertheless is shown, never hidden.
"""

from collections import Counter
from dataclasses import dataclass

from tests.bench.detect.peers import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """One rule that two engines disagree on: matches that only one of them has, and a record."""

    rule: str
    only_first: int
    only_second: int
    record: int


def differences(first: Counter[Match], second: Counter[Match]) -> list[Differs]:
    """The rules on which the multisets of matches differ, by id."""
    more, less = first - second, second - first
    return [
        Differs(
            rule=rule,
            only_first=_count(more, rule),
            only_second=_count(less, rule),
            record=min(record for each, record in (*more, *less) if each == rule),
        )
        for rule in sorted({rule for rule, _ in (*more, *less)})
    ]


def up_to(matches: Counter[Match], records: int) -> Counter[Match]:
    """The matches of the first records."""
    return Counter({match: n for match, n in matches.items() if match[1] <= records})


def _count(matches: Counter[Match], rule: str) -> int:
    return sum(n for (each, _), n in matches.items() if each == rule)
