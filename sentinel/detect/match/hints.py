"""What is known of a rule before any event comes: how it is found, which values it asks for.

It is worked out once for each condition and kept with the rules for the next start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sentinel.detect.condition import AllOf, AnyOf, Condition, FieldAtom
from sentinel.detect.match.check import plain_text
from sentinel.detect.match.clues import Clues, clues_of
from sentinel.detect.values import NumberTest, Test

OPTIONS = 3  # ways to find a rule that are kept, the best ones

Asked = tuple[str | int | float, ...]  # folded texts, and numbers


@dataclass(frozen=True, slots=True)
class Hints:
    """`options` are ways to find the rule, the rarest first; none where only a look can tell.

    `asked` has the fields whose value must be one of a few wherever the condition holds.
    """

    options: tuple[Clues, ...]
    asked: Mapping[str, Asked]

    def clues(self, settled: str | None) -> tuple[Clues, ...]:
        """The clues that do not ask for the field `settled`, which is answered already.

        Where the rule is met, each of them is there.
        """
        return tuple(
            option
            for option in self.options
            if settled is None or all(clue.field != settled for clue in option.any_of)
        )


def hints_of(condition: Condition) -> Hints:
    """Work out the hints of a condition."""
    found = [clues for part in _parts(condition) if (clues := clues_of(part)) is not None]
    found.sort(key=lambda clues: clues.rate)
    options: list[Clues] = []
    fields: list[frozenset[str | None]] = []
    for clues in found:
        asked = frozenset(clue.field for clue in clues.any_of)
        if asked not in fields and len(options) < OPTIONS:
            options.append(clues)
            fields.append(asked)
    return Hints(tuple(options), {field: tuple(values) for field, values in _asked(condition)})


def _parts(condition: Condition) -> Iterator[Condition]:
    """The parts that must all hold."""
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition


def _asked(condition: Condition) -> Iterable[tuple[str, frozenset[str | int | float]]]:
    """The fields that must have one of a few values wherever the condition holds."""
    match condition:
        case AllOf(parts):
            for part in parts:
                yield from _asked(part)
        case AnyOf(parts):
            each = [dict(_asked(part)) for part in parts]
            for field in set(each[0]).intersection(*each[1:]) if each else ():
                yield field, frozenset().union(*(one[field] for one in each))
        case FieldAtom(field, test):
            value = _whole_value(test)
            if value is not None:
                yield field, frozenset((value,))


def _whole_value(test: Test) -> str | int | float | None:
    if isinstance(test, NumberTest):
        return test.number
    found = plain_text(test)
    if found is None or not (found[0] and found[2]):
        return None
    return found[1]
