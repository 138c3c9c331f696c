"""How long does the disk last?"""

import os
from dataclasses import replace

import pytest

from sentinel.assembly import events_folder
from sentinel.doctor.disk import (
    DAY,
    Disk,
    examine_disk,
    forecast,
    growth,
    inodes,
    look,
    room,
    writable,
)
from sentinel.store.events_parquet import ParquetEvents
from tests.samples import NOON, an_event

GIB = 1 << 30
DISK = Disk(free=GIB, read_only=False, inodes=0.5)


def test_a_real_one(patient, standing):
    """The folder need not be there yet."""
    patient = replace(
        patient,
        settings=patient.settings.model_copy(
            update={"journal": patient.settings.journal.model_copy(update={"reserve_mb": 0})}
        ),
    )

    assert [each for each in standing(examine_disk(patient)) if each[0] != "disk.inodes"] == [
        ("disk.writable", "ok"),
        ("disk.reserve", "ok"),
        ("disk.forecast", "unknown"),
    ]


def test_what_the_file_system_says(tmp_path):
    """As `df` does."""
    found = look(tmp_path)

    assert found.read_only is False
    assert found.free > 0


def test_growth_of_a_real_store(patient, standing):
    """By the time that each segment was written."""
    folder = events_folder(patient.settings)
    store = ParquetEvents(folder)
    store.append([an_event()])
    store.close()
    (segment,) = folder.iterdir()
    written = NOON.timestamp() - 2 * DAY
    os.utime(segment, (written, written))

    assert ("disk.forecast", "ok") in standing(examine_disk(patient))


@pytest.mark.parametrize(
    ("disk", "allowed", "expected"),
    [
        (DISK, True, "ok"),
        (DISK, False, "fail"),
        (replace(DISK, read_only=True), True, "fail"),
    ],
)
def test_whether_it_can_be_written(tmp_path, disk, allowed, expected):
    """Read-only after an error, or somebody else's."""
    assert writable(tmp_path, disk, allowed=allowed).status.value == expected


@pytest.mark.parametrize(
    ("free", "expected"),
    [(2 * GIB, "ok"), (int(1.3 * GIB), "ok"), (int(1.1 * GIB), "warn"), (GIB, "warn"), (1, "fail")],
)
def test_the_reserve(tmp_path, free, expected):
    """Below it nothing is taken; just above it somebody should know."""
    assert room(tmp_path, free, GIB).status.value == expected


@pytest.mark.parametrize(("share", "expected"), [(None, "ok"), (0.05, "ok"), (0.04, "warn")])
def test_inodes(share, expected):
    """Some file systems do not count them."""
    assert inodes(share).status.value == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([], None),
        ([(-0.5, 10)], None),
        ([(-2, 10), (-1, 30)], 20.0),
        ([(-30, 1000), (-4, 8)], 2.0),
        ([(-2, 10), (1, 1000)], 5.0),
    ],
    ids=["nothing", "half a day", "two days", "what is old is left out", "what is ahead too"],
)
def test_growth(written, expected):
    """Bytes a day of the past week; times here in days from now."""
    now = NOON.timestamp()

    assert growth([(now + days * DAY, amount) for days, amount in written], now) == expected


@pytest.mark.parametrize(
    ("spare", "daily", "expected"),
    [
        (GIB, None, "unknown"),
        (GIB, 0.0, "unknown"),
        (14 * GIB, float(GIB), "ok"),
        (13 * GIB, float(GIB), "warn"),
        (-5, float(GIB), "warn"),
    ],
)
def test_forecast(spare, daily, expected):
    """Two weeks are time to buy a disk."""
    assert forecast(spare, daily).status.value == expected
