"""The high-water mark: a hint that is either what was written or nothing."""

import pytest

from sentinel.journal.high_water import HighWater, Mark
from sentinel.model.ids import JournalId, Offset

MARK = Mark(JournalId("0a1b2c3d"), Offset(123))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "high-water"


def test_a_new_one_says_nothing(path):
    """There is no mark before the first."""
    high_water = HighWater(path)

    assert high_water.read() is None
    high_water.close()


def test_the_last_mark_is_read_back(path):
    """Also by the next process, and also after a longer number."""
    high_water = HighWater(path)
    high_water.write(Mark(MARK.journal, Offset(10**15)))
    high_water.write(MARK)
    high_water.close()

    again = HighWater(path)
    assert again.read() == MARK
    again.close()


@pytest.mark.parametrize("place", range(36))
def test_a_flipped_byte_makes_it_say_nothing(path, place):
    """A wrong number would be worse than none."""
    high_water = HighWater(path)
    high_water.write(MARK)
    text = bytearray(path.read_bytes())
    text[place] ^= 0x01

    path.write_bytes(text)

    assert high_water.read() is None
    high_water.close()
