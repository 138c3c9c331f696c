"""Collectors come in by entry point, and a broken one does not hide the others."""

from importlib.metadata import EntryPoint
from typing import ClassVar

from sentinel.collect.contract import CollectorOptions
from sentinel.collect.registry import GROUP, collectors


class Good:
    name: ClassVar[str] = "good"
    Options = CollectorOptions

    def __init__(self, options):
        """Nothing to keep."""

    async def run(self, sink):
        """Nothing to collect."""


class NoOptions(Good):
    Options = None


class NotAsync(Good):
    def run(self, sink):
        """Not a coroutine."""


def an_entry(name, value):
    return EntryPoint(name, value, GROUP)


def messages(found):
    return [str(fault) for fault in found.faults]


def test_the_shipped_collectors_are_found():
    """files, stdin and syslog are there without a fault."""
    found = collectors()

    assert {"files", "stdin", "syslog"} <= set(found.by_name)
    assert found.faults == ()


def test_a_broken_plug_in_is_told_and_the_others_are_there():
    """One import that fails is a fault, not the end of all collecting."""
    entries = [an_entry("lost", "no_such_module_here:X"), an_entry("good", f"{__name__}:Good")]

    found = collectors(entries)

    assert list(found.by_name) == ["good"]
    assert len(found.faults) == 1
    assert "no_such_module_here" in messages(found)[0]
    assert found.faults[0].key == "lost"


def test_a_class_that_does_not_keep_the_contract_is_refused():
    """Each broken promise is named."""
    entries = [
        an_entry("other", f"{__name__}:Good"),
        an_entry("good", f"{__name__}:NoOptions"),
        an_entry("plain", f"{__name__}:an_entry"),
    ]

    found = collectors(entries)

    assert dict(found.by_name) == {}
    assert ["must be 'other'" in messages(found)[0], "Options" in messages(found)[1]] == [True] * 2
    assert "not a class" in messages(found)[2]


def test_run_must_be_a_coroutine_function():
    """A blocking run would stop the whole service."""
    found = collectors([an_entry("good", f"{__name__}:NotAsync")])

    assert "async def run" in messages(found)[0]


def test_a_name_that_is_taken_is_refused():
    """The first keeps the name, the second is told; the same line twice is no quarrel."""
    good = an_entry("good", f"{__name__}:Good")

    found = collectors([good, good, an_entry("good", f"{__name__}:NotAsync")])

    assert found.by_name["good"] is Good
    assert len(found.faults) == 1
    assert "taken" in messages(found)[0]
