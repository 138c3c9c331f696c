"""Garbage is looked for seldom, for a while."""

import gc

import pytest

from sentinel.batch.garbage import FEW, little_garbage


@pytest.mark.parametrize("error", [None, ValueError])
def test_afterwards_all_is_as_it_was(error):
    """However it ends; in between, what was there is not looked at."""
    before = gc.get_threshold()
    kept = gc.get_freeze_count()
    try:
        with little_garbage():
            within = gc.get_threshold(), gc.get_freeze_count()
            if error:
                raise error
    except ValueError:
        pass

    assert within[0][0] == FEW
    assert within[1] > kept
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
