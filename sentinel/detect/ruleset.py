"""What a folder of rules has become: rules, correlations, and what was refused and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sentinel.detect.condition import Condition
from sentinel.detect.values import Order
from sentinel.errors import Fault
from sentinel.model.ids import RuleId
from sentinel.model.rule import RuleCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Logsource:
    """The kind of log a rule is written for; None leaves a part open."""

    product: str | None = None
    category: str | None = None
    service: str | None = None


class Output(StrEnum):
    """Whether a rule's hits are detections of their own, or only feed correlations."""

    DETECTIONS = "detections"
    CORRELATIONS_ONLY = "correlations-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule about single events.

    `condition` has the field names of the rule, `bound` those that normalised events have.
    `fingerprint` changes when what it matches changes.
    """

    card: RuleCard
    name: str
    logsource: Logsource
    condition: Condition
    bound: Condition
    fingerprint: str
    output: Output = Output.DETECTIONS


class Kind(StrEnum):
    """The correlation types that the engine honours (Sigma correlations 2.1, "type")."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """A rule about several events that other rules met.

    `timespan` is in seconds. `aliases` says for an alias which field it is in the events of each
    rule. `field` is the one whose values a value count counts.
    """

    card: RuleCard
    kind: Kind
    rules: tuple[RuleId, ...]
    group_by: tuple[str, ...]
    aliases: Mapping[str, Mapping[RuleId, str]]
    timespan: int
    order: Order
    count: int
    field: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All that was loaded, in the order it was read, and a fault for each thing that was not."""

    rules: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    refused: tuple[Fault, ...] = ()

    @property
    def cards(self) -> tuple[RuleCard, ...]:
        """The cards of every rule and correlation that runs."""
        rules = tuple(rule.card for rule in self.rules)
        return rules + tuple(correlation.card for correlation in self.correlations)
