"""What detection costs, worked out before a template sees it: means, shares, lengths of bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sentinel.model.profile import DetectionProfile, MemoryRate, RuleCost, StepCost
from sentinel.web.console.triage.filtering import part
from sentinel.web.console.triage.links import queue_path

BAR = 100  # units of the longest bar
DEAREST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of an event's way. `share` of the whole way, 0 to 1; `bar` 0 to BAR."""

    step: StepCost
    share: float
    bar: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A dear rule. `look` is the mean of a close look in microseconds; `path` its alerts."""

    rule: RuleCost
    look: float
    bar: float
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryRow:
    """A memory, and how much of the bar its hits fill."""

    memory: MemoryRate
    bar: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """All of it. `microseconds` an event on its whole way, 0 for unknown."""

    microseconds: float
    steps: Sequence[StepRow]
    rules: Sequence[RuleRow]
    memories: Sequence[MemoryRow]


def costs(profile: DetectionProfile) -> Costs:
    """Work out the page's figures."""
    whole = sum(step.microseconds for step in profile.steps)
    longest = max((step.microseconds for step in profile.steps), default=0.0)
    dearest = profile.rules[:DEAREST]
    most = max((rule.seconds for rule in dearest), default=0.0)
    return Costs(
        microseconds=whole,
        steps=[
            StepRow(
                step=step,
                share=_part(step.microseconds, whole),
                bar=_bar(step.microseconds, longest),
            )
            for step in profile.steps
        ],
        rules=[
            RuleRow(
                rule=rule,
                look=rule.seconds / rule.looked_at * 1e6 if rule.looked_at else 0.0,
                bar=_bar(rule.seconds, most),
                path=rule_path(rule.rule),
            )
            for rule in dearest
        ],
        memories=[
            MemoryRow(memory=memory, bar=_bar(memory.rate, 1.0)) for memory in profile.memories
        ],
    )


def rule_path(rule: str) -> str:
    """The queue with this rule's alerts, closed ones too."""
    return queue_path(f"{part('status', 'any')} {part('rule', rule)}")


def _part(value: float, whole: float) -> float:
    return value / whole if whole else 0.0


def _bar(value: float, longest: float) -> float:
    return round(_part(value, longest) * BAR, 1)
