"""What happened, counted, and how long it took."""

from itertools import count
from threading import Thread

import pytest

from sentinel.meter import SAMPLE, Counters, Stopwatch
from sentinel.model.profile import StepCost
from sentinel.ports import Count


def test_counters_add_up_by_name_and_labels_from_several_threads():
    """Nothing is lost between threads; labels are read in order."""
    meter = Counters()

    def work():
        for _ in range(500):
            meter.count("events", source="a")
            meter.count("dropped", 2)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert meter.read() == {"dropped": 4000, 'events{source="a"}': 2000}


def test_a_counter_keeps_its_labels_apart():
    """A label may hold what a line of text would end at."""
    meter = Counters()
    meter.count("dropped", 3, why='"full",{x="y"}', input="in")

    assert meter.counts() == [
        Count(name="dropped", labels={"input": "in", "why": '"full",{x="y"}'}, amount=3)
    ]


def test_the_steps_of_a_lap_follow_each_other():
    """Each begins where the last one ended; laps add up."""
    watch = Stopwatch(count().__next__)
    for _ in range(2):
        lap = watch.lap()
        lap.ends("read", 10)
        lap.ends("store", 10)

    assert watch.costs() == (
        StepCost(name="read", seconds=2, events=20),
        StepCost(name="store", seconds=2, events=20),
    )


def test_a_step_that_breaks_off_is_not_counted():
    """What was not done has no cost an event."""
    watch = Stopwatch(count().__next__)
    watch.lap()

    assert watch.costs() == ()


def test_work_is_timed_now_and_then():
    """Each is done; that of every sixteenth number is timed."""
    watch = Stopwatch(count().__next__)

    done = [watch.now_and_then("double", n, lambda one: 2 * one, n) for n in range(2 * SAMPLE)]

    assert done == [2 * n for n in range(2 * SAMPLE)]
    assert watch.costs() == (StepCost(name="double", seconds=2, events=2),)


@pytest.mark.parametrize("amount", [0, 1, SAMPLE, SAMPLE + 1, 3 * SAMPLE])
def test_what_passes_is_timed_now_and_then(amount):
    """Everything comes through in order; one of sixteen is timed, the first included."""
    watch = Stopwatch(count().__next__)

    passed = list(watch.each("read", range(amount)))

    assert passed == list(range(amount))
    timed = -(-amount // SAMPLE)
    assert watch.costs() == (
        (StepCost(name="read", seconds=timed, events=timed),) if amount else ()
    )
