"""A condition as functions: the close look at one rule, the likely and the cheap first.

What is asked of one field at once is asked in one call: forty endings are one `str.endswith`. The
answer, and the fields that are reported, are those of the reference (`sentinel.detect.reference`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    Condition,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    ReferenceAtom,
)
from sentinel.detect.patience import patiently
from sentinel.detect.reference import (
    KEYWORDS,
    OWN_FIELDS,
    Hits,
    evaluate,
    one_or_list,
    values,
)
from sentinel.detect.values import (
    Case,
    KeywordTest,
    RegexTest,
    Segment,
    Test,
    TextTest,
    as_text,
    fold,
)
from sentinel.model.event import Fields, Scalar

Holds = Callable[[Fields], bool]
Gather = Callable[[Fields, set[str]], None]  # adds the names that are reported; after it held


@dataclass(frozen=True, slots=True)
class _Node:
    """`weight` is how dear the question is, roughly in tenths of a microsecond."""

    holds: Holds
    gather: Gather
    weight: float


class Check:
    """One rule's condition, ready to be asked many times."""

    __slots__ = ("_condition", "_gather", "_plain", "holds")

    def __init__(self, condition: Condition) -> None:
        node = _compile(condition)
        self.holds: Holds = node.holds
        self._gather = node.gather
        self._condition = condition
        self._plain = _has_keywords(condition)  # their hits are values: the reference gives them

    def hits(self, fields: Fields) -> Hits | None:
        """What the reference would say of this condition and event.

        Raises:
            TimeoutError: a regular expression took too long.
        """
        if not self.holds(fields):
            return None
        if self._plain:
            return _evaluated(self._condition, fields)
        names: set[str] = set()
        self._gather(fields, names)
        return {name: fields.get(name) for name in sorted(names)}


@dataclass(slots=True)
class _Texts:
    """The tests of one field that ignore case and have no wildcard inside, by their kind."""

    equal: set[str] = field(default_factory=set)
    starts: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def take(self, test: Test) -> bool:
        """Add the test; False where it is of another kind."""
        found = plain_text(test)
        if found is None:
            return False
        begins, text, ends = found
        if begins and ends:
            self.equal.add(text)
        elif begins:
            self.starts.append(text)
        elif ends:
            self.ends.append(text)
        else:
            self.inside.append(text)
        return True


def plain_text(test: Test) -> tuple[bool, str, bool] | None:
    """Whether it must stand at the beginning, the folded text, whether it must stand at the end.

    None for tests that are not of one text without wildcards in it, case ignored.
    """
    if isinstance(test, KeywordTest):
        test = test.within
    if not isinstance(test, TextTest) or test.case is not Case.IGNORED:
        return None
    filled = [segment for segment in test.segments if segment.pieces]
    if len(filled) > 1 or len(test.segments) > 3:  # noqa: PLR2004 - before, between and after two `*`
        return None
    pieces = filled[0].pieces if filled else ()
    if not all(isinstance(piece, str) for piece in pieces):
        return None
    text = "".join(str(piece) for piece in pieces)
    begins = bool(test.segments[0].pieces) or len(test.segments) == 1
    ends = bool(test.segments[-1].pieces) or len(test.segments) == 1
    return begins, text, ends


def _compile(condition: Condition) -> _Node:
    match condition:
        case AllOf(parts):
            return _all_of(parts)
        case AnyOf(parts):
            return _any_of(parts)
        case Not(part):
            inner = _compile(part)
            return _Node(lambda fields: not inner.holds(fields), _nothing, inner.weight + 5)
        case FieldAtom(name, test):
            return _field(name, [test])
        case KeywordAtom(test):
            return _keywords([test])
    return _plain(condition)


def _all_of(parts: Iterable[Condition]) -> _Node:
    nodes = [_compile(part) for part in parts]
    gathers = [node.gather for node in nodes if node.gather is not _nothing]
    asked = tuple(node.holds for node in sorted(nodes, key=_weight))

    def holds(fields: Fields) -> bool:
        for each in asked:  # noqa: SIM110 - a generator would cost more than the questions
            if not each(fields):
                return False
        return True

    def gather(fields: Fields, names: set[str]) -> None:
        for each in gathers:
            each(fields, names)

    return _Node(holds, gather, sum(node.weight for node in nodes) / 2 + 1)


def _any_of(parts: Sequence[Condition]) -> _Node:
    by_field: dict[str, list[Test]] = {}
    words: list[Test] = []
    nodes: list[_Node] = []
    for part in _flat(parts):
        if isinstance(part, FieldAtom):
            by_field.setdefault(part.field, []).append(part.test)
        elif isinstance(part, KeywordAtom):
            words.append(part.test)
        else:
            nodes.append(_compile(part))
    nodes += [_field(name, tests) for name, tests in by_field.items()]
    if words:
        nodes.append(_keywords(words))
    return nodes[0] if len(nodes) == 1 else _one_of(sorted(nodes, key=_weight))


def _one_of(nodes: Sequence[_Node]) -> _Node:
    asked = tuple(node.holds for node in nodes)

    def holds(fields: Fields) -> bool:
        for each in asked:  # noqa: SIM110 - as above
            if each(fields):
                return True
        return False

    def gather(fields: Fields, names: set[str]) -> None:
        for node in nodes:
            if node.holds(fields):
                node.gather(fields, names)

    return _Node(holds, gather, sum(node.weight for node in nodes) + 1)


def _flat(parts: Iterable[Condition]) -> Iterable[Condition]:
    for part in parts:
        if isinstance(part, AnyOf):
            yield from _flat(part.parts)
        else:
            yield part


def _field(name: str, tests: Sequence[Test]) -> _Node:
    """Some value of this field passes one of the tests."""
    texts = _Texts()
    others = tuple(_quick(test) for test in tests if not texts.take(test))
    one = _value_question(_text_question(texts), others)

    def holds(fields: Fields) -> bool:
        value = fields.get(name)
        if value is None:
            return False
        if isinstance(value, list):
            return any(one(each) for each in patiently(value) if each is not None)
        return one(value)

    dear = sum(200 if isinstance(test, RegexTest) else 5 for test in tests)
    return _Node(holds, _adding(name), 2 + len(texts.inside) / 2 + dear)


def _quick(test: Test) -> Callable[[Scalar], bool]:
    """The test as a function; text with wildcards becomes an expression that never goes back."""
    within = test.within if isinstance(test, KeywordTest) else test
    if not isinstance(within, TextTest):
        return test.holds
    found = re.compile(_expression(within.segments), re.DOTALL).match
    if within.case is Case.IGNORED:
        return lambda value: found(fold(as_text(value))) is not None
    return lambda value: found(as_text(value)) is not None


def _expression(segments: Sequence[Segment]) -> str:
    """What stands between `*`, each as far to the left as it can, the last at the end.

    The leftmost place leaves the most room for what follows, so that nothing else need be tried.
    """
    first, *inner = (_segment(segment) for segment in segments)
    if not inner:
        return f"{first}\\Z"
    *inner, last = inner
    middle = "".join(f"(?>.*?{each})" for each in inner)
    length = segments[-1].length
    return f"{first}{middle}(?=.{{{length}}}).*(?<={last})\\Z" if length else f"{first}{middle}"


def _segment(segment: Segment) -> str:
    return "".join(re.escape(each) if isinstance(each, str) else "." for each in segment.pieces)


def _value_question(
    ask_text: Callable[[str], bool] | None, others: Sequence[Callable[[Scalar], bool]]
) -> Callable[[Scalar], bool]:
    """One question of a value that is there, for its folded text and for the value itself."""

    def one(value: Scalar) -> bool:
        if ask_text is not None and ask_text(
            value.casefold() if type(value) is str else fold(as_text(value))
        ):
            return True
        for other in others:  # noqa: SIM110 - as above
            if other(value):
                return True
        return False

    return one


def _text_question(texts: _Texts) -> Callable[[str], bool] | None:
    """One question for all of these texts; None where there are none."""
    questions: list[Callable[[str], bool]] = []
    if texts.equal:
        questions.append(frozenset(texts.equal).__contains__)
    if texts.starts:
        starts = tuple(texts.starts)
        questions.append(lambda text: text.startswith(starts))
    if texts.ends:
        ends = tuple(texts.ends)
        questions.append(lambda text: text.endswith(ends))
    if len(texts.inside) == 1:
        questions.append(_contains_one(texts.inside[0]))
    elif texts.inside:
        inside = tuple(texts.inside)
        questions.append(lambda text: any(map(text.__contains__, inside)))
    if not questions:
        return None
    if len(questions) == 1:
        return questions[0]
    asked = tuple(questions)
    return lambda text: any(question(text) for question in asked)


def _contains_one(word: str) -> Callable[[str], bool]:
    return lambda text: word in text


def _keywords(tests: Sequence[Test]) -> _Node:
    """Some value of any field passes one of the tests."""
    texts = _Texts()
    others = tuple(_quick(test) for test in tests if not texts.take(test))
    one = _value_question(_text_question(texts), others)

    def holds(fields: Fields) -> bool:
        for name, value in fields.items():
            if name.startswith(OWN_FIELDS) or value is None:
                continue
            if isinstance(value, list):
                if any(one(each) for each in patiently(value) if each is not None):
                    return True
            elif one(value):
                return True
        return False

    return _Node(holds, _nothing, 500)


def _plain(atom: NullAtom | ExistsAtom | ReferenceAtom) -> _Node:
    """What is rare is asked as the reference asks it."""
    name = atom.field
    weight = {NullAtom: 2, ExistsAtom: 1, ReferenceAtom: 10}[type(atom)]
    if isinstance(atom, ExistsAtom):
        expected = atom.expected
        return _Node(lambda fields: (name in fields) is expected, _adding(name), weight)
    return _Node(lambda fields: evaluate(atom, fields) is not None, _adding(name), weight)


def _adding(name: str) -> Gather:
    def gather(fields: Fields, names: set[str]) -> None:
        del fields
        names.add(name)

    return gather


def _nothing(fields: Fields, names: set[str]) -> None:
    """Add no name: what stands under a `not` is never reported."""


def _weight(node: _Node) -> float:
    return node.weight


def _has_keywords(condition: Condition) -> bool:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return any(_has_keywords(part) for part in parts)
        case Not():
            return False
    return isinstance(condition, KeywordAtom)


def _evaluated(condition: Condition, fields: Fields) -> Hits | None:
    """What the reference says, with each value folded once for all keywords."""
    folded = [
        (value, fold(as_text(value)))
        for name, value_or_list in fields.items()
        if not name.startswith(OWN_FIELDS)
        for value in values(value_or_list)
    ]

    def keyword(test: Test) -> Hits | None:
        text = plain_text(test)
        if text is None or text[0] or text[2]:
            return evaluate(KeywordAtom(test), fields)
        hits = [value for value, there in folded if text[1] in there]
        return {KEYWORDS: one_or_list(hits)} if hits else None

    return evaluate(condition, fields, keyword)
