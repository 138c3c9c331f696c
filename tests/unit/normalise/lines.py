"""The corpus's lines as bytes, and what is wrong with the fields that were read from them."""

from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

import yaml

from sentinel.normalise.fields import FieldType, field_of

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "normalise"


def line_of(case) -> bytes:
    """A case's line: given whole, in hex, or as a program's message in a usual envelope."""
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "program" in case:
        line = f"<38>Nov 22 12:00:00 web01 {case['program']}[4711]: {case['message']}"
        return line.encode()
    return case["line"].encode()


def corpus_cases():
    """Every case as (file's name, case), all values as plain text."""
    for path in sorted(CORPUS.glob("*.yml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            yield path.stem, case


@lru_cache(maxsize=1)
def corpus_lines() -> tuple[bytes, ...]:
    return tuple(line_of(case) for _, case in corpus_cases())


def _is_of_type(kind, value):
    match kind:
        case FieldType.LONG:
            return type(value) is int and -(2**63) <= value < 2**63
        case FieldType.BOOLEAN:
            return type(value) is bool
        case FieldType.IP:
            return str(ip_address(value)) == value
        case FieldType.DATE:
            return value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None
        case FieldType.ANY:
            return value is None or type(value) in {str, int, float, bool}
    return kind in {FieldType.KEYWORD, FieldType.TEXT} and type(value) is str


def wrong_fields(fields):
    """The fields that the table does not know, or whose values are of another type."""
    return {
        name: value
        for name, value in fields.items()
        if (known := field_of(name)) is None
        or not all(
            _is_of_type(known.type, each)
            for each in (value if isinstance(value, list) else [value])
        )
    }
