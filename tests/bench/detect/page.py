"""What was measured of detection, as Markdown for docs/benchmarks.md and as JSON with every run."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from tests.bench.detect import known, material
from tests.bench.detect.compare import Differs
from tests.bench.detect.measure import Figures, Runs, Start
from tests.bench.report import PAGE, Table

BEGIN, END = "<!-- measured detection: begin -->", "<!-- measured detection: end -->"
HEAD = (
    *("lane", "rules", "events", "Sentinel", "rsigma", "times rsigma", "goal", "reference"),
    *("matches", "rules that differ"),
)
MEMORY_HEAD = ("lane", "Sentinel s", "rsigma s", "Sentinel MiB", "rsigma MiB")
MIB = 2**20
NO_ZIRCOLITE = "Zircolite, which is in no package index that `make bench-detect` could take it from"


def lanes(figures: Sequence[Figures], versions: str) -> Table:
    """The speeds."""
    return Table(
        title="Detection: events a second of one processor",
        head=HEAD,
        rows=[_row(each) for each in figures],
        inside=_inside(figures, versions),
    )


def costs(figures: Sequence[Figures]) -> Table:
    """Start-up and memory of the same runs."""
    return Table(
        title="Detection: start-up, and highest resident memory",
        head=MEMORY_HEAD,
        rows=[
            [
                each.made.lane.title,
                *(_of(each.runs.get(name), lambda runs: f"{runs.start:.2f}") for name in _ENGINES),
                *(_of(each.runs.get(name), lambda runs: _mib(runs.memory)) for name in _ENGINES),
            ]
            for each in figures
        ],
        inside="The start-up is a run without an event, in seconds of the processor; Sentinel has"
        " kept what it made of the rules, as it does after the first start.",
    )


def starts(start: Start) -> Table:
    """Starts with every rule."""
    rows = [("Sentinel, the first time", start.cold), ("Sentinel, then", start.warm)]
    rows += [("rsigma", start.peer)] if start.peer else []
    return Table(
        title=f"Detection: start with {start.rule_count:,} rules",
        head=("engine", "seconds, median", "seconds, most", "MiB"),
        rows=[
            [
                name,
                f"{median(took.clock for took in runs):.2f}",
                f"{max(took.clock for took in runs):.2f}",
                _mib(max(took.memory for took in runs)),
            ]
            for name, runs in rows
        ],
        inside="From the start of the process to its end, without an event, on the clock.",
    )


def workers(rates: Mapping[int, float], title: str) -> Table:
    """More processes, the same events."""
    one = rates[min(rates)]
    return Table(
        title="Detection: `--workers`",
        head=("processes", "events/s", "times one"),
        rows=[[f"{n}", f"{rate:,.0f}", f"{rate / one:.2f}"] for n, rate in rates.items()],
        inside=f"The lane “{title}”, on the clock, start-up left out, each worker on a processor.",
    )


def write(text: str, path: Path = PAGE) -> None:
    """Put it between the markers of the page."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def raw(figures: Sequence[Figures], start: Start | None, rates: Mapping[int, float]) -> object:
    """Every run of every lane, as JSON takes it."""
    return {
        "real": material.real(),
        "left_out": known.left_out(material.rules()),
        "lanes": {each.made.lane.name: _raw(each) for each in figures},
        "start": asdict(start) if start else None,
        "workers": {str(amount): rate for amount, rate in rates.items()},
    }


_ENGINES = ("Sentinel", "rsigma")


def _row(figures: Figures) -> list[str]:
    lane, ratio = figures.made.lane, figures.ratio
    return [
        lane.title,
        f"{figures.made.rule_count:,}",
        f"{figures.made.event_count:,}",
        *(_rate(figures.rate(name)) for name in _ENGINES),
        "" if ratio is None else f"{ratio:.2f}",
        f"{lane.goal:g}",
        _rate(figures.reference),
        f"{figures.matches:,}",
        str(len({each.rule for each in (*figures.differs, *figures.reference_differs)})),
    ]


def _inside(figures: Sequence[Figures], versions: str) -> str:
    made_of = (
        "SigmaHQ's rules and real recordings of Windows and Zeek"
        if material.real()
        else "invented rules and events, since the public ones were not at hand"
    )
    out = {why: rules for why, rules in known.left_out(material.rules()).items() if rules}
    checked = min((each.checked for each in figures), default=0)
    sentences = [
        f"{versions}, one process each, pinned to the same processor, in turns; {made_of}.",
        "Events by seconds of the processor beyond the start-up, median of the rounds.",
        "Both take the logsource from the same fields of the event and route by it.",
        _options(figures),
        "Sentinel writes the whole event with each match, rsigma its fields that matched.",
        f"The reference did the first {checked:,} events of a lane at least; its speed is theirs.",
        "Matches, by rule and record, were compared before, with the reference's too.",
    ]
    told = [
        *(f"* Left out of all: {', '.join(rules)}, because {why}." for why, rules in out.items()),
        *(line for each in figures for line in _told(each)),
    ]
    return "\n".join([" ".join(filter(None, sentences)), *([""] if told else []), *told])


def _options(figures: Sequence[Figures]) -> str:
    with_more = [f"“{each.made.lane.title}”" for each in figures if _has_options(each.runs)]
    if not with_more:
        return ""
    options = " ".join(
        sorted({o for each in figures for r in each.runs.values() for o in r.options})
    )
    return f"rsigma's `{options}` was on where it was faster: {', '.join(with_more)}."


def _has_options(runs: Mapping[str, Runs]) -> bool:
    return any(each.options for each in runs.values())


def _told(figures: Figures) -> list[str]:
    """Each rule that differs, a line each."""
    title = figures.made.lane.title
    return [
        *(_difference(title, each, "rsigma") for each in figures.differs),
        *(_difference(title, each, "the reference") for each in figures.reference_differs),
    ]


def _difference(title: str, differs: Differs, other: str) -> str:
    return (
        f"* **{title}: rule {differs.rule} has {differs.only_first} matches that only"
        f" Sentinel finds and {differs.only_second} that only {other} does (record"
        f" {differs.record}).**"
    )


def _raw(figures: Figures) -> dict[str, object]:
    return {
        "rules": figures.made.rule_count,
        "events": figures.made.event_count,
        "event_bytes": figures.made.event_bytes,
        "matches": figures.matches,
        "ratio": figures.ratio,
        "goal": figures.made.lane.goal,
        "rates": {name: figures.rate(name) for name in figures.runs},
        "reference": {"events": figures.checked, "rate": figures.reference},
        "runs": {name: asdict(runs) for name, runs in figures.runs.items()},
        "differs": [asdict(each) for each in figures.differs],
        "reference_differs": [asdict(each) for each in figures.reference_differs],
    }


def _rate(rate: float | None) -> str:
    return "" if rate is None else f"{rate:,.0f}"


def _mib(amount: int) -> str:
    return f"{amount / MIB:,.0f}"


def _of(runs: Runs | None, say) -> str:
    return say(runs) if runs else ""
