"""What detection costs: where its time goes, which rules are dear, what is remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sentinel.model.ids import RuleId

MATCH = "match"  # the step in which an event is held against rules and correlations
DEAREST = 10  # rules that a profile names

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCost:
    """Time spent in one step; `seconds` were measured over `events` (a sample of all)."""

    name: str
    seconds: float
    events: int

    @property
    def microseconds(self) -> float:
        """The mean for one event; 0 before there was one."""
        return self.seconds / self.events * 1e6 if self.events else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCost:
    """One rule: how often it was looked at closely, how often it was met, and the time of that."""

    rule: RuleId
    title: str
    place: str
    looked_at: int
    met: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryRate:
    """One bounded memory: how often it had the answer, and how full it is."""

    name: str
    asked: int
    known: int
    size: int
    most: int

    @property
    def rate(self) -> float:
        """The share of questions it had the answer to, 0 to 1."""
        return self.known / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A rule that was left out for a while, the `times`-th time; `why` is a sentence.

    What arrived from `since` on and before `until` was not held against it.
    """

    rule: RuleId
    title: str
    why: str
    since: datetime
    until: datetime
    times: int = 1

    def holds(self, at: datetime) -> bool:
        """Whether what arrives at this time is not held against the rule."""
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionProfile:
    """All of it, since the engine was made. `rules` are the dearest, the dearest first.

    `resting` are the rules that were left out for a while, also those that are back.
    """

    events: int = 0
    steps: tuple[StepCost, ...] = ()
    rules: tuple[RuleCost, ...] = ()
    memories: tuple[MemoryRate, ...] = ()
    resting: tuple[Resting, ...] = ()

    def on_the_way(self, steps: Sequence[StepCost]) -> DetectionProfile:
        """The steps of a whole way; what the engine knows of its part stands for MATCH."""
        whole = [
            step
            for each in steps
            for step in (self.steps if self.steps and each.name == MATCH else (each,))
        ]
        return replace(self, steps=tuple(whole))


def together(profiles: Sequence[DetectionProfile], dearest: int = DEAREST) -> DetectionProfile:
    """What several have cost that share one work, as one. What rests is not theirs to say."""
    steps = _by(lambda step: step.name, (step for each in profiles for step in each.steps))
    rules = _by(lambda rule: rule.rule, (rule for each in profiles for rule in each.rules))
    rates = _by(lambda rate: rate.name, (rate for each in profiles for rate in each.memories))
    costs = [
        replace(
            some[0],
            looked_at=sum(rule.looked_at for rule in some),
            met=sum(rule.met for rule in some),
            seconds=sum(rule.seconds for rule in some),
        )
        for some in rules.values()
    ]
    return DetectionProfile(
        events=sum(each.events for each in profiles),
        steps=tuple(
            StepCost(
                name=name,
                seconds=sum(step.seconds for step in some),
                events=sum(step.events for step in some),
            )
            for name, some in steps.items()
        ),
        rules=tuple(sorted(costs, key=lambda rule: -rule.seconds)[:dearest]),
        memories=tuple(
            MemoryRate(
                name=name,
                asked=sum(rate.asked for rate in some),
                known=sum(rate.known for rate in some),
                size=sum(rate.size for rate in some),
                most=sum(rate.most for rate in some),
            )
            for name, some in rates.items()
        ),
    )


def _by(name: Callable[[T], str], items: Iterable[T]) -> Mapping[str, Sequence[T]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for each in items:
        found[name(each)].append(each)
    return found
