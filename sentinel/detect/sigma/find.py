"""One rule among many: by its id, name, title or file, with what it takes to explain it.

Thousands of rules take seconds to load, so only the files are read that the rule can need: its own,
the filters, and for a correlation all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sigma.processing.pipeline import ProcessingPipeline

from sentinel.detect.explain import Marks
from sentinel.detect.ruleset import Output, Rule, RuleSet
from sentinel.detect.sigma.card import canonical, place_of
from sentinel.detect.sigma.load import EXAMPLES, load
from sentinel.detect.sigma.marks import marks_of
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders
from sentinel.detect.sigma.split import split
from sentinel.documents import Document, SourceText
from sentinel.errors import Fault, NotFound, RuleError
from sentinel.model.ids import RuleId
from sentinel.model.rule import RuleCard

_FILTER = re.compile(r"^filter\s*:", re.MULTILINE)
_TITLE = re.compile(r"^title\s*:\s*(.+?)\s*$", re.MULTILINE)
_NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """With what rules are read: a pySigma pipeline, the values of placeholders."""

    pipeline: ProcessingPipeline | None = None
    placeholders: Placeholders = NO_PLACEHOLDERS

    def rules(self, texts: Iterable[SourceText]) -> RuleSet:
        """What these files become."""
        return load(texts, self.pipeline, placeholders=self.placeholders)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRule:
    """The rules that were asked for, the set they run in, and the names of their parts."""

    cards: tuple[RuleCard, ...]
    ruleset: RuleSet
    marks: dict[RuleId, Marks]


def find_rule(texts: Sequence[SourceText], wanted: str, reading: Reading) -> FoundRule:
    """The one rule whose id, name or title this is; case does not count.

    Raises:
        NotFound: there is none; the message names near titles.
        RuleError: several have this name or title, or the rule itself is refused.
    """
    sources = [each for each in texts if not each.path.endswith(EXAMPLES)]
    spellings = {wanted.casefold(), canonical(wanted).casefold()}
    found = [
        (source, document)
        for source in sources
        if any(spelling in source.text.casefold() for spelling in spellings)
        for document in split(source)[0]
        if _is_called(document, wanted)
    ]
    if not found:
        raise NotFound(_no_such(sources, wanted))
    if len(found) > 1:
        allowed = "the id of the one that is meant"
        places = ", ".join(place_of(document) for _, document in found)
        raise RuleError(
            [Fault(wanted, "several rules are called so", found=places, allowed=allowed)]
        )
    ((source, document),) = found
    return _loaded(sources, [source], [place_of(document)], reading)


def rules_of_file(
    texts: Sequence[SourceText],
    others: Sequence[SourceText],
    reading: Reading,
) -> FoundRule:
    """The rules of these files that make detections; `others` are what they may refer to.

    Raises:
        RuleError: one of them is refused.
    """
    own = [each for each in texts if not each.path.endswith(EXAMPLES)]
    places = [place_of(document) for source in own for document in split(source)[0]]
    paths = {source.path for source in own}
    return _loaded(
        [*own, *(each for each in others if each.path not in paths)], own, places, reading
    )


def _loaded(
    sources: Sequence[SourceText],
    own: Sequence[SourceText],
    places: Sequence[str],
    reading: Reading,
) -> FoundRule:
    paths = {source.path for source in own}
    needed = [each for each in sources if each.path in paths or _FILTER.search(each.text)]
    ruleset = reading.rules(needed)
    if any(_is_of(fault, paths) for fault in ruleset.refused) and len(needed) < len(sources):
        ruleset = reading.rules(sources)  # a correlation may count rules of any file
    faults = [fault for fault in ruleset.refused if _is_of(fault, paths)]
    cards = [card for card in ruleset.cards if card.place in places]
    outputs = {rule.card.id: rule.output for rule in ruleset.rules}
    outputs |= {each.card.id: each.output for each in ruleset.correlations}
    loud = [card for card in cards if outputs[card.id] is Output.DETECTIONS]
    if faults and not cards:
        raise RuleError(faults)
    return FoundRule(
        cards=tuple(cards if len(places) == 1 else loud or cards),
        ruleset=ruleset,
        marks=_marks(_counted(ruleset, cards), sources, reading),
    )


def _counted(ruleset: RuleSet, cards: Sequence[RuleCard]) -> list[Rule]:
    """The rules of these cards, and those that correlations among them count, however deep."""
    correlations = {each.card.id: each for each in ruleset.correlations}
    wanted: dict[RuleId, None] = {}
    ahead = [card.id for card in cards]
    while ahead:
        rule = ahead.pop()
        if rule not in wanted:
            wanted[rule] = None
            ahead += correlations[rule].rules if rule in correlations else ()
    return [rule for rule in ruleset.rules if rule.card.id in wanted]


def _marks(
    rules: Sequence[Rule], sources: Sequence[SourceText], reading: Reading
) -> dict[RuleId, Marks]:
    by_path = {source.path: source for source in sources}
    marks: dict[RuleId, Marks] = {}
    for rule in rules:
        source = by_path.get(rule.card.place.rpartition(":")[0])
        for document in split(source)[0] if source is not None else ():
            if place_of(document) == rule.card.place:
                marks[rule.card.id] = marks_of(
                    document, rule.logsource, reading.pipeline, reading.placeholders
                )
    return marks


def _is_called(document: Document, wanted: str) -> bool:
    data = document.data
    if not isinstance(data, dict):
        return False
    names = (canonical(str(data.get("id"))), str(data.get("name")), str(data.get("title")))
    return canonical(wanted).casefold() in [name.casefold() for name in names]


def _no_such(sources: Sequence[SourceText], wanted: str) -> str:
    titles = [found[1].strip("'\"") for each in sources for found in _TITLE.finditer(each.text)]
    near = get_close_matches(wanted, titles, n=_NEAR, cutoff=0.5)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"there is no rule with the id, name or title {wanted!r}{hint}"


def _is_of(fault: Fault, paths: set[str]) -> bool:
    return fault.place.rpartition(":")[0] in paths or fault.place in paths
