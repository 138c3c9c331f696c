"""Can the events that were stored be found again?"""

from __future__ import annotations

from collections.abc import Iterator

from sentinel.assembly import events_folder, look_at_events
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, listed, ok, say, size, warn
from sentinel.model.checkup import Check
from sentinel.ports import SegmentsSeen


def examine_events(patient: Patient) -> Iterator[Check]:
    """Its segments, and what was set aside."""
    if not there(events_folder(patient.settings)):
        yield ok(
            "events.segments",
            say("There is no event store yet."),
            say("The service makes it at its first start."),
        )
        return
    seen = look_at_events(patient.settings)
    yield segments(seen)
    yield aside(seen)


def segments(seen: SegmentsSeen) -> Check:
    """Whether each segment's footer is what was written."""
    name = "events.segments"
    if seen.broken:
        return fail(
            name,
            say("Segments that cannot be read: {files}", files=listed(seen.broken)),
            say("Their events cannot be found any more; alerts keep their evidence."),
            say(
                "Look after the disk (`dmesg`, `smartctl`), and put these files back from a"
                " backup while the service is stopped. Without one the service goes on and sets"
                " them aside."
            ),
        )
    weight = sum(amount for _, amount in seen.bytes_at)
    return ok(
        name,
        say(
            "Segments: {segments}, with {events} events, {size}, all readable.",
            segments=seen.segments,
            events=seen.events,
            size=size(weight),
        ),
        say(
            "Events can be searched. Those of the last minute may still be in memory alone; the"
            " journal has them too."
        ),
    )


def aside(seen: SegmentsSeen) -> Check:
    """What the service could not read before."""
    name = "events.damaged"
    if not seen.aside:
        return ok(
            name,
            say("No segment was ever set aside."),
            say("A damaged segment is kept under another name and never read again."),
        )
    return warn(
        name,
        say("Damaged segments that were set aside: {files}", files=listed(seen.aside)),
        say("Their events cannot be found; alerts keep their evidence."),
        say(
            "Find out what damaged the disk. Put whole copies back from a backup while the service"
            " is stopped, or move the files away."
        ),
    )
