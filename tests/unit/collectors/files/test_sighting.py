"""What a look shows, and what people are told once, not every second."""

import pytest
from structlog.testing import capture_logs

from collectors.files.sighting import Sighting, Troubles


@pytest.mark.parametrize(("path", "rotated"), [("/log/a.log", False), ("/log/a.log.1", True)])
def test_a_sighting_knows_whether_its_name_is_a_rotated_one(path, rotated):
    """By the name alone, not by the folder's."""
    sighting = Sighting(path=path, shown=path, identity=(1, 2), size=0, modified=0, wanted=True)

    assert sighting.rotated is rotated


def test_a_trouble_is_shown_as_long_as_it_lasts_and_logged_when_it_is_new():
    """A file that cannot be read is looked at every second; the log hears of it once."""
    troubles = Troubles()

    with capture_logs() as logs:
        for why in ("denied", "denied", "gone wrong"):
            troubles.tell("/log/a", why)
    shown = dict(troubles.by_path)
    troubles.over("/log/a")

    assert [entry["why"] for entry in logs] == ["denied", "gone wrong"]
    assert shown == {"/log/a": "gone wrong"}
    assert troubles.by_path == {}


def test_a_loss_is_kept_to_be_counted():
    """With its path and its reason."""
    troubles = Troubles()

    troubles.lose("/log/a.gz", "damaged")

    assert troubles.lost == ["/log/a.gz: damaged"]
