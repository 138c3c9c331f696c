"""What is special to reading in memory: what is given out is the asker's own."""

from sentinel.store.memory_reader import MemoryReader
from sentinel.store.memory_tables import MemoryTables
from tests.samples import an_alert


def test_a_list_that_was_given_out_is_nobody_elses():
    """Emptying it leaves the tables as they are."""
    reader = MemoryReader(MemoryTables(job_items={"j": (1, 2)}, suppressions={"s": (1,)}))
    for given in (reader.job_items("j", 9), reader.suppression("s")):
        given.clear()
    assert (reader.job_items("j", 9), reader.suppression("s")) == ([1, 2], [1])


def test_an_alert_of_a_list_comes_without_history_and_the_kept_one_keeps_it():
    """The list's alert is another value."""
    alert = an_alert(history=(1,))
    reader = MemoryReader(MemoryTables(alerts={alert.id: alert}))
    assert alert.history == reader.alert(alert.id).history
