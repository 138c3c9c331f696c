"""A type for each kind of name, so that two swapped arguments do not pass the type checker."""

from __future__ import annotations

from typing import NewType

AgencyId = NewType("AgencyId", str)
AlertId = NewType("AlertId", str)
AssetId = NewType("AssetId", str)
CauseKey = NewType("CauseKey", str)
ContactId = NewType("ContactId", str)
EventId = NewType("EventId", str)
InputName = NewType("InputName", str)
JobId = NewType("JobId", str)
JournalId = NewType("JournalId", str)
MessageId = NewType("MessageId", str)
PersonName = NewType("PersonName", str)
RuleId = NewType("RuleId", str)
SourceId = NewType("SourceId", str)
SuppressionId = NewType("SuppressionId", str)
WarningId = NewType("WarningId", str)

# A record's place in the journal: 1 for the first, without gaps, never used twice.
Offset = NewType("Offset", int)


def event_id(journal: JournalId, offset: Offset) -> EventId:
    """Name the event that stands at this place of this journal; a replay gives the same name."""
    return EventId(f"{journal}-{offset:012d}")
