"""Windows events with the names that Sigma's rules for Windows use, by whomever they were written.

Sigma's names are those of System and EventData: `EventID`, `Provider_Name`, `Image` (Sigma rules
2.1, "Field Usage"). Most events come flat already and only lack a name or two, always the same ones
for events of one shape: that is remembered, since all there is to do must cost microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sentinel.model.event import Value
from sentinel.normalise.windows.audit import AUDITED, add_audit_names
from sentinel.normalise.windows.channels import logsource_of
from sentinel.normalise.windows.shapes import SHAPED, is_shaped, unshaped
from sentinel.normalise.windows.winlogbeat import add_native_names

NAMES = "sentinel.names"
NATIVE = "native"
LOGSOURCE = "sentinel.logsource."

# What a name is called elsewhere, the surest first. NXLog, Fluent Bit, PowerShell, Splunk.
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "EventID": ("EventId", "EventCode", "Event_ID", "event_id"),
    "Channel": ("LogName", "EventLog", "log_name"),
    "Provider_Name": ("ProviderName", "SourceName", "Provider", "provider_name"),
    "Computer": ("ComputerName", "MachineName", "Hostname", "computer_name"),
    "ComputerName": ("Computer", "MachineName", "Hostname", "computer_name"),
}
# Channels of old programs, whose data has no names: rules ask for `Data`. Who sends no data but the
# message that was made of it sends it all the same.
_NAMELESS = ("Windows PowerShell", "Application")
_MOST_NAMES = 256  # of an event whose shape is remembered
_REMEMBERED = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the names of an event say.

    `windows`: it is Windows' if no value holds an object. `told`: its logsource stands in it.
    `bare`: no name holds a part of another shape. `new` are names that it lacks, each with the one
    that has its value.
    """

    windows: bool
    told: bool
    bare: bool
    new: tuple[tuple[str, str], ...]


def native_fields(
    record: Mapping[str, object], *, flat: bool = False, shape: Shape | None = None
) -> dict[str, Value]:
    """A Windows event as one flat mapping with native names and its logsource.

    `flat` says that whoever read it saw that no value holds an object, and gives it away; `shape`
    is what its names say, where that is known.

    Raises:
        TooDeep: it is nested too deep.
    """
    shape = shape or shape_of(tuple(record))
    if shape.bare and (flat or _is_flat(record)):
        # Flat: that was asked, or seen by whoever gave it away.
        fields: dict[str, Value] = record if flat and type(record) is dict else dict(record)  # type: ignore[arg-type]
    else:
        fields = unshaped(record)
        add_native_names(fields)
        shape = shape_of(tuple(fields))
    for new, known in shape.new:
        fields[new] = fields[known]
    if shape.told:
        return fields
    event_id, channel = fields.get("EventID"), fields.get("Channel")
    if channel in _NAMELESS and "Data" not in fields and "Message" in fields:
        fields["Data"] = fields["Message"]
    if event_id in AUDITED:
        add_audit_names(fields)
    logsource = logsource_of(channel, fields.get("Provider_Name"), event_id)
    if logsource:
        fields.update(logsource)
        fields[NAMES] = NATIVE
    return fields


def is_windows(record: Mapping[str, object]) -> bool:
    """Say whether this is a Windows event in one of the shapes that are known."""
    if "EventID" in record or is_shaped(record):
        return True
    if "LogName" in record and "Id" in record:
        return True
    return "Channel" in record and any(name in record for name in OTHER_NAMES["EventID"])


def _is_flat(record: Mapping[str, object]) -> bool:
    kinds = set(map(type, record.values()))
    if dict in kinds:
        return False
    if list not in kinds:
        return True
    lists = [value for value in record.values() if type(value) is list]
    return not any(type(each) in {dict, list} for value in lists for each in value)


def shape_of(names: tuple[str, ...]) -> Shape:
    """What these names say; remembered."""
    return _remembered(names) if len(names) <= _MOST_NAMES else _shape(names)


def _shape(names: tuple[str, ...]) -> Shape:
    there = set(names)
    new: dict[str, str] = {}
    # A name with blanks is known without them too (Sigma rules 2.1, "Field Usage"); a few rules
    # write an underscore for each.
    for name in names:
        for plain in (name.replace(" ", ""), name.replace(" ", "_")) if " " in name else ():
            if plain not in there:
                new.setdefault(plain, name)
    for name, others in OTHER_NAMES.items():
        known = next((other for other in others if other in there), None)
        if name not in there and known is not None:
            new[name] = known
    if "EventID" not in there and {"Id", "LogName"} <= there:
        new["EventID"] = "Id"
    return Shape(
        windows=is_windows(dict.fromkeys(names)),
        told=any(name.startswith(LOGSOURCE) for name in names),
        bare=not any(name.startswith(SHAPED) for name in names),
        new=tuple(new.items()),
    )


_remembered = lru_cache(maxsize=_REMEMBERED)(_shape)
