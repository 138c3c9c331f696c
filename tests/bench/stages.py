"""Microseconds an event takes in each stage, in one process, one batch after the other.

The pipeline is the service's own, made by `assembly`; a timer stands in front of each part that it
calls. What is left of a step beside the parts (whose event, witnesses, counters) is "the rest".
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from sentinel import assembly, pipeline, wiring
from sentinel.detect.engine import Engine
from sentinel.model.ids import InputName
from sentinel.model.record import Received
from sentinel.pipeline import Pipeline, Stations
from tests.bench import measured
from tests.bench.lines import lines
from tests.bench.report import Kind, Table
from tests.system import running

EVENTS = 20_000
BATCH = 2000  # records a commit to the journal, as `GroupCommit` takes them at most
STAGES = ("journal append", "journal read", "normalise", "store", "detect", "commit", "the rest")
HERE = "127.0.0.1"


class Stopwatch:
    """Adds up, by name, the seconds spent in what it wraps."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, name: str, call: Callable) -> Callable:
        """The same call, timed."""

        def timed(*args, **kwargs):
            began = time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                self.seconds[name] += time.perf_counter() - began

        return timed

    @contextmanager
    def watching(self, name: str) -> Iterator[None]:
        """Time a block."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - began

    def wrap(self, thing: object, **names: str) -> "Timed":
        """The same thing, with the named methods timed under the names given."""
        return Timed(
            thing,
            {method: self.timed(name, getattr(thing, method)) for method, name in names.items()},
        )


class Timed:
    """Stands in front of a part of the pipeline."""

    def __init__(self, thing: object, timed: dict[str, Callable]) -> None:
        self._thing = thing
        self._timed = timed

    def __getattr__(self, name: str) -> object:
        return self._timed.get(name) or getattr(self._thing, name)


class TimedState:
    """The state, with its transactions timed from their beginning to the end of their commit."""

    def __init__(self, state, watch: Stopwatch) -> None:
        self._state = state
        self._watch = watch
        self.reading = state.reading

    @contextmanager
    def transaction(self):
        """One writer, timed."""
        with self._watch.watching("commit"), self._state.transaction() as writer:
            yield writer


def measure(folder: Path, events: int = EVENTS) -> Table:
    """Run it with each kind of line."""
    columns = []
    for kind in Kind:
        settings = measured.settings(folder / f"stages-{kind.name.lower()}", HERE, HERE)
        columns.append(run(settings, kind, events))
    rows = [
        (stage, *(f"{column[stage] / events * 1e6:.1f}" for column in columns)) for stage in STAGES
    ]
    totals = [sum(column.values()) / events * 1e6 for column in columns]
    rows.append(("together", *(f"{total:.1f}" for total in totals)))
    rows.append(("events/s, were nothing else to do", *(f"{1e6 / total:,.0f}" for total in totals)))
    return Table(
        title="Microseconds an event, by stage",
        head=("stage", *Kind),
        rows=rows,
        inside=(
            f"{events:,} lines through the service's own pipeline in one process, without"
            " collector, API or mail: what the stages cost by themselves. Store: the tail in"
            " memory and the Parquet segments. Commit: offset, alerts, warnings, letters and"
            " correlation windows in one transaction a batch, with its fsync."
        ),
    )


def run(settings: running.Settings, kind: Kind, events: int) -> dict[str, float]:
    """Seconds in each stage, and the data folder filled."""
    watch = Stopwatch()
    with closing(assembly.build(wiring.load(settings.write()))) as house:
        stations = Stations(
            journal=watch.wrap(house.journal, append="journal append", read="journal read"),
            store=watch.wrap(house.store, append="store", seal="store"),
            state=TimedState(house.state, watch),
            roll=house.roll,
            issuing=wiring.issuing(house.settings),
            clock=house.clock,
            meter=house.meter,
        )

        def engine(windows) -> Timed:
            return watch.wrap(Engine(house.rules, windows), match="detect", changes="detect")

        now = datetime.now(UTC)
        for batch in _batches(lines(kind, events, now)):
            stations.journal.append(
                [
                    house.roll.stamp(InputName("in"), Received(raw=raw, at=now, peer=HERE))
                    for raw in batch
                ]
            )
        measured_pipeline = Pipeline(stations, engine)
        with patch.object(pipeline, "read", watch.timed("normalise", pipeline.read)):
            began = time.perf_counter()
            while measured_pipeline.step():
                pass
            stations.store.seal()
            whole = time.perf_counter() - began
    seconds = watch.seconds
    in_step = sum(seconds[stage] for stage in STAGES if stage not in ("journal append", "the rest"))
    return {stage: seconds[stage] for stage in STAGES} | {"the rest": whole - in_step}


def _batches(messages: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(messages), BATCH):
        yield messages[start : start + BATCH]
