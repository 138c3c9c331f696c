"""Sentinel's reference evaluator over the first events of a lane: slow, plain, and what counts.

It runs in this process for a while, not to the end; its rate is that of what it did.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from sentinel.detect.reference import evaluate
from sentinel.detect.route import Router, condition_for, source_of
from sentinel.detect.sigma.load import load
from sentinel.documents import yaml_texts
from sentinel.model.event import Fields
from tests.bench.detect.lanes import NUMBER, Made
from tests.bench.detect.peers import Match

SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What it did: so many events in so many seconds of the processor, with these matches."""

    events: int
    seconds: float
    matches: Counter[Match]

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds if self.seconds else 0.0


def sample(made: Made, seconds: float = SECONDS) -> Sample:
    """Hold a lane's rules against its first events, one after the other, for so long."""
    router = Router(load(yaml_texts([made.rules])).rules)
    matches: Counter[Match] = Counter()
    events = 0
    began = time.process_time()
    for fields in _events(made):
        source = source_of(fields)
        for rule in router.rules_for(source):
            if evaluate(condition_for(rule, source), fields) is not None:
                matches[rule.card.id, int(str(fields[NUMBER]))] += 1
        events += 1
        if time.process_time() - began >= seconds:
            break
    return Sample(events=events, seconds=time.process_time() - began, matches=matches)


def _events(made: Made) -> Iterator[Fields]:
    with made.events.open("rb") as lines:
        for line in lines:
            yield orjson.loads(line)
