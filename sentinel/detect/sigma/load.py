"""From files to rules that run: everything is read, every fault is told, the good ones go on.

A rule is taken whole or refused whole, with `file:line` and the reason; it never runs in part.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sigma.processing.pipeline import ProcessingPipeline

from sentinel.detect.ruleset import EXAMPLES, Output, Rule, RuleSet
from sentinel.detect.sigma.card import canonical, place_of
from sentinel.detect.sigma.diagnose import fault
from sentinel.detect.sigma.filters import Filter, read_filter, targets
from sentinel.detect.sigma.link import Known, link, silent_rules
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders
from sentinel.detect.sigma.read_correlation import Draft, Wish, read_correlation
from sentinel.detect.sigma.read_rule import read_rule
from sentinel.detect.sigma.split import split
from sentinel.documents import Document, SourceText
from sentinel.errors import Fault
from sentinel.model.ids import RuleId

__all__ = ["EXAMPLES", "RuleSet", "load"]


@dataclass(slots=True)
class _Loading:
    """What has been read so far."""

    pipeline: ProcessingPipeline | None
    placeholders: Placeholders
    rules: list[Rule] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sources: dict[str, SourceText] = field(default_factory=dict)  # of each rule, by its place
    places: dict[str, str] = field(default_factory=dict)  # of each id, refused ones included
    names: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, str] = field(
        default_factory=dict
    )  # "rule", "correlation", "filter" by id and name


def load(
    texts: Iterable[SourceText],
    pipeline: ProcessingPipeline | None = None,
    *,
    placeholders: Placeholders = NO_PLACEHOLDERS,
) -> RuleSet:
    """Read rules, correlations and filters from these files; `*.examples.yml` are passed over.

    `pipeline` is a pySigma pipeline that is applied to each rule. A rule with placeholders needs
    values for each of them.
    """
    loading = _Loading(pipeline, placeholders)
    with warnings.catch_warnings():
        # `re` and `regex` muse about expressions ("possible nested set"); they are used as written.
        warnings.simplefilter("ignore")
        for source in texts:
            if not source.path.endswith(EXAMPLES):
                _read_file(source, loading)
        _filter_rules(loading)
    known = Known(
        rules=loading.rules, names=loading.names, kinds=loading.kinds, wishes=loading.wishes
    )
    correlations, faults = link(loading.drafts, known)
    loading.faults += faults
    silent = silent_rules(loading.wishes, loading.rules)
    return RuleSet(
        rules=tuple(
            replace(rule, output=Output.CORRELATIONS_ONLY) if rule.card.id in silent else rule
            for rule in loading.rules
        ),
        correlations=correlations,
        refused=tuple(loading.faults),
    )


def _read_file(source: SourceText, loading: _Loading) -> None:
    if source.unreadable is not None:
        loading.faults.append(source.unreadable)
        return
    documents, faults = split(source)
    loading.faults += faults
    if not documents and not faults:
        loading.faults.append(Fault(source.path, "the file is empty", allowed="a Sigma rule"))
    for document in documents:
        data = document.data
        if not isinstance(data, dict):
            loading.faults.append(fault(document, (), "this is no Sigma rule", "a mapping"))
        elif _is_new(document, data, loading):
            _read_document(document, data, loading, source)


def _read_document(
    document: Document, data: dict[str, Any], loading: _Loading, source: SourceText
) -> None:
    if "action" in data:
        message = "collections by `action` are not supported: Sigma 2 has given them up"
        loading.faults.append(fault(document, ("action",), message, "whole rules, one a document"))
    elif "filter" in data:
        made, faults = read_filter(document, data, loading.placeholders)
        loading.faults += faults
        if made is not None:
            loading.filters.append(made)
    elif "correlation" in data:
        draft, wish, faults = read_correlation(document, data, loading.pipeline)
        loading.wishes.append(wish)
        loading.faults += faults
        if draft is not None:
            loading.drafts.append(draft)
    else:
        rule, faults = read_rule(
            document, data, loading.pipeline, placeholders=loading.placeholders
        )
        loading.faults += faults
        if rule is not None:
            loading.rules.append(rule)
            loading.sources[rule.card.place] = source


def _filter_rules(loading: _Loading) -> None:
    """Read the rules that filters are for once more, with their filters.

    Filters may stand anywhere, so that which rules they are for is known at the end only.
    """
    chosen, faults = targets(loading.filters, loading.rules, loading.kinds)
    loading.faults += faults
    by_place = {rule.card.place: rule.card.id for rule in loading.rules if rule.card.id in chosen}
    files = {source.path: source for place, source in loading.sources.items() if place in by_place}
    narrowed: dict[RuleId, Rule] = {}
    for source in files.values():
        for document in split(source)[0]:
            rule_id = by_place.get(place_of(document))
            if rule_id is None or not isinstance(document.data, dict):
                continue
            rule, faults = read_rule(
                document,
                document.data,
                loading.pipeline,
                placeholders=loading.placeholders,
                filters=chosen[rule_id],
            )
            loading.faults += faults
            if rule is not None:
                narrowed[rule_id] = rule
    loading.rules = [narrowed.get(rule.card.id, rule) for rule in loading.rules]


def _is_new(document: Document, data: dict[str, Any], loading: _Loading) -> bool:
    """Note the names of a document; a second one of the same id is refused."""
    kind = next((each for each in ("filter", "correlation") if each in data), "rule")
    name = data.get("name")
    if isinstance(name, str):
        loading.names[name] += kind != "filter"
        loading.kinds.setdefault(name, kind)
    # Nothing refers to a filter: it needs no name of its own.
    keys = ("id",) if kind == "filter" else ("id", "name", "title")
    key = next((each for each in keys if data.get(each)), "")
    if not key:
        return True
    own_id = canonical(str(data[key]))
    first = loading.places.setdefault(own_id, document.place((key,)))
    loading.kinds.setdefault(own_id, kind)
    if first == document.place((key,)):
        return True
    message = f"this {key} stands at {first} already; the rule there runs, this one does not"
    loading.faults.append(fault(document, (key,), message, "an id of its own for each rule"))
    return False
