"""The shapes in which programs write Windows events as JSON, each brought to flat, plain names.

Dumps of EVTX files keep the XML's shape (`Event.System`, `Event.EventData`), Winlogbeat and the
Elastic agent write `winlog.*`, Wazuh `win.*`. What comes out has the names of System and EventData:
`EventID`, `Provider_Name`, `Image`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sentinel.model.event import Scalar, Value
from sentinel.normalise.objects import flatten, scalar

# Names of the System part elsewhere.
_SYSTEM: Mapping[str, str] = {
    "winlog.activity_id": "Correlation_ActivityID",
    "winlog.channel": "Channel",
    "winlog.computer_name": "Computer",
    "winlog.event_id": "EventID",
    "winlog.keywords": "Keywords",
    "winlog.opcode": "Opcode",
    "winlog.process.pid": "Execution_ProcessID",
    "winlog.process.thread.id": "Execution_ThreadID",
    "winlog.provider_guid": "Provider_Guid",
    "winlog.provider_name": "Provider_Name",
    "winlog.record_id": "EventRecordID",
    "winlog.task": "Task",
    "winlog.time_created": "TimeCreated_SystemTime",
    "winlog.user.identifier": "Security_UserID",
    "winlog.version": "Version",
    **{
        f"{prefix}win.system.{name}": native
        for prefix in ("", "data.")
        for name, native in (
            ("channel", "Channel"),
            ("computer", "Computer"),
            ("eventID", "EventID"),
            ("eventRecordID", "EventRecordID"),
            ("keywords", "Keywords"),
            ("level", "Level"),
            ("message", "Message"),
            ("opcode", "Opcode"),
            ("processID", "Execution_ProcessID"),
            ("providerGuid", "Provider_Guid"),
            ("providerName", "Provider_Name"),
            ("systemTime", "TimeCreated_SystemTime"),
            ("task", "Task"),
            ("threadID", "Execution_ThreadID"),
        )
    },
}
_SYSTEM_PARTS = ("Event.System.", "System.")
_DATA_PARTS = (
    *("winlog.event_data.", "winlog.user_data."),
    *("Event.EventData.", "Event.UserData.", "EventData.", "UserData."),
)
_WAZUH_DATA = ("win.eventdata.", "data.win.eventdata.")
_SHAPES = ("Event", "winlog", "System", "win")
# How names begin that are given flat, but with the part that they stand in.
SHAPED = ("winlog.", *_SYSTEM_PARTS, *_DATA_PARTS, "win.", "data.win.")
_OURS = "sentinel."  # no name that data has in an event
_ATTRIBUTES = ("#attributes", "@attributes")


def is_shaped(record: Mapping[str, object]) -> bool:
    """Say whether it is a Windows event in one of these shapes."""
    if any(isinstance(record.get(name), dict) for name in _SHAPES):
        section = record.get("System")
        return not isinstance(section, dict) or "EventID" in section
    data = record.get("data")
    if isinstance(data, dict) and isinstance(data.get("win"), dict):
        return True
    return any(
        key.startswith(("winlog.", "Event.System.", "win.system.", "data.win.")) for key in record
    )


def unshaped(record: Mapping[str, object]) -> dict[str, Value]:
    """The event with plain names; those it had before stay beside them, but for dumps of EVTX.

    Raises:
        TooDeep: it is nested too deep.
    """
    event = record.get("Event", record)
    if isinstance(event, dict) and isinstance(event.get("System"), dict):
        return _event_fields(event)
    flat = flatten(record)
    for name, value in list(flat.items()):
        native = _SYSTEM.get(name) or _plain(name)
        if native and not native.startswith(_OURS):
            flat.setdefault(native, value)
    if "Data" not in flat and "winlog.event_data.param1" in flat:
        flat["Data"] = _parameters(flat)
    return flat


def _plain(name: str) -> str:
    """A name without the part that it stands in; "" where it stands in none."""
    if "." not in name:
        return ""
    for part in _SYSTEM_PARTS:
        if name.startswith(part):
            return _joined(name.removeprefix(part))
    for part in _DATA_PARTS:
        if name.startswith(part):
            return name.removeprefix(part).removesuffix(".#text")
    for part in _WAZUH_DATA:
        if name.startswith(part):
            plain = name.removeprefix(part)
            return plain[:1].upper() + plain[1:]
    return ""


def _parameters(flat: Mapping[str, Value]) -> Value:
    """Winlogbeat counts data that has no names: param1, param2, ..."""
    found: list[Scalar] = []
    while (value := flat.get(f"winlog.event_data.param{len(found) + 1}")) is not None:
        found.append(value if not isinstance(value, list) else None)
    return found


def _event_fields(event: Mapping[str, object]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for part in ("System", "EventData", "UserData"):
        section = event.get(part)
        if isinstance(section, dict):
            found = _system(section) if part == "System" else _data(section)
            for name, value in found.items():
                if not name.startswith(_OURS):
                    fields.setdefault(name, value)
    rendered = event.get("RenderingInfo")
    for holder in (rendered if isinstance(rendered, dict) else {}, event):
        message = holder.get("Message")
        if isinstance(message, str):
            fields.setdefault("Message", message)
    return fields


def _system(system: Mapping[str, object]) -> dict[str, Value]:
    """Attributes of a tag are joined to it by an underscore: Provider_Name."""
    fields: dict[str, Value] = {}
    for name, value in flatten(system).items():
        fields.setdefault(_joined(name), value)
    return fields


def _joined(name: str) -> str:
    """`Provider.#attributes.Name`, `Provider_attributes.Name`, `Provider.@Name`: Provider_Name."""
    for mark in _ATTRIBUTES:
        name = name.replace(f".{mark}.", "_")
    name = name.replace("_attributes.", "_").replace(".@", "_")
    return name.removesuffix(".#text").removesuffix(".Value").replace(".", "_")


def _data(data: Mapping[str, object]) -> dict[str, Value]:
    """The names of `Data` elements, or of the leaves below the one element of `UserData`."""
    fields: dict[str, Value] = {}
    for name, value in _named_items(data):
        fields.setdefault(name, value)
    nameless = "Data" in data and not fields
    rest = {k: v for k, v in data.items() if nameless or k != "Data"}
    for name, value in flatten(rest).items():
        if "#attributes" in name or "@" in name or "_attributes." in name:
            continue
        fields.setdefault(name.removesuffix(".#text").rpartition(".")[2], value)
    return fields


def _named_items(data: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    """`{"Data": [{"#attributes": {"Name": "Image"}, "#text": "..."}]}`, as some tools write it."""
    items = data.get("Data")
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, dict):
            attributes = next((item[mark] for mark in _ATTRIBUTES if mark in item), item)
            if not isinstance(attributes, dict):
                continue
            name = attributes.get("Name", attributes.get("@Name"))
            if isinstance(name, str) and name:
                yield name, scalar(item.get("#text", item.get("Value", "")))
