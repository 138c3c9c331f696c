"""Writes event files of Windows (EVTX) for tests: plain elements, no templates, one chunk a call.

Documentation of the format: libevtx, "Windows XML Event Log (EVTX)".
"""

import struct
import zlib

HEADER = 4096
CHUNK = 65536
_FIRST_RECORD = 512
_TICKS_1970 = 116444736000000000  # FILETIME counts from 1601, in 100 ns


def evtx(*chunks):
    """A file of these chunks."""
    head = b"ElfFile\0" + struct.pack(
        "<QQQIHHHH", 0, max(len(chunks) - 1, 0), 1, 128, 1, 3, HEADER, len(chunks)
    )
    head = head.ljust(120, b"\0")
    head += struct.pack("<II", 0, zlib.crc32(head))
    return head.ljust(HEADER, b"\0") + b"".join(chunks)


def chunk(*records, first=1):
    """A chunk of events, each given as (System, EventData): names with values."""
    data = b""
    for number, (system, event_data) in enumerate(records, start=first):
        at = _FIRST_RECORD + len(data) + 24
        body = _fragment(system, event_data, at)
        size = 24 + len(body) + 4
        filetime = _TICKS_1970 + 1_795_323_600 * 10_000_000
        head = struct.pack("<4sIQQ", b"**\0\0", size, number, filetime)
        data += head + body + struct.pack("<I", size)
    last = first + len(records) - 1
    end = _FIRST_RECORD + len(data)
    header = b"ElfChnk\0" + struct.pack(
        "<QQQQIIII", first, last, first, last, 128, end, end, zlib.crc32(data)
    )
    header = header.ljust(120, b"\0")
    tables = bytes(384)
    header += struct.pack("<II", 0, zlib.crc32(header + tables))
    return (header + tables + data).ljust(CHUNK, b"\0")


class _Writer:
    def __init__(self, at):
        self.at = at
        self.bytes = b""

    def put(self, data):
        self.bytes += data

    def name(self, text):
        """A name stands where it is used first, behind its own offset."""
        here = self.at + len(self.bytes) + 4
        data = text.encode("utf-16-le")
        self.put(struct.pack("<IIHH", here, 0, 0, len(text)) + data + b"\0\0")

    def text(self, text):
        self.put(struct.pack("<BBH", 5, 1, len(text)) + text.encode("utf-16-le"))

    def element(self, name, attributes=(), content=None):
        self.put(struct.pack("<BI", 0x41 if attributes else 0x01, 0))
        self.name(name)
        if attributes:
            self.put(struct.pack("<I", 0))
            for index, (attribute, value) in enumerate(attributes, start=1):
                self.put(bytes([0x46 if index < len(attributes) else 0x06]))
                self.name(attribute)
                self.text(value)
        self.put(b"\x02")
        if callable(content):
            content()
        elif content is not None:
            self.text(str(content))
        self.put(b"\x04")


def _fragment(system, event_data, at):
    out = _Writer(at)
    out.put(b"\x0f\x01\x01\x00")

    def _system():
        for name, value in system.items():
            if isinstance(value, dict):
                out.element(name, tuple(value.items()))
            else:
                out.element(name, content=value)

    def _data():
        for name, value in event_data.items():
            out.element("Data", (("Name", name),), value)

    def _event():
        out.element("System", content=_system)
        out.element("EventData", content=_data)

    out.element("Event", content=_event)
    out.put(b"\x00")
    return out.bytes
