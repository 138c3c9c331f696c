"""Correlations name rules by id or name: here each name finds its rule, or is told as a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sentinel.detect.ruleset import Correlation, Rule
from sentinel.detect.sigma.card import canonical
from sentinel.detect.sigma.diagnose import fault
from sentinel.detect.sigma.read_correlation import Draft, Wish, finish
from sentinel.errors import Fault
from sentinel.model.ids import RuleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was read: the rules that run, and what is known of all that stood in the files.

    `names` says how many documents have a name, `kinds` whether an id or name is a "rule" or a
    "correlation", refused ones included.
    """

    rules: Sequence[Rule]
    names: Mapping[str, int]
    kinds: Mapping[str, str]


def link(drafts: Sequence[Draft], known: Known) -> tuple[tuple[Correlation, ...], list[Fault]]:
    """The correlations with their rules, and a fault for each reference that leads nowhere."""
    by_reference = _by_reference(known.rules)
    correlations = []
    faults: list[Fault] = []
    for draft in drafts:
        found = [
            each
            for where, reference in _references(draft)
            if (each := _reference_fault(draft, where, reference, by_reference, known))
        ]
        faults += found
        if not found:
            correlations.append(finish(draft, by_reference))
    return tuple(correlations), faults


def silent_rules(wishes: Sequence[Wish], rules: Sequence[Rule]) -> set[RuleId]:
    """Rules whose own hits are no detections (Sigma correlations 2.1, "Generate").

    A refused correlation counts too: its rules must not become noise because it has a fault. One
    correlation that says `generate: true` is enough to keep a rule's own hits.
    """
    by_reference = _by_reference(rules)
    silent: set[RuleId] = set()
    loud: set[RuleId] = set()
    for wish in wishes:
        found = {by_reference[name].card.id for name in wish.rules if name in by_reference}
        (loud if wish.generate else silent).update(found)
    return silent - loud


def _references(draft: Draft) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """Every reference to a rule, with its way down."""
    for index, reference in enumerate(draft.section.rules):
        yield ("correlation", "rules", index), reference
    for alias, names in draft.section.aliases.items():
        for reference in names:
            yield ("correlation", "aliases", alias, reference), canonical(reference)


def _reference_fault(
    draft: Draft,
    where: tuple[str | int, ...],
    reference: str,
    rules: Mapping[str, Rule],
    known: Known,
) -> Fault | None:
    named = known.names.get(reference, 0)
    if named > 1:
        message = f"{named} rules have the name {reference!r}"
        return fault(draft.document, where, message, "the id of the rule that is meant")
    if reference in rules:
        if where[1] == "aliases" and reference not in draft.section.rules:
            return fault(draft.document, where, "this rule is not among `rules`")
        return None
    kind = known.kinds.get(reference)
    if kind == "correlation":
        message = "correlations over correlations are not supported yet"
    elif kind == "rule":
        message = f"the rule {reference!r} was refused, so this correlation cannot run"
    else:
        message = f"there is no rule with the id or name {reference!r}"
    return fault(draft.document, where, message)


def _by_reference(rules: Sequence[Rule]) -> dict[str, Rule]:
    found = {rule.name: rule for rule in rules if rule.name}
    return found | {str(rule.card.id): rule for rule in rules}
