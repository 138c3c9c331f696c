"""A detection as `sentinel detect` tells it: one plain object, with the files that were given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sentinel.model.detection import Detection
from sentinel.model.ids import EventId

# The time of an event of which nothing says when it happened.
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def told(detection: Detection, files: Sequence[str]) -> dict[str, object]:
    """The detection. Its events' ids are FILE:RECORD, where FILE counts `files` from 0."""
    card, event = detection.rule, detection.event
    source, record = _place(event.id, files)
    said: dict[str, object] = {
        "rule": {
            "id": card.id,
            "title": card.title,
            "level": card.level.word,
            "tags": list(card.tags),
            "author": card.author,
        },
        "@timestamp": None if event.at == NO_TIME else _stamp(event.at),
        "source": source,
    }
    if detection.group is None:
        fields = dict(event.fields)
        return said | {"record": record, "event": fields, "matched": dict(detection.matched)}
    places = [_place(each, files) for each in detection.events]
    return said | {
        "records": [{"source": source, "record": record} for source, record in places],
        "group": dict(detection.group),
    }


def _place(event: EventId, files: Sequence[str]) -> tuple[str, int]:
    number, _, record = event.partition(":")
    return files[int(number)], int(record)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
