"""What the lanes are made of: public rules and recordings where they are at hand, else invented.

`tests/testdata.py` says where they are looked for. The invented ones have the same shapes, so that
anybody can measure; the page says which ones a table was measured with.
"""

import gzip
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml

from tests.bench.detect import invented, variants
from tests.testdata import data_folder

RULES = "sigmahq-rules.tar.gz"
WINDOWS = "otrf-events.jsonl.gz"
ZEEK = "zeek-logs.jsonl.gz"
FOLDERS = ("rules", "rules-emerging-threats", "rules-threat-hunting")
INVENTED_RULES = 3000  # about as many as the public ones for Windows

SEED = 20261122

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its file says it, and what that means as YAML."""

    text: str
    data: dict[str, Any]

    @property
    def id(self) -> str:
        """The rule's id."""
        return str(self.data["id"])

    def part(self, name: str) -> str | None:
        """Its logsource's product, category or service."""
        return self.data["logsource"].get(name)

    @property
    def keywords(self) -> bool:
        """Whether it looks for words in every value."""
        return any(_is_keywords(v) for k, v in self.data["detection"].items() if k != "condition")


def real() -> bool:
    """Whether the public rules and recordings are at hand."""
    return all((data_folder() / name).is_file() for name in (RULES, WINDOWS, ZEEK))


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of names; those that wait for placeholders' values are none yet."""
    if not real():
        seeds = list(yaml.load_all(invented.RULES.read_text("utf-8"), yaml.CSafeLoader))
        more = variants.Variants(seeds, SEED).make(INVENTED_RULES - len(seeds))
        return tuple(Rule(written(data), dict(data)) for data in (*seeds, *more))
    texts = sorted(_archived(data_folder() / RULES))
    found = [Rule(text, yaml.load(text, yaml.CSafeLoader)) for _, text in texts]
    return tuple(rule for rule in found if "|expand" not in rule.text)


def written(rule: variants.Rule) -> str:
    """A rule as the text of a file."""
    return yaml.dump(dict(rule), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


@cache
def windows() -> tuple[Event, ...]:
    """Windows events of all kinds, with their native names, in the order of their recordings."""
    if not real():
        return tuple(invented.windows(20_000, SEED))
    return tuple(event for event in _lines(WINDOWS) if "EventID" in event and "Channel" in event)


@cache
def zeek() -> tuple[Event, ...]:
    """Records of Zeek, `_path` being the log's name."""
    return tuple(_lines(ZEEK)) if real() else tuple(invented.zeek(2_000, SEED))


def _lines(name: str) -> Iterator[Event]:
    with gzip.open(data_folder() / name) as stream:
        for line in stream:
            event = orjson.loads(line)
            event.pop("_src", None)
            yield event


def _archived(path: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(path) as archive:
        for member in archive:
            inside = archive.extractfile(member)
            if inside and member.name.endswith(".yml") and member.name.split("/")[0] in FOLDERS:
                yield member.name, inside.read().decode("utf-8")


def _is_keywords(selection: object) -> bool:
    if isinstance(selection, dict):
        return any(not key.split("|")[0] for key in selection)
    each = selection if isinstance(selection, list) else [selection]
    return any(not isinstance(one, dict) for one in each)
