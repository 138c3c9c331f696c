"""The lanes: which rules are held against which events, each made anew from a seed.

An event carries its number under `n`, so that a match can be told by rule and record, and the
words of its logsource (`logsources`). No event of a lane is another's copy.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random

import orjson

from tests.bench.detect import invented, known, logsources, material, variants
from tests.bench.detect.material import SEED, Event, Rule

NUMBER = "n"
MANY = 3  # rules that an event of the lane "everything" meets at least

# The records that each of these events met, found by an engine: {record: rules}.
Found = Mapping[int, int]
Judge = Callable[[Iterable[Rule], Iterable[Event]], Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One question to the engines. `goal` is how many times rsigma's speed is wanted."""

    name: str
    title: str
    rules: Callable[[], list[str]]
    events: Callable[[int, Judge], Iterator[Event]]
    amount: int
    goal: float = 1.0
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A lane as files: a folder of rules, a file of events, and an empty one for the start-up."""

    lane: Lane
    folder: Path
    rule_count: int
    event_count: int
    event_bytes: int
    parts: Mapping[str, int] = field(default_factory=dict)

    @property
    def rules(self) -> Path:
        """The folder of rules."""
        return self.folder / "rules"

    @property
    def events(self) -> Path:
        """One JSON object a line."""
        return self.folder / "events.jsonl"

    @property
    def empty(self) -> Path:
        """No event at all."""
        return self.folder / "empty.jsonl"


def make(lane: Lane, amount: int, folder: Path, judge: Judge) -> Made:
    """Write a lane's files."""
    return write(lane, folder, lane.rules(), lane.events(amount, judge))


def write(lane: Lane, folder: Path, texts: Iterable[str], events: Iterable[Event]) -> Made:
    """Write rules, a file each, and numbered events."""
    (folder / "rules").mkdir(parents=True)
    count = 0
    for count, text in enumerate(texts, 1):
        (folder / "rules" / f"{count:05}.yml").write_text(text, encoding="utf-8")
    number = size = 0
    with (folder / "events.jsonl").open("wb") as out:
        for number, event in enumerate(events, 1):
            line = orjson.dumps({**event, NUMBER: number}) + b"\n"
            size += out.write(line)
    (folder / "empty.jsonl").write_bytes(b"")
    return Made(lane=lane, folder=folder, rule_count=count, event_count=number, event_bytes=size)


# -- rules ------------------------------------------------------------------------------------


def _windows_rules() -> list[Rule]:
    """Rules for Windows, and those for any product that name no service of another."""
    return [
        rule
        for rule in known.comparable(material.rules())
        if rule.part("product") == "windows"
        or (rule.part("product") is None and rule.part("category") not in WEB)
    ]


WEB = ("webserver", "proxy")


def _web_rules() -> list[Rule]:
    return [
        rule
        for rule in known.comparable(material.rules())
        if rule.part("category") in WEB and rule.part("product") is None
    ]


def _raw_rules() -> list[Rule]:
    """Every rule with keywords but Windows', and those for Zeek."""
    return [
        rule
        for rule in known.comparable(material.rules())
        if (rule.keywords and rule.part("product") != "windows") or rule.part("product") == "zeek"
    ]


def _texts(rules: Callable[[], list[Rule]]) -> Callable[[], list[str]]:
    return lambda: [rule.text for rule in rules()]


def _sized(amount: int) -> Callable[[], list[str]]:
    """Some rules as they are, the rest variants; the ones of a smaller set are in the larger."""

    def texts() -> list[str]:
        every = sorted(_windows_rules(), key=lambda rule: rule.id)
        Random(SEED).shuffle(every)
        kept, maker = every[:SMALLEST], variants.Variants([rule.data for rule in every], SEED)
        more = maker.make(amount - len(kept))
        return [*(rule.text for rule in kept), *map(material.written, more)]

    return texts


SMALLEST = 300


# -- events -----------------------------------------------------------------------------------


def _kinds(amount: int, _: Judge) -> Iterator[Event]:
    """Windows events of all kinds in an order by chance: the rarest kinds come with the others."""
    chance = Random(SEED)
    events = list(material.windows())
    chance.shuffle(events)
    for number in range(amount):
        event = events[number % len(events)]
        yield _again(event, chance) if number >= len(events) else _routed(event)


def _processes(share: float) -> Callable[[int, Judge], Iterator[Event]]:
    """Starts of processes; this share of them with a command line that was never seen."""

    def events(amount: int, _: Judge) -> Iterator[Event]:
        chance = Random(SEED)
        seen = [event for event in material.windows() if _is_start(event)]
        for number in range(amount):
            event = _again(chance.choice(seen), chance)
            yield _with_new_line(event, number, chance) if chance.random() < share else event

    return events


def _web(amount: int, _: Judge) -> Iterator[Event]:
    return invented.web(amount, SEED)


def _raw(amount: int, _: Judge) -> Iterator[Event]:
    """Lines of hosts and web servers as they are, and Zeek's records among them."""
    chance = Random(SEED)
    records = material.zeek()
    lines = invented.raw(amount, SEED)
    for number, line in enumerate(lines):
        if chance.random() < invented.ZEEK_SHARE:
            record = records[number % len(records)]
            words = logsources.words("zeek", service=str(record["_path"]))
            yield {**record, "uid": f"C{chance.getrandbits(96):024x}"[:18], **words}
        else:
            yield line


def _silent(amount: int, judge: Judge) -> Iterator[Event]:
    """The first lane's events without those that meet a rule."""
    drawn = list(_kinds(amount + amount // 3, judge))
    met = judge(_windows_rules(), drawn)
    quiet = (event for number, event in enumerate(drawn, 1) if number not in met)
    return islice(quiet, amount)


def _loud(amount: int, judge: Judge) -> Iterator[Event]:
    """Events of all kinds that meet several rules, again and again with new numbers."""
    drawn = [_routed(event) for event in material.windows()]
    met = judge(_windows_rules(), drawn)
    loud = [event for number, event in enumerate(drawn, 1) if met.get(number, 0) >= MANY]
    chance = Random(SEED)
    return (_again(chance.choice(loud), chance) for _ in range(amount))


def _is_start(event: Event) -> bool:
    sysmon = str(event.get("Channel")).startswith("Microsoft-Windows-Sysmon")
    return sysmon and event["EventID"] == 1 and bool(event.get("CommandLine"))


# What NXLog calls otherwise than Sigma. Both engines are given Sigma's names too.
_ALSO = {"Provider_Name": "SourceName", "Computer": "Hostname", "ComputerName": "Hostname"}


def _routed(event: Event) -> Event:
    """The event with Sigma's names and the words of its logsource."""
    named = {name: event[other] for name, other in _ALSO.items() if other in event}
    return {**named, **event, **logsources.of_windows(event)}


_NUMBERS = ("ProcessId", "ParentProcessId", "RecordNumber", "ThreadID", "LogonId")
_STAMPS = ("UtcTime", "EventTime", "@timestamp", "EventReceivedTime")


def _again(event: Event, chance: Random) -> Event:
    """The same thing happening another time: other numbers and times, the same words."""
    made = _routed(event)
    for name in _NUMBERS:
        if name in made:
            number = chance.randrange(1000, 10_000_000)
            made[name] = str(number) if isinstance(made[name], str) else number
    if "ProcessGuid" in made:
        made["ProcessGuid"] = f"{{{_guid(chance)}}}"
    for name in _STAMPS:
        if isinstance(made.get(name), str):
            made[name] = re.sub(r":\d\d(?=\D|$)", f":{chance.randrange(60):02}", made[name])
    return made


def _with_new_line(event: Event, number: int, chance: Random) -> Event:
    """The same program with arguments that nobody has seen."""
    old = event["CommandLine"]
    line = re.sub(r"\d{2,}", lambda run: _digits(len(run[0]), chance), old)
    new = f"{line} {chance.choice(invented.ARGUMENTS)}{number:x}-{chance.getrandbits(48):012x}"
    message = event.get("Message")
    made = {**event, "CommandLine": new}
    if isinstance(message, str):
        made["Message"] = message.replace(old, new)
    return made


def _digits(length: int, chance: Random) -> str:
    return "".join(chance.choices("0123456789", k=length))


def _guid(chance: Random) -> str:
    digits = f"{chance.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


STRUCTURED = 3.0  # times rsigma's speed, the goal on structured events

LANES: tuple[Lane, ...] = (
    Lane(
        name="windows",
        title="Windows events of all kinds",
        rules=_texts(_windows_rules),
        events=_kinds,
        amount=40_000,
        goal=STRUCTURED,
    ),
    *(
        Lane(
            name=f"processes-{percent}",
            title=f"process starts, {percent} % new command lines",
            rules=_texts(_windows_rules),
            events=_processes(percent / 100),
            amount=40_000,
            goal=STRUCTURED,
        )
        for percent in (100, 50, 10)
    ),
    Lane(
        name="web",
        title="web access, no URL twice",
        rules=_texts(_web_rules),
        events=_web,
        amount=120_000,
    ),
    Lane(
        name="raw",
        title="raw lines and Zeek, rules with keywords",
        rules=_texts(_raw_rules),
        events=_raw,
        amount=200_000,
    ),
    Lane(
        name="silent",
        title="nothing matches",
        rules=_texts(_windows_rules),
        events=_silent,
        amount=40_000,
        goal=STRUCTURED,
    ),
    Lane(
        name="loud",
        title="every event meets several rules",
        rules=_texts(_windows_rules),
        events=_loud,
        amount=20_000,
    ),
    *(
        Lane(
            name=f"rules-{amount}",
            title=f"{amount:,} rules",
            rules=_sized(amount),
            events=_kinds,
            amount=40_000,
            goal=STRUCTURED,
        )
        for amount in (SMALLEST, 3_000, 30_000)
    ),
)
