"""Correlations name rules by id or name: here each name finds its rule, or is told as a fault.

A name may also be that of another correlation, whose detections are counted then; those are
finished first, so that each can be asked what it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from sigma.correlations import SigmaCorrelationRule, SigmaRuleReference
from sigma.rule import SigmaRule

from sentinel.detect.ruleset import Correlation, Kind, Logsource, Output, Rule
from sentinel.detect.sigma.card import canonical
from sentinel.detect.sigma.diagnose import PYSIGMA_ERRORS, fault, sigma_fault
from sentinel.detect.sigma.read_correlation import Draft, Wish
from sentinel.detect.sigma.read_rule import fingerprint
from sentinel.documents import Where
from sentinel.errors import Fault
from sentinel.model.ids import RuleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was read: the rules that run, and what is known of all that stood in the files.

    `names` says how many documents have a name, `kinds` whether an id or name is a "rule" or a
    "correlation", refused ones included. `wishes` are those of all correlations.
    """

    rules: Sequence[Rule]
    names: Mapping[str, int]
    kinds: Mapping[str, str]
    wishes: Sequence[Wish] = ()


@dataclass(slots=True)
class _Linking:
    """What has been finished so far, by id; a draft is refused where nothing stands for it."""

    known: Known
    rules: Mapping[str, Rule]
    drafts: Mapping[str, Draft]
    done: dict[RuleId, Correlation] = field(default_factory=dict)
    parsed: dict[RuleId, SigmaRule | SigmaCorrelationRule] = field(default_factory=dict)
    faults: dict[RuleId, list[Fault]] = field(default_factory=dict)

    def id_of(self, reference: str) -> RuleId | None:
        """The rule or finished correlation that a reference stands for."""
        if reference in self.rules:
            return self.rules[reference].card.id
        draft = self.drafts.get(reference)
        return draft.card.id if draft is not None and draft.card.id in self.done else None


def link(drafts: Sequence[Draft], known: Known) -> tuple[tuple[Correlation, ...], list[Fault]]:
    """The correlations with their rules, and a fault for each reference that leads nowhere.

    One that others count makes detections of its own only where one of those says `generate`.
    """
    linking = _Linking(known, _by_reference(known.rules), _drafts_by_reference(drafts))
    for draft in _inner_first(linking, drafts):
        faults = _faults(linking, draft)
        if not faults:
            try:
                _finish(linking, draft)
            except PYSIGMA_ERRORS as error:
                faults = [sigma_fault(draft.document, error)]
        linking.faults.setdefault(draft.card.id, []).extend(faults)
    silent = _silent(known.wishes, {name: each.card.id for name, each in linking.drafts.items()})
    finished = [linking.done[each.card.id] for each in drafts if each.card.id in linking.done]
    return tuple(
        replace(each, output=Output.CORRELATIONS_ONLY) if each.card.id in silent else each
        for each in finished
    ), [told for each in drafts for told in linking.faults.get(each.card.id, ())]


def silent_rules(wishes: Sequence[Wish], rules: Sequence[Rule]) -> set[RuleId]:
    """Rules whose own hits are no detections (Sigma correlations 2.1, "Generate").

    A refused correlation counts too: its rules must not become noise because it has a fault. One
    correlation that says `generate: true` is enough to keep a rule's own hits.
    """
    return _silent(wishes, {name: rule.card.id for name, rule in _by_reference(rules).items()})


def _silent(wishes: Sequence[Wish], ids: Mapping[str, RuleId]) -> set[RuleId]:
    silent: set[RuleId] = set()
    loud: set[RuleId] = set()
    for wish in wishes:
        (loud if wish.generate else silent).update(ids[name] for name in wish.rules if name in ids)
    return silent - loud


def _inner_first(linking: _Linking, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, each behind those it is over; those that go round in a circle are told."""
    below = {
        each.card.id: [
            linking.drafts[name].card.id for name in each.rules if name in linking.drafts
        ]
        for each in drafts
    }
    by_id = {each.card.id: each for each in drafts}
    while True:
        try:
            return [by_id[each] for each in TopologicalSorter(below).static_order()]
        except CycleError as error:
            circle: list[RuleId] = error.args[1]
            for each in set(circle):
                linking.faults[each] = [_circle_fault(by_id[each], circle, by_id)]
                del below[each]
            below = {
                each: [inner for inner in inners if inner in below]
                for each, inners in below.items()
            }


def _circle_fault(draft: Draft, circle: Sequence[RuleId], drafts: Mapping[RuleId, Draft]) -> Fault:
    # pySigma's order is from what is counted to what counts it; people read it the other way.
    ring = list(reversed(circle))[:-1]
    start = ring.index(draft.card.id)
    way = [*ring[start:], *ring[: start + 1]]
    told = " -> ".join(repr(drafts[each].name or str(each)) for each in way)
    message = f"correlations count each other in a circle: {told}"
    return fault(draft.document, ("correlation", "rules"), message)


def _faults(linking: _Linking, draft: Draft) -> list[Fault]:
    return [
        found
        for where, reference in _references(draft)
        if (found := _reference_fault(linking, draft, where, reference))
    ] or _twice(linking, draft)


def _references(draft: Draft) -> Iterable[tuple[Where, str]]:
    """Every reference to a rule, with its way down."""
    listed = draft.section.rules
    for index, reference in enumerate(draft.rules):
        where: Where = ("correlation", "rules", index) if listed else ("correlation", "condition")
        yield where, reference
    for alias, names in draft.section.aliases.items():
        for reference in names:
            yield ("correlation", "aliases", alias, reference), canonical(reference)


def _reference_fault(linking: _Linking, draft: Draft, where: Where, reference: str) -> Fault | None:
    named = linking.known.names.get(reference, 0)
    if named > 1:
        message = f"{named} rules have the name {reference!r}"
        return fault(draft.document, where, message, "the id of the rule that is meant")
    if linking.id_of(reference) is not None:
        if where[1] == "aliases" and reference not in draft.rules:
            return fault(draft.document, where, "this rule is not among `rules`")
        return None
    kind = linking.known.kinds.get(reference)
    if kind in ("rule", "correlation"):
        message = f"the {kind} {reference!r} was refused, so this correlation cannot run"
    else:
        message = f"there is no rule with the id or name {reference!r}"
    return fault(draft.document, where, message)


def _twice(linking: _Linking, draft: Draft) -> list[Fault]:
    """A rule that has two names in one `temporal` correlation: how often it must occur is open."""
    if draft.section.type not in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED):
        return []
    found = [linking.id_of(reference) for reference in draft.rules]
    again = [each for index, each in enumerate(found) if each in found[:index]]
    message = f"the rule {again[0]!r} stands here twice, by its id and by its name" if again else ""
    return [fault(draft.document, ("correlation", "rules"), message)] if again else []


def _finish(linking: _Linking, draft: Draft) -> None:
    section, measure = draft.section, draft.measure
    ids = {name: each for name in draft.rules if (each := linking.id_of(name)) is not None}
    parsed = draft.parsed
    parsed.referenced_rules = [_resolved(linking, name, each) for name, each in ids.items()]
    if draft.pipeline is not None:
        draft.pipeline.apply(parsed)
    group_by, fields = tuple(parsed.group_by or ()), _names(parsed)
    linking.parsed[draft.card.id] = parsed
    linking.done[draft.card.id] = Correlation(
        card=draft.card,
        kind=section.type,
        rules=tuple(dict.fromkeys(ids.values())),
        group_by=group_by,
        aliases={
            alias.alias: {
                ids[canonical(each.reference)]: name for each, name in alias.mapping.items()
            }
            for alias in parsed.aliases
        },
        timespan=parsed.timespan.seconds,
        bounds=measure.bounds,
        terms=draft.terms,
        fields=fields,
        percentile=measure.percentile,
        fingerprint=fingerprint(
            section.model_dump(mode="json", exclude={"generate"}),
            [group_by, fields],
            sorted(_fingerprint(linking, name) for name in draft.rules),
        ),
    )


def _names(parsed: SigmaCorrelationRule) -> tuple[str, ...]:
    """The fields that are measured, as a pipeline may have renamed them."""
    found = getattr(parsed.condition, "fieldref", None) or ()
    return (found,) if isinstance(found, str) else tuple(found)


def _fingerprint(linking: _Linking, reference: str) -> str:
    if reference in linking.rules:
        return linking.rules[reference].fingerprint
    return linking.done[linking.drafts[reference].card.id].fingerprint


def _resolved(linking: _Linking, name: str, rule: RuleId) -> SigmaRuleReference:
    """A reference with enough of a rule that a pipeline sees which logsource it is of."""
    reference = SigmaRuleReference(name)
    found = linking.parsed.get(rule)
    if found is None and (stand_in := _stand_in(linking.rules[name].logsource)) is not None:
        found = linking.parsed[rule] = stand_in
    if found is not None:
        reference.rule = found
    return reference


def _stand_in(logsource: Logsource) -> SigmaRule | None:
    parts = {
        "product": logsource.product,
        "category": logsource.category,
        "service": logsource.service,
    }
    said = {name: part for name, part in parts.items() if part is not None}
    detection = {"selection": {"field": "value"}, "condition": "selection"}
    if not said:
        return None
    return SigmaRule.from_dict({"title": "rule", "logsource": said, "detection": detection})


def _by_reference(rules: Sequence[Rule]) -> dict[str, Rule]:
    found = {rule.name: rule for rule in rules if rule.name}
    return found | {str(rule.card.id): rule for rule in rules}


def _drafts_by_reference(drafts: Sequence[Draft]) -> dict[str, Draft]:
    found = {draft.name: draft for draft in drafts if draft.name}
    return found | {str(draft.card.id): draft for draft in drafts}
