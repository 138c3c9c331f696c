"""Rules from what was kept of them, or read afresh and kept: the way every start takes.

Reading takes pySigma, which takes long to import and longer to read; it is only fetched where
nothing usable was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sentinel.detect.plan.codec import NotKeepable, NotUsable, decode, encode
from sentinel.detect.ruleset import RuleSet

RULES = "rules"  # the section that holds the rule set


class Keep(Protocol):
    """Where sections of bytes are kept under a key. It may lose them; it raises nothing."""

    def get(self, key: str) -> Mapping[str, bytes] | None:
        """The sections under this key, undamaged; None where there are none."""
        ...

    def put(self, key: str, sections: Mapping[str, bytes]) -> None:
        """Keep these sections under this key, in place of what was there."""
        ...

    def tell(self, sentence: str) -> None:
        """Hear that something kept was not usable, or that something could not be kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The rules, and the sections that are kept with them under `key`; "" where none are."""

    rules: RuleSet
    key: str = ""
    sections: Mapping[str, bytes]


def fetch(key: str, keep: Keep) -> Plan | None:
    """The rules that were kept under this key; None where there are none, or not usable ones."""
    sections = keep.get(key)
    if sections is None:
        return None
    try:
        return Plan(rules=decode(sections[RULES]), key=key, sections=sections)
    except (KeyError, NotUsable) as why:
        keep.tell(f"the rules that were kept are not usable, they are read afresh: {why}")
        return None


def plan(key: str, keep: Keep | None, read: Callable[[], RuleSet]) -> Plan:
    """The rules that were kept under this key; else those that `read` reads, kept for next time.

    `key` must say everything that has a part in what `read` gives. Without `keep` they are read.
    """
    if keep is None:
        return Plan(rules=read(), sections={})
    found = fetch(key, keep)
    if found is not None:
        return found
    rules = read()
    try:
        sections = {RULES: encode(rules)}
    except NotKeepable as why:
        keep.tell(f"the rules cannot be kept, each start reads them afresh: {why}")
        return Plan(rules=rules, sections={})
    keep.put(key, sections)
    return Plan(rules=rules, key=key, sections=sections)
