"""One lane, measured: the same matches first, then the same work against the clock.

Runs are interleaved, an empty one and a whole one of each engine a round, so that what else the
machine does meets all of them. Speed is events by the seconds of the processor that a whole run
takes beyond an empty one; medians of the rounds.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.detect import compare, peers, plain
from tests.bench.detect.lanes import Made
from tests.bench.detect.peers import Peer, Rsigma, Sentinel, Took

Say = Callable[[str], None]
LEAST = 0.05  # of a whole run: what the events must take for their speed to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """What the rounds of one engine took: `empty` without an event, `whole` with all of them."""

    engine: str
    options: tuple[str, ...]
    empty: tuple[Took, ...]
    whole: tuple[Took, ...]

    @property
    def start(self) -> float:
        """Seconds until it would take the first event, median."""
        return median(took.processor for took in self.empty)

    @property
    def seconds(self) -> float | None:
        """Seconds for the events alone, median; None where the start-up drowns them."""
        whole = median(took.processor for took in self.whole)
        return whole - self.start if whole - self.start > LEAST * whole else None

    @property
    def memory(self) -> int:
        """The highest resident memory of any run, in bytes."""
        return max(took.memory for took in self.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was found of a lane; without rsigma `differs` is against the reference alone."""

    made: Made
    runs: Mapping[str, Runs]
    matches: int
    reference: float
    checked: int
    differs: tuple[compare.Differs, ...]
    reference_differs: tuple[compare.Differs, ...]

    def rate(self, engine: str) -> float | None:
        """Events a second; None for an engine that is not here, and for too few events."""
        runs = self.runs.get(engine)
        return self.made.event_count / runs.seconds if runs and runs.seconds else None

    @property
    def ratio(self) -> float | None:
        """How many times rsigma's speed Sentinel has."""
        ours, theirs = self.rate("Sentinel"), self.rate("rsigma")
        return ours / theirs if ours and theirs else None


def measure(made: Made, ours: Sentinel, theirs: Rsigma | None, rounds: int, say: Say) -> Figures:
    """Compare what the engines find, then time them."""
    found = ours.matches(made)
    other = theirs.matches(made) if theirs else found
    differs = compare.differences(found, other)
    say(f"  {sum(found.values()):,} matches, {len(differs)} rules differ")
    reference = plain.sample(made)
    first = compare.up_to(found, reference.events)
    against_reference = compare.differences(first, reference.matches)
    engines: list[Peer] = [ours]
    if theirs:
        engines.append(_fastest(made, theirs))
    return Figures(
        made=made,
        runs=_rounds(made, engines, rounds, say),
        matches=sum(found.values()),
        reference=reference.rate,
        checked=reference.events,
        differs=tuple(differs),
        reference_differs=tuple(against_reference),
    )


def _rounds(made: Made, engines: list[Peer], rounds: int, say: Say) -> dict[str, Runs]:
    empty: dict[str, list[Took]] = {engine.name: [] for engine in engines}
    whole: dict[str, list[Took]] = {engine.name: [] for engine in engines}
    with TemporaryDirectory(prefix="sentinel-bench-") as folder:
        out = Path(folder) / "out"
        for _ in range(rounds):
            for engine in engines:
                empty[engine.name].append(_timed(engine, made, made.empty, out))
                whole[engine.name].append(_timed(engine, made, made.events, out))
                start, took = empty[engine.name][-1].processor, whole[engine.name][-1].processor
                say(f"  {engine.name}: {took:.2f} s, {start:.2f} s of them before the events")
    return {
        engine.name: Runs(
            engine=engine.name,
            options=tuple(engine.options) if isinstance(engine, Rsigma) else (),
            empty=tuple(empty[engine.name]),
            whole=tuple(whole[engine.name]),
        )
        for engine in engines
    }


def _timed(engine: Peer, made: Made, events: Path, out: Path, processors: str = "") -> Took:
    amount = made.event_count if events == made.events else 0
    return peers.run(engine, engine.command(made.rules, events), out, amount, processors)


def _fastest(made: Made, engine: Rsigma) -> Rsigma:
    """The engine with the options that are the fastest on this lane."""
    tried = [replace(engine, options=options) for options in peers.RSIGMA_OPTIONS]
    with TemporaryDirectory(prefix="sentinel-bench-") as folder:
        out = Path(folder) / "out"
        took = [_timed(each, made, made.events, out).processor for each in tried]
    return tried[took.index(min(took))]


def workers(made: Made, cache: Path, amounts: tuple[int, ...], rounds: int) -> dict[int, float]:
    """Events a second on the clock with so many worker processes, each on a processor."""
    rates: dict[int, list[float]] = {amount: [] for amount in amounts}
    with TemporaryDirectory(prefix="sentinel-bench-") as folder:
        out = Path(folder) / "out"
        for _ in range(rounds):
            for amount in amounts:
                engine = peers.sentinel(cache, amount)
                processors = peers.processors(amount)
                empty = _timed(engine, made, made.empty, out, processors)
                whole = _timed(engine, made, made.events, out, processors)
                rates[amount].append(made.event_count / max(whole.clock - empty.clock, 1e-3))
    return {amount: median(found) for amount, found in rates.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Starts with every rule: seconds on the clock and bytes of memory."""

    cold: tuple[Took, ...]
    warm: tuple[Took, ...]
    peer: tuple[Took, ...]
    rule_count: int


def start(made: Made, theirs: Rsigma | None, rounds: int) -> Start:
    """How long each takes to read the rules; Sentinel the first time, and every other time."""
    cold, warm, peer = [], [], []
    with TemporaryDirectory(prefix="sentinel-bench-") as folder:
        out = Path(folder) / "out"
        for number in range(rounds):
            ours = peers.sentinel(Path(folder) / f"cache-{number}")
            cold.append(_timed(ours, made, made.empty, out))
            warm.append(_timed(ours, made, made.empty, out))
            if theirs:
                peer.append(_timed(theirs, made, made.empty, out))
    return Start(cold=tuple(cold), warm=tuple(warm), peer=tuple(peer), rule_count=made.rule_count)


def judge(engine: Peer, made: Made) -> Counter[int]:
    """How many matches each record has."""
    met: Counter[int] = Counter()
    for (_, record), amount in engine.matches(made).items():
        met[record] += amount
    return met
