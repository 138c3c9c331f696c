"""Which rules an event can concern at all, by its logsource, and by which names they ask of it.

An event says `sentinel.logsource.product`, `.category`, `.service`, each one word or several. A
rule's parts must all be among them. An event that says nothing is tried with every rule, `*` is any
word, and a word that the taxonomy does not know keeps a rule from no event.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from sentinel.detect.condition import Condition
from sentinel.detect.ruleset import Logsource, Rule
from sentinel.detect.taxonomy import CATEGORIES, PRODUCTS, SERVICES
from sentinel.model.event import Fields, Scalar

PRODUCT = "sentinel.logsource.product"
CATEGORY = "sentinel.logsource.category"
SERVICE = "sentinel.logsource.service"
NAMES = "sentinel.names"
ANY = "*"

_PARTS = ("product", "category", "service")
_KNOWN = (PRODUCTS, CATEGORIES, SERVICES)
_REMEMBERED = 4096

Word = Scalar | tuple[Scalar, ...]


class Names(StrEnum):
    """Whose names the fields of an event have: its own program's, or those of normalised events."""

    NATIVE = "native"
    NORMALISED = "normalised"


class Source(NamedTuple):
    """What an event says of its logsource."""

    products: frozenset[str]
    categories: frozenset[str]
    services: frozenset[str]
    names: Names = Names.NORMALISED


def source_of(fields: Fields) -> Source | None:
    """What an event says of its logsource; None where it says nothing at all."""
    get = fields.get
    said = get(PRODUCT), get(CATEGORY), get(SERVICE), get(NAMES)
    try:
        return _source(*said)  # type: ignore[arg-type]  # a list raises
    except TypeError:  # some part has several words
        return _source(*(tuple(each) if isinstance(each, list) else each for each in said))


def lacking(logsource: Logsource, source: Source) -> tuple[str, ...]:
    """The parts of a rule's logsource ("product", ...) that events of this source do not have."""
    wanted = (logsource.product, logsource.category, logsource.service)
    return tuple(
        name
        for name, part, words, known in zip(_PARTS, wanted, source[:3], _KNOWN, strict=True)
        if part is not None and part not in words and ANY not in words and part in known
    )


def concerns(logsource: Logsource, source: Source) -> bool:
    """Say whether events of this source are what the rule is written for."""
    return not lacking(logsource, source)


def has_native_names(source: Source | None) -> bool:
    """Say whether rules ask such an event by their own names, not by the bound ones."""
    return source is None or source.names is Names.NATIVE


def condition_for(rule: Rule, source: Source | None) -> Condition:
    """The rule's condition in the names that such an event has."""
    return rule.condition if has_native_names(source) else rule.bound


class Router:
    """The rules for each source that was seen; remembered, since sources are few."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._by_source: dict[Source, tuple[Rule, ...]] = {}

    def rules_for(self, source: Source | None) -> tuple[Rule, ...]:
        """The rules that can concern this source, in their order; all for an unknown one."""
        if source is None:
            return self._rules
        found = self._by_source.get(source)
        if found is None:
            found = tuple(rule for rule in self._rules if concerns(rule.logsource, source))
            if len(self._by_source) >= _REMEMBERED:
                self._by_source.clear()
            self._by_source[source] = found
        return found


@lru_cache(maxsize=_REMEMBERED)
def _source(
    product: Word,
    category: Word,
    service: Word,
    names_of: Word,
) -> Source | None:
    names = Names.NATIVE if names_of == Names.NATIVE.value else Names.NORMALISED
    source = Source(_words(product), _words(category), _words(service), names)
    return source if any(source[:3]) else None


def _words(value: Word) -> frozenset[str]:
    each = value if isinstance(value, tuple) else (value,)
    return frozenset(word for word in each if isinstance(word, str) and word)
