"""What a folder of rules has become: rules, correlations, and what was refused and why."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from sentinel.detect.condition import Condition
from sentinel.detect.values import Order
from sentinel.errors import Fault
from sentinel.model.ids import RuleId
from sentinel.model.rule import RuleCard

EXAMPLES = (".examples.yml", ".examples.yaml")  # files beside rules, which are no rules


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
    """What a correlation measures in its window (Sigma correlations 2.1, "Correlation Types")."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"
    VALUE_SUM = "value_sum"
    VALUE_AVG = "value_avg"
    VALUE_PERCENTILE = "value_percentile"
    VALUE_MEDIAN = "value_median"


Number = int | Fraction  # exact: a sum must not depend on the order in which it is made

_COMPARE: Mapping[Order, Callable[[Number, Number], bool]] = {
    Order.LT: operator.lt,
    Order.LTE: operator.le,
    Order.GT: operator.gt,
    Order.GTE: operator.ge,
    Order.EQ: operator.eq,
    Order.NEQ: operator.ne,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What is measured must stand in this order to a number."""

    order: Order
    number: Number

    def holds(self, measured: Number) -> bool:
        """Say whether it does; exactly, where a comparison of floats would round."""
        return _COMPARE[self.order](measured, self.number)


@dataclass(frozen=True, slots=True)
class Term:
    """One way to meet a condition over rules: some have occurred, some others have not.

    The numbers are places in `Correlation.rules`, in their order.
    """

    present: tuple[int, ...]
    absent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """A rule about several events that other rules, or other correlations, met.

    `rules` are rules and correlations, in the order that a `temporal_ordered` asks for. `aliases`
    says for an alias which field it is in the events of each. `timespan` is in seconds. All of
    `bounds` must hold of what is measured; where there are `terms`, one of them must be met
    instead. `fields` are those whose values are measured, one beside value counts. A
    `value_percentile` without `percentile` measures how frequent a value is, in percent.
    """

    card: RuleCard
    kind: Kind
    rules: tuple[RuleId, ...]
    group_by: tuple[str, ...]
    aliases: Mapping[str, Mapping[RuleId, str]]
    timespan: int
    bounds: tuple[Bound, ...] = ()
    terms: tuple[Term, ...] = ()
    fields: tuple[str, ...] = ()
    percentile: Number | None = None
    fingerprint: str
    output: Output = Output.DETECTIONS


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
