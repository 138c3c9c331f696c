"""What one process says to another: the records of a block that met rules, in numbers and fields.

An answer speaks of its block alone. What the blocks before it know (how many records they held,
when the last of them happened, which rules rest) is put in by whoever takes the answers in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from sentinel.batch.reading import Block, Reader, Seen
from sentinel.batch.request import DetectRequest, Summary
from sentinel.detect.engine import Engine, Met
from sentinel.detect.match.finder import FastFinder
from sentinel.detect.match.ready import Ready
from sentinel.detect.reference import Hits, evaluate
from sentinel.detect.rests import Rests
from sentinel.detect.route import Source, condition_for, source_of
from sentinel.detect.ruleset import Rule, RuleSet
from sentinel.formats.jsontext import Broken
from sentinel.meter import Stopwatch
from sentinel.model.event import Event, Fields
from sentinel.model.ids import EventId, RuleId
from sentinel.model.profile import MATCH, DetectionProfile, StepCost
from sentinel.model.rule import RuleCard


class Open(Enum):
    """What is not decided yet: a regular expression took too long, or had so shortly before."""

    LATE = "late"
    LEFT = "left"


MetEvent = tuple[Event, Met, Source | None]
Verdict = tuple[int, Hits | Open]  # the place of a rule, and what was met


class Hit(NamedTuple):
    """A record that met rules. `at` and `newest` are None where its block does not say when."""

    record: int
    fields: Fields
    verdicts: Sequence[Verdict]
    at: datetime | None
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be said of a block, counted from its own beginning.

    `events` are those of its records that could be read. `broken` are the first of `broken_all`
    that could not. From line `left` on nothing was read, None where all was.
    """

    hits: Sequence[Hit]
    events: int
    records: int
    lines: int
    broken: Sequence[tuple[int, Broken]]
    broken_all: int
    last: datetime | None
    newest: datetime | None
    left: int | None


class Times(Enum):
    """Whether it matters when each record happened, or only when those did that met rules."""

    OF_ALL = "of all"
    OF_HITS = "of hits"


class Hand:
    """Holds records against rules; one process has one."""

    def __init__(self, request: DetectRequest, rules: RuleSet, ready: Ready, times: Times) -> None:
        self._request = request
        self._finder = FastFinder(rules.rules, ready)
        self._rests = _Noted()
        alone = replace(rules, correlations=())
        self._engine = Engine(alone, finder=self._finder, rests=self._rests)
        self._places = {rule.card.id: place for place, rule in enumerate(rules.rules)}
        self._times = times
        self._watch = Stopwatch()
        self.events = 0

    def answer(self, block: Block) -> Answer:
        """What is to be said of a block."""
        file = self._request.files[block.file]
        reader = Reader(file, block.file, self._request, Summary())
        before = self.events
        hits = [
            Hit(reader.record, fields, verdicts, reader.happened(), reader.newest)
            for fields, verdicts in self.hits(reader, reader.within(block))
        ]
        return Answer(
            hits=hits,
            events=self.events - before,
            records=reader.record,
            lines=block.lines.count(b"\n"),
            broken=reader.broken,
            broken_all=reader.broken_all,
            last=reader.moment(),
            newest=reader.newest,
            left=reader.left,
        )

    def hits(
        self, reader: Reader, seen: Iterable[Seen]
    ) -> Iterator[tuple[Fields, Sequence[Verdict]]]:
        """The records that met rules, as they are read, with what was met of each."""
        for fields, text in self._watch.each("read", seen):
            self.events += 1
            if self._times is Times.OF_ALL:
                reader.moment()
            met = self._engine.met(fields, source_of(fields), reader.event, text)
            if met or self._rests.noted:
                yield fields, self._verdicts(met)

    def cost(self) -> DetectionProfile:
        """What all of it has cost so far, with every rule that was looked at."""
        steps = (*self._watch.costs(), StepCost(name=MATCH, seconds=0.0, events=0))
        return self._engine.profile(None).on_the_way(steps)

    def leave(self) -> tuple[DetectionProfile, Ready | None]:
        """What it has cost, and what was worked out of the rules."""
        return self.cost(), self._finder.ready()

    def _verdicts(self, met: Met) -> Sequence[Verdict]:
        found: list[Verdict] = [(self._places[rule.card.id], hits) for rule, hits in met]
        if self._rests.noted:
            found += ((self._places[rule], why) for rule, why in self._rests.noted)
            found.sort(key=lambda verdict: verdict[0])
            self._rests.noted.clear()
        return found


class Settling:
    """Decides what one process could not: which rules rest, in the order of all records."""

    def __init__(self, rules: Sequence[Rule], rests: Rests) -> None:
        self._rules = rules
        self._rests = rests

    def met(self, event: Event, source: Source | None, verdicts: Sequence[Verdict]) -> Met:
        """The rules that the event met, as if one process had held all events against them."""
        found = []
        for place, verdict in verdicts:
            rule = self._rules[place]
            if self._rests and self._rests.holds(rule.card.id, event.received):
                continue
            hits = self._decided(verdict, rule, event, source)
            if hits is not None:
                found.append((rule, hits))
        return found

    def _decided(
        self, verdict: Hits | Open, rule: Rule, event: Event, source: Source | None
    ) -> Hits | None:
        if not isinstance(verdict, Open):
            return verdict
        if verdict is Open.LEFT:
            try:
                return evaluate(condition_for(rule, source), event.fields)
            except TimeoutError:
                pass  # as it would have been found out there
        self._rests.begin(rule.card, event.id, event.received)
        return None


class _Noted(Rests):
    """Rests that write down what they keep from being decided."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[tuple[RuleId, Open]] = []

    def holds(self, rule: RuleId, at: datetime) -> bool:
        resting = super().holds(rule, at)
        if resting:
            self.noted.append((rule, Open.LEFT))
        return resting

    def begin(self, card: RuleCard, event: EventId, at: datetime) -> None:
        super().begin(card, event, at)
        self.noted.append((card.id, Open.LATE))
