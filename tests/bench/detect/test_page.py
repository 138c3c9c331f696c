"""The tables say what was measured, and what was not the same."""

from pathlib import Path

from tests.bench.detect import lanes, page
from tests.bench.detect.compare import Differs
from tests.bench.detect.lanes import Made
from tests.bench.detect.measure import Figures, Runs
from tests.bench.detect.peers import Took


def _runs(engine, whole, options=()):
    def took(seconds):
        return Took(clock=seconds, processor=seconds, memory=50 * page.MIB)

    return Runs(
        engine=engine,
        options=options,
        empty=(took(1.0), took(1.0), took(9.0)),
        whole=tuple(took(seconds) for seconds in whole),
    )


def _figures(runs, differs=()):
    return Figures(
        made=Made(
            lane=lanes.LANES[0],
            folder=Path("lane"),
            rule_count=2000,
            event_count=1000,
            event_bytes=1,
        ),
        runs=runs,
        matches=7,
        reference=30.0,
        checked=150,
        differs=tuple(differs),
        reference_differs=(),
    )


BOTH = {
    "Sentinel": _runs("Sentinel", (2.0, 2.0, 8.0)),
    "rsigma": _runs("rsigma", (5.0, 5.0, 6.0), ("--bloom-prefilter",)),
}


def test_speed_is_events_by_the_time_beyond_the_start_up():
    """Medians of the rounds; one that was disturbed does not count."""
    figures = _figures(BOTH)

    assert (figures.rate("Sentinel"), figures.rate("rsigma")) == (1000.0, 250.0)
    assert figures.ratio == 4.0


def test_the_table_has_the_ratio_and_says_with_what_rsigma_was_the_fastest():
    """One row a lane."""
    table = page.lanes([_figures(BOTH)], "Sentinel and rsigma 1").markdown()

    assert "| 2,000 | 1,000 | 1,000 | 250 | 4.00 | 3 | 30 | 7 | 0 |" in table
    assert "`--bloom-prefilter` was on where it was faster" in table


def test_a_rule_that_differs_is_named():
    """With what only one engine finds, and where to look."""
    differs = [Differs(rule="a-b", only_first=2, only_second=1, record=5)]

    table = page.lanes([_figures(BOTH, differs)], "").markdown()

    assert "rule a-b has 2 matches that only Sentinel finds and 1 that only rsigma does" in table


def test_without_rsigma_there_is_no_ratio():
    """The other figures are given."""
    figures = _figures({"Sentinel": BOTH["Sentinel"]})

    assert figures.ratio is None
    assert "| 1,000 | 1,000 |  |  | 3 |" in page.lanes([figures], "Sentinel").markdown()


def test_a_run_too_short_for_its_start_up_has_no_speed():
    """The difference of two long runs would be chance."""
    figures = _figures({"Sentinel": _runs("Sentinel", (1.01, 1.02, 1.03))})

    assert figures.rate("Sentinel") is None


def test_the_tables_go_between_their_markers(tmp_path):
    """What others measured stays."""
    file = tmp_path / "benchmarks.md"
    file.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n", encoding="utf-8")

    page.write("new", file)

    expected = f"before\n{page.BEGIN}\n\nnew\n{page.END}\nafter\n"
    assert file.read_text("utf-8") == expected
