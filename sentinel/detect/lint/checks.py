"""All checks, one after the other, over all files: what `sentinel rules check` says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from sentinel.detect.lint.card import check_card, check_tags
from sentinel.detect.lint.dead import check_branches, check_unused, check_values
from sentinel.detect.lint.finding import Finding, refusal
from sentinel.detect.lint.impossible import check_impossible
from sentinel.detect.lint.names import check_names, usual_names
from sentinel.detect.lint.patterns import check_patterns
from sentinel.detect.lint.reach import check_fed, check_related, check_twins
from sentinel.detect.lint.regexes import check_regexes
from sentinel.detect.lint.subject import Subject
from sentinel.detect.route import Source
from sentinel.detect.ruleset import RuleSet
from sentinel.detect.sigma.card import place_of
from sentinel.detect.sigma.load import EXAMPLES
from sentinel.detect.sigma.split import split
from sentinel.documents import SourceText

CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    check_card,
    check_tags,
    check_unused,
    check_values,
    check_branches,
    check_impossible,
    check_patterns,
    check_regexes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What rules can be about: the logsources that events here have, and the names of fields.

    Without `feeds` nothing is said of logsources.
    """

    feeds: Collection[Source] = ()
    fields: Collection[str] = ()


def lint(texts: Iterable[SourceText], ruleset: RuleSet, world: World = World()) -> list[Finding]:
    """Everything odd in these files, in order of file and line; `ruleset` is what loaded of them.

    What was refused comes as FAULT, in the words of the loader.
    """
    subjects = list(_subjects(texts, ruleset))
    ids = {str(card.id): card.place for card in ruleset.cards}
    usual = usual_names(subjects)
    findings = [refusal(fault) for fault in ruleset.refused]
    for subject in subjects:
        for check in CHECKS:
            findings += check(subject)
        findings += check_names(subject, usual, world.fields)
        findings += check_related(subject, ids)
    findings += check_twins(subjects)
    findings += check_fed(subjects, world.feeds)
    return sorted(findings, key=_order)


def _subjects(texts: Iterable[SourceText], ruleset: RuleSet) -> Iterator[Subject]:
    """Every document that is a mapping; what was refused has no rule but may have hints."""
    rules = {rule.card.place: rule for rule in ruleset.rules}
    for source in texts:
        if source.path.endswith(EXAMPLES) or source.unreadable is not None:
            continue
        for document in split(source)[0]:
            if isinstance(document.data, dict):
                rule = rules.get(place_of(document))
                yield Subject(document=document, data=document.data, rule=rule)


def _order(finding: Finding) -> tuple[str, int, str]:
    path, _, line = finding.place.rpartition(":")
    return (path, int(line), finding.code) if line.isdecimal() else (finding.place, 0, finding.code)
