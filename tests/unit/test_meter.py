"""Counters a person can look at."""

from threading import Thread

from sentinel.meter import Counters


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
