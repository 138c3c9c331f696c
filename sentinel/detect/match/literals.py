"""Thousands of texts looked for in one native pass over a value, case ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sentinel.detect.match.scan import Databases, numbers
from sentinel.detect.values import fold

Looked = frozenset[int]  # numbers of rules

NOBODY: Looked = frozenset()


class Literals:
    """Says which rules a text leads to, by the clues that are texts.

    `literals` has for a folded text, and whether it speaks of ASCII values alone, the rules. No
    text is empty or holds a NUL, which ends a text to Hyperscan; see `clues.searchable`.
    """

    def __init__(
        self, literals: Mapping[tuple[str, bool], Iterable[int]], databases: Databases
    ) -> None:
        together: dict[bytes, set[int]] = {}
        only: set[int] = set()
        for (text, ascii_only), rules in literals.items():
            data = text.encode(errors="surrogatepass")
            together.setdefault(data, set()).update(rules)
            if ascii_only:
                only.update(rules)
        self._only = frozenset(only)
        texts = sorted(together)  # in one order: what was kept for these texts is found again
        self._rules = [frozenset(together[text]) for text in texts]
        self._database = databases.of_texts(texts) if texts else None

    def rules_for(self, value: str) -> Looked:
        """The rules with a text that START + value + END contains."""
        if self._database is None:
            return NOBODY
        if value.isascii():  # the scan ignores the case of ASCII letters by itself
            found = numbers(self._database, b"\x02%b\x03" % value.encode())
            if not found:
                return NOBODY
            if len(found) == 1:
                return self._rules[found[0]]
            return NOBODY.union(*(self._rules[number] for number in found))
        data = fold(value).encode(errors="surrogatepass")
        found = numbers(self._database, b"\x02%b\x03" % data)
        return self._only.union(*(self._rules[number] for number in found))
