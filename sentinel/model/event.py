"""What a record means: ECS 9 field names, flat dotted keys, typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sentinel.model.ids import AgencyId, AssetId, EventId, Offset, SourceId

Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]
Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    r"""A record with its meaning.

    `at` is when it happened as the line says (aware, UTC; the time of arrival where the line says
    nothing usable); `received` when it arrived. `fields` holds everything a rule may ask for,
    "@timestamp", "message" and "sentinel.logsource.*" included. `agency` is None where nobody owns
    the source. `raw` is the record's text, undecodable bytes as `\xNN`.
    """

    id: EventId
    offset: Offset
    at: datetime
    received: datetime
    agency: AgencyId | None
    source: SourceId | None
    asset: AssetId | None = None
    fields: Fields
    raw: str
    sha256: str

    def text(self, name: str) -> str:
        """The field as text, "" where it is missing."""
        value = self.fields.get(name)
        return "" if value is None else str(value)
