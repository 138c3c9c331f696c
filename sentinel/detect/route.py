"""Which rules an event can concern at all, by its logsource.

An event says `sentinel.logsource.product`, `.category`, `.service`, each one word or several. A
rule's parts must all be among them. An event that says nothing is tried with every rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from sentinel.detect.ruleset import Logsource, Rule
from sentinel.model.event import Fields, Value

PRODUCT = "sentinel.logsource.product"
CATEGORY = "sentinel.logsource.category"
SERVICE = "sentinel.logsource.service"

_REMEMBERED = 4096

Source = tuple[frozenset[str], frozenset[str], frozenset[str]]


def source_of(fields: Fields) -> Source | None:
    """The words of an event's product, category and service; None where it says none at all."""
    source = (
        _words(fields.get(PRODUCT)),
        _words(fields.get(CATEGORY)),
        _words(fields.get(SERVICE)),
    )
    return source if any(source) else None


def concerns(logsource: Logsource, source: Source) -> bool:
    """Say whether events of this source are what the rule is written for."""
    wanted = (logsource.product, logsource.category, logsource.service)
    return all(part is None or part in words for part, words in zip(wanted, source, strict=True))


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


def _words(value: Value) -> frozenset[str]:
    each = value if isinstance(value, list) else [value]
    return frozenset(word for word in each if isinstance(word, str) and word)
