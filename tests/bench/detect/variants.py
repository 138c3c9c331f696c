"""Rules like real ones, as many as wanted: each variant has the structure of a rule and new words.

What makes a rule match at all gets words that no event holds; what many rules share, such as
`\\powershell.exe`, stays, as it would if people had written so many rules. So a thousand more
variants cost an engine what a thousand more rules do, and the detections stay the same.
Letters are exchanged one for one, which keeps what contains what: a variant matches the events of
its rule once their words are exchanged too (`Words.of_event`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

SHARED_BY = 15  # a word that so many rules use stays as it is
NEW_FROM = 4  # letters that a word needs for nobody to write it by chance
VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
# Modifiers whose values are no words, or that say something else than what a value holds.
_NOT_WORDS = frozenset(
    (
        *("re", "cidr", "fieldref", "exists", "expand", "lt", "lte", "gt", "gte"),
        *("base64", "base64offset", "wide", "utf16", "utf16le", "utf16be"),
    )
)

_WORD = re.compile(r"[A-Za-z]+")
_LONG_WORD = re.compile(rf"[A-Za-z]{{{NEW_FROM},}}")
# The end of a file's name is no word of its own: a new program is a program.
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,4}\*?$")
_NEVER = re.compile(r"\bnot\s+(?:\(.*?\)|(?:1|all|any) of \S+|\S+)")

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """Which words become which: all of them in `fields`, elsewhere those that few rules share."""

    letters: Mapping[int, str]
    fields: frozenset[str]
    shared: frozenset[str]

    def of(self, field: str, text: str) -> str:
        """The text with new words, as a value of this field."""
        if field in self.fields:
            kept = _EXTENSION.search(text)
            stem = text[: kept.start()] if kept else text
            return stem.translate(self.letters) + (kept[0] if kept else "")
        return _WORD.sub(self._unless_shared, text)

    def of_event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The event that meets the variant as the given one meets the rule."""
        return {
            name: self.of(name, value) if isinstance(value, str) else value
            for name, value in event.items()
        }

    def _unless_shared(self, found: re.Match[str]) -> str:
        return found[0] if found[0].lower() in self.shared else found[0].translate(self.letters)


class Variants:
    """Makes variants of these rules; the same seed makes the same ones."""

    def __init__(self, rules: Sequence[Rule], seed: int) -> None:
        self._used = _uses(rules)
        self._shared = frozenset(word for word, n in self._used.items() if n >= SHARED_BY)
        self._seed = seed
        self.templates = [rule for rule in rules if self._new_fields(rule) is not None]

    def make(self, amount: int) -> Iterator[Rule]:
        """So many variants, the rules taken in turn."""
        for number in range(amount):
            yield self.of(self.templates[number % len(self.templates)], number)[0]

    def of(self, rule: Rule, number: int) -> tuple[Rule, Words]:
        """One variant of a rule, and how its words were chosen.

        Raises:
            ValueError: the rule asks for nothing that could be made new.
        """
        fields = self._new_fields(rule)
        if fields is None:
            raise ValueError(f"no variant can be made of {rule.get('id')}: it names no word")
        chance = Random(f"{self._seed} {rule.get('id')} {number}")
        words = Words(_letters(chance), fields, self._shared)
        made = {key: rule[key] for key in ("status", "level", "author", "logsource") if key in rule}
        made["title"] = f"{rule.get('title')} ({number})"
        made["id"] = str(UUID(int=chance.getrandbits(128), version=4))
        made["detection"] = _renewed(rule["detection"], words)
        return made, words

    def _new_fields(self, rule: Rule) -> frozenset[str] | None:
        """The fields whose words must all be new for the variant to match nothing; None: none do.

        Where every selection is needed one of them is enough, the one that says most. Else each
        has one.
        """
        detection = rule["detection"]
        condition = detection["condition"]
        if not isinstance(condition, str):
            return None
        positive = _NEVER.sub("", condition)
        selections = [
            part
            for name, part in detection.items()
            if name != "condition" and _is_named(name, positive)
        ]
        needed = " or " not in positive and "1 of" not in positive and "any of" not in positive
        found = [self._witnesses(selection) for selection in selections]
        if needed:
            found = [max((each for each in found if each), key=self._rarity, default=None)]
        if not found or not all(found):
            return None
        return frozenset(field for each in found if each for field in each)

    def _witnesses(self, selection: object) -> dict[str, int] | None:
        """A field for each alternative of a selection, with how rare its words are."""
        chosen: dict[str, int] = {}
        for each in selection if isinstance(selection, list) else [selection]:
            if not isinstance(each, dict):
                if not _all_new([each]):
                    return None
                chosen[""] = self._uses_of([each])
                continue
            fit = {
                key.split("|")[0]: self._uses_of(_listed(value))
                for key, value in each.items()
                if not _NOT_WORDS & set(key.split("|")[1:]) and _all_new(_listed(value))
            }
            if not fit:
                return None
            field = min(fit, key=lambda name: (fit[name], name))
            chosen[field] = fit[field]
        return chosen or None

    def _rarity(self, witnesses: Mapping[str, int]) -> int:
        return -max(witnesses.values())

    def _uses_of(self, values: Sequence[object]) -> int:
        return max(
            min((self._used[word] for word in _words(str(value))), default=0) for value in values
        )


def _renewed(detection: Mapping[str, Any], words: Words) -> dict[str, Any]:
    made = deepcopy(dict(detection))
    for name, selection in made.items():
        if name != "condition":
            made[name] = _renewed_part(selection, words)
    return made


def _renewed_part(part: object, words: Words) -> object:
    if isinstance(part, list):
        return [_renewed_part(each, words) for each in part]
    if isinstance(part, str):
        return words.of("", part)
    if not isinstance(part, dict):
        return part
    made: dict[str, object] = {}
    for key, value in part.items():
        field, *modifiers = key.split("|")
        if _NOT_WORDS & set(modifiers):
            made[key] = value
        elif isinstance(value, list):
            made[key] = [words.of(field, v) if isinstance(v, str) else v for v in value]
        else:
            made[key] = words.of(field, value) if isinstance(value, str) else value
    return made


def _letters(chance: Random) -> dict[int, str]:
    """Each letter another of its kind, so that words stay speakable and common pairs common."""
    table: dict[int, str] = {}
    for letters in (VOWELS, CONSONANTS):
        ring = list(letters)
        chance.shuffle(ring)
        for old, new in zip(ring, ring[1:] + ring[:1], strict=True):
            table[ord(old)], table[ord(old.upper())] = new, new.upper()
    return table


def _all_new(values: Sequence[object]) -> bool:
    """Say whether each value has a word long enough for nobody to say its variant by chance."""
    return bool(values) and all(
        isinstance(value, str) and _LONG_WORD.search(_EXTENSION.sub("", value)) for value in values
    )


def _uses(rules: Sequence[Rule]) -> Counter[str]:
    used: Counter[str] = Counter()
    for rule in rules:
        used.update({word for text in _texts(rule["detection"]) for word in _words(text)})
    return used


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _texts(each)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _is_named(name: str, condition: str) -> bool:
    for word in re.findall(r"[\w*]+", condition):
        if word == "them" or re.fullmatch(word.replace("*", r"\w*"), name):
            return True
    return False
