"""A copy of the tables has dicts of its own, each of them."""

from dataclasses import fields

from sentinel.store.memory_tables import MemoryTables
from tests.samples import a_delivery, a_warning


def test_a_copy_says_the_same_and_shares_no_dict():
    """So that a transaction that fails leaves nothing behind."""
    tables = MemoryTables(offset=3, secrets={"name": "value"})
    copy = tables.copy()
    names = [each.name for each in fields(tables)]
    dicts = [name for name in names if isinstance(getattr(tables, name), dict)]
    assert tables == copy
    assert [name for name in dicts if getattr(tables, name) is getattr(copy, name)] == []


def test_every_copy_of_every_warning_is_a_delivery():
    """They stand inside their warnings."""
    copies = (a_delivery(), a_delivery(contact="head"))
    tables = MemoryTables(warnings={"w-1": a_warning(deliveries=copies), "w-2": a_warning()})
    assert copies == tuple(tables.deliveries())
