"""Detection against its peers: `python -m tests.bench.detect [--lane NAME] [--quick] [--write]`.

All lanes take about a quarter of an hour. Tables go to standard output, progress to standard
error; `--write` puts the tables into docs/benchmarks.md. Every run stands in figures.json of the
folder `--out`.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tests.bench import report
from tests.bench.detect import lanes, material, measure, page, peers
from tests.bench.detect.lanes import LANES, Found, Lane, Made
from tests.testdata import ROOT

ROUNDS = 3
QUICK = 4  # times fewer events
EVERY_RULE = "every-rule"
WORKERS = (1, 2)
WORKERS_LANE = LANES[0]


def main(arguments: list[str]) -> int:
    """Measure, and show what was found."""
    asked = _asked(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a start must find its modules compiled
    theirs = peers.rsigma()
    asked.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="sentinel-bench-") as name:
        folder = Path(name)
        ours = peers.sentinel(folder / "cache")
        judge = partial(_judge, folder, theirs or ours)
        figures = []
        rates: dict[int, float] = {}
        for lane in [lane for lane in LANES if not asked.lane or lane.name in asked.lane]:
            began = time.perf_counter()
            _say(f"{lane.name} ...")
            made = _made(lane, folder, asked.quick, judge)
            figures.append(measure.measure(made, ours, theirs, asked.rounds, _say))
            if lane is WORKERS_LANE and len(os.sched_getaffinity(0)) > 1:
                rates = measure.workers(made, folder / "cache", WORKERS, asked.rounds)
            _say(f"{lane.name}: {time.perf_counter() - began:.0f} s")
        start = None if asked.lane else measure.start(_every_rule(folder), theirs, asked.rounds)
    text = _text(figures, start, rates, theirs)
    sys.stdout.write(text)
    (asked.out / "tables.md").write_text(text, encoding="utf-8")
    found = page.raw(figures, start, rates)
    (asked.out / "figures.json").write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    if asked.write:
        page.write(text)
    return 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.detect", description=__doc__)
    names = [lane.name for lane in LANES]
    parser.add_argument("--lane", action="append", choices=names, help="this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} times fewer events")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs of each engine a lane")
    parser.add_argument("--write", action="store_true", help="put it into docs/benchmarks.md")
    parser.add_argument("--out", type=Path, default=ROOT / ".make" / "bench-detect")
    return parser.parse_args(arguments)


def _made(lane: Lane, folder: Path, quick: bool, judge: lanes.Judge) -> Made:  # noqa: FBT001 - an option
    amount = lane.amount // QUICK if quick else lane.amount
    made = lanes.make(lane, amount, folder / lane.name, judge)
    _say(f"  {made.rule_count:,} rules, {made.event_count:,} events")
    return made


def _judge(
    folder: Path, engine: peers.Peer, rules: Iterable[material.Rule], events: Iterable[lanes.Event]
) -> Found:
    with TemporaryDirectory(dir=folder) as name:
        made = lanes.write(WORKERS_LANE, Path(name) / "judged", (r.text for r in rules), events)
        return measure.judge(engine, made)


def _every_rule(folder: Path) -> Made:
    texts = [rule.text for rule in material.rules()]
    return lanes.write(WORKERS_LANE, folder / EVERY_RULE, texts, [])


def _text(
    figures: Sequence[measure.Figures],
    start: measure.Start | None,
    rates: dict[int, float],
    theirs: peers.Rsigma | None,
) -> str:
    versions = "Sentinel" + (f" and {peers.version(theirs)}" if theirs else "")
    tables = [page.lanes(figures, versions), page.costs(figures)]
    tables += [page.starts(start)] if start else []
    tables += [page.workers(rates, WORKERS_LANE.title)] if rates else []
    not_run = [page.NO_ZIRCOLITE]
    if theirs is None:
        not_run.append("rsigma, which cargo could not build here")
    parts = [report.machine(), *(table.markdown() for table in tables)]
    return "\n".join([*parts, *map(report.missing, not_run)])


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
