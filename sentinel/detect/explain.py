"""Why a rule met an event or did not: its condition as a tree, each node with what came of it.

Nothing is decided here that `reference.py` does not decide: each node asks it. The words for people
are made where people are (`sentinel rules explain`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sentinel.detect.bind import bound_name
from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    KeywordAtom,
    Not,
)
from sentinel.detect.reference import KEYWORDS, evaluate, values
from sentinel.detect.route import (
    Source,
    condition_for,
    has_native_names,
    lacking,
    source_of,
)
from sentinel.detect.ruleset import Correlation, Logsource, Rule, RuleSet
from sentinel.model.event import Fields, Value
from sentinel.model.ids import RuleId
from sentinel.model.rule import RuleCard


class Verdict(StrEnum):
    """What came of a node. MISSING is false because the field is not in the event."""

    TRUE = "true"
    FALSE = "false"
    MISSING = "missing"
    TOO_SLOW = "too-slow"  # an expression took longer than it may: the rule would rest


class Kind(StrEnum):
    """What a node is."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a part of a condition is called in its rule, and where it stands.

    `name` is that of a detection, or of an item in it ("Image|endswith"); `detection` the name of
    the detection it belongs to, its own one included.
    """

    name: str
    detection: str
    place: str


Marks = Mapping[Condition, tuple[Mark, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One node of the tree. A test has an `atom` and the value that was `found` for it."""

    kind: Kind
    verdict: Verdict
    marks: tuple[Mark, ...] = ()
    atom: Atom | None = None
    found: Value = None
    parts: tuple[Step, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it is true."""
        return self.verdict is Verdict.TRUE


class Outcome(StrEnum):
    """How a rule and an event stand to each other."""

    MATCHED = "matched"
    NOT_MATCHED = "not-matched"
    NOT_TRIED = "not-tried"  # the event is of another logsource


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Whether events of this source concern the rule.

    `source` is None where the event does not say what it is: it is tried with every rule.
    `lacking` are the parts of the logsource ("product", ...) that the event does not have.
    """

    logsource: Logsource
    source: Source | None
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExplained:
    """A rule about single events, held against one."""

    card: RuleCard
    outcome: Outcome
    route: Route
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationExplained:
    """A correlation: the rules whose events it counts, and the group this event would count in.

    `group` is None where no rule met the event. `measured` are the fields whose values count. A
    value of either that is None is missing, and then the event does not count.
    """

    card: RuleCard
    correlation: Correlation
    outcome: Outcome
    rules: tuple[Explained, ...]
    group: Mapping[str, Value] | None
    measured: Mapping[str, Value]


Explained = RuleExplained | CorrelationExplained


def explain(
    card: RuleCard, ruleset: RuleSet, fields: Fields, marks: Mapping[RuleId, Marks]
) -> Explained:
    """Hold one rule or correlation of this set against an event.

    `marks` names parts of conditions by rule; what is not named is explained all the same.
    """
    for rule in ruleset.rules:
        if rule.card.id == card.id:
            return explain_rule(rule, fields, marks.get(card.id, {}))
    by_id = {each.card.id: each for each in ruleset.correlations}
    return _explain_correlation(by_id[card.id], ruleset, fields, marks)


def explain_rule(rule: Rule, fields: Fields, marks: Marks) -> RuleExplained:
    """Hold one rule against an event."""
    source = source_of(fields)
    missing = () if source is None else lacking(rule.logsource, source)
    condition = condition_for(rule, source)
    step = explain_condition(condition, fields, marks)
    outcome = Outcome.MATCHED if step.holds else Outcome.NOT_MATCHED
    return RuleExplained(
        card=rule.card,
        outcome=Outcome.NOT_TRIED if missing else outcome,
        route=Route(logsource=rule.logsource, source=source, lacking=missing),
        step=step,
    )


def explain_condition(condition: Condition, fields: Fields, marks: Marks, within: str = "") -> Step:
    """The tree of a condition, every node looked at, even where the first would decide.

    `within` is the detection that the condition stands in: two may hold the same test.
    """
    named = _named(marks.get(condition, ()), within)
    inside = named[0].detection if named else within
    match condition:
        case AllOf(parts) | AnyOf(parts):
            steps = tuple(explain_condition(part, fields, marks, inside) for part in parts)
            kind = Kind.ALL if isinstance(condition, AllOf) else Kind.ANY
            return Step(kind=kind, verdict=_joined(kind, steps), marks=named, parts=steps)
        case Not(part):
            step = explain_condition(part, fields, marks, inside)
            return Step(kind=Kind.NOT, verdict=_turned(step), marks=named, parts=(step,))
    return _test(condition, fields, named)


def deciding(step: Step) -> Iterator[Step]:
    """The tests that make a node what it is; a test under a `not` is turned round."""
    match step.kind:
        case Kind.TEST:
            yield step
        case Kind.NOT:
            yield from deciding(step.parts[0])
        case Kind.ALL | Kind.ANY:
            # What one part alone decides, each part that is so decides; else all do together.
            alike = [part for part in step.parts if part.holds is step.holds]
            alone = step.holds is (step.kind is Kind.ANY)
            for part in alike[:1] if alone and step.holds else alike:
                yield from deciding(part)


def _explain_correlation(
    correlation: Correlation, ruleset: RuleSet, fields: Fields, marks: Mapping[RuleId, Marks]
) -> CorrelationExplained:
    cards = {card.id: card for card in ruleset.cards}
    rules = tuple(
        explain(cards[each], ruleset, fields, marks) for each in correlation.rules if each in cards
    )
    met = [each for each in rules if each.outcome is Outcome.MATCHED]
    return CorrelationExplained(
        card=correlation.card,
        correlation=correlation,
        outcome=Outcome.MATCHED if met else Outcome.NOT_MATCHED,
        rules=rules,
        group=_values(correlation, correlation.group_by, met[0], fields) if met else None,
        measured=_values(correlation, correlation.fields, met[0], fields) if met else {},
    )


def _values(
    correlation: Correlation, names: Sequence[str], met: Explained, fields: Fields
) -> dict[str, Value]:
    """What these names of a correlation stand for in the event that this rule met."""
    found: dict[str, Value] = {}
    for name in names:
        field = correlation.aliases.get(name, {}).get(met.card.id, name)
        if isinstance(met, RuleExplained):
            if not has_native_names(met.route.source):
                field = bound_name(met.route.logsource, field)
            value = fields.get(field)
        else:
            value = (met.group or {}).get(field)
        found[name] = value if list(values(value)) else None
    return found


def _named(marks: Sequence[Mark], within: str) -> tuple[Mark, ...]:
    own = tuple(mark for mark in marks if mark.detection == within)
    return own or tuple(marks)


def _joined(kind: Kind, steps: Sequence[Step]) -> Verdict:
    if any(step.verdict is Verdict.TOO_SLOW for step in steps):
        return Verdict.TOO_SLOW
    holds = (all if kind is Kind.ALL else any)(step.holds for step in steps)
    return Verdict.TRUE if holds else Verdict.FALSE


def _turned(step: Step) -> Verdict:
    if step.verdict is Verdict.TOO_SLOW:
        return Verdict.TOO_SLOW
    return Verdict.FALSE if step.holds else Verdict.TRUE


def _test(atom: Atom, fields: Fields, named: tuple[Mark, ...]) -> Step:
    found = None if isinstance(atom, KeywordAtom) else fields.get(atom.field)
    try:
        hits = evaluate(atom, fields)
    except TimeoutError:
        return Step(kind=Kind.TEST, verdict=Verdict.TOO_SLOW, marks=named, atom=atom, found=found)
    if hits is not None:
        verdict = Verdict.TRUE
        found = hits.get(KEYWORDS) if isinstance(atom, KeywordAtom) else found
    elif isinstance(atom, KeywordAtom) or list(values(found)):
        verdict = Verdict.FALSE
    else:
        verdict = Verdict.MISSING
    return Step(kind=Kind.TEST, verdict=verdict, marks=named, atom=atom, found=found)
