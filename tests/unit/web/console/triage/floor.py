"""The console over a real desk in memory: alerts are put in, a browser is logged in."""

from datetime import timedelta

from sentinel.desk.events import StoredEvents
from sentinel.store.events_memory import MemoryEvents
from sentinel.web.console.app import build_console
from tests.samples import NOON
from tests.unit.desk.rooms import Room, some_alerts
from tests.unit.web.console.house import Outline, logged_in, parts

LATER = NOON + timedelta(minutes=3)


class Floor:
    """A room with a console in front of it; `browser` is lan's, in English."""

    def __init__(self, *alerts, room=None, language="en", **changes):
        self.room = room or Room()
        self.room.put(*alerts)
        self.room.clock.at = LATER
        self.desk = self.room.desk
        self.events = MemoryEvents()
        self.parts = parts(
            **{
                "desk": self.desk,
                "suppressing": self.desk,
                "finder": StoredEvents(self.events),
                "clock": self.room.clock,
            }
            | changes
        )
        self.app = build_console(self.parts)
        self.browser = logged_in(self.app, language=language)

    def page(self, path, **options):
        """A page as an outline; it must be there."""
        answer = self.browser.get(path, **options)
        assert answer.status_code == 200, answer.text
        return Outline(answer.text)

    def alert(self, alert):
        return self.desk.alert(alert)


__all__ = ["LATER", "Floor", "Outline", "some_alerts"]
