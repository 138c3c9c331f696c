"""The whole house of a service: rules, stores, pipeline, courier, put together once.

Apart from `wiring`, which the commands need too: what is imported here takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sentinel.accounts import StoredAccounts
from sentinel.batch import placeholders_text, read_line
from sentinel.collect.registry import collectors
from sentinel.collect.runner import Input
from sentinel.desk import SocDesk, StoredEvents
from sentinel.detect.engine import Engine
from sentinel.detect.examples import ExampleReport, run_examples
from sentinel.detect.importing import MANIFEST, Manifest, with_licences
from sentinel.detect.lint.checks import World, lint
from sentinel.detect.lint.finding import Finding
from sentinel.detect.route import source_of
from sentinel.detect.sigma.load import EXAMPLES, RuleSet
from sentinel.detect.sigma.load import load as parse_rules
from sentinel.detect.sigma.placeholders import Placeholders, read_placeholders
from sentinel.documents import SourceText, yaml_texts
from sentinel.errors import NotFound, SentinelError
from sentinel.health import SourceBook
from sentinel.journal.look import find as find_record
from sentinel.journal.sqlite import SqliteJournal
from sentinel.meter import Counters
from sentinel.model.event import Event
from sentinel.model.ids import EventId, InputName
from sentinel.model.policy import Deadlines, Issuer
from sentinel.normalise.fields import FIELDS
from sentinel.normalise.produced import logsources
from sentinel.normalise.read import read
from sentinel.pipeline import Pipeline, Reach, Stations, nothing
from sentinel.ports import Clock, EventStore, Journal, Mailer, SegmentsSeen, State
from sentinel.resources import shipped
from sentinel.roll import Roll
from sentinel.settings import Settings
from sentinel.store.events_parquet import ParquetEvents
from sentinel.store.segment_look import find as find_stored
from sentinel.store.segment_look import look as look_at_segments
from sentinel.warn.courier import Courier
from sentinel.warn.smtp import SmtpMailer
from sentinel.warn.spool import SpoolMailer
from sentinel.wiring import SystemClock, accounts, issuing, open_state, welcome

MEBIBYTE = 1024 * 1024


def load_rules(settings: Settings, paths: Sequence[Path] | None = None) -> RuleSet:
    """Load the rules that `run` would load, or only those under `paths`."""
    texts = rule_texts(settings, paths)
    ruleset = parse_rules(texts, placeholders=placeholders_of(settings))
    return with_licences(ruleset, licences(paths or settings.rules.paths))


def check_rules(
    settings: Settings, paths: Sequence[Path] | None = None
) -> tuple[RuleSet, list[Finding]]:
    """The same rules with everything that is odd in them."""
    texts = rule_texts(settings, paths)
    ruleset = parse_rules(texts, placeholders=placeholders_of(settings))
    feeds = {source for fields in logsources() if (source := source_of(fields)) is not None}
    return ruleset, lint(texts, ruleset, World(feeds=feeds, fields=FIELDS))


def placeholders_of(settings: Settings) -> Placeholders:
    """The values of placeholders that rules are loaded with.

    Raises:
        InputError: the file of the settings cannot be used.
    """
    return read_placeholders(placeholders_text(settings.rules.placeholders))


def licences(roots: Sequence[Path]) -> dict[str, str]:
    """The licence of each folder that an import made under these, by its path."""
    found = [each for root in roots for each in root.rglob(MANIFEST)]
    return {
        str(each.parent): Manifest.model_validate_json(each.read_bytes()).licence for each in found
    }


def rule_texts(settings: Settings, paths: Sequence[Path] | None = None) -> list[SourceText]:
    """The texts of the rules that `run` would load, or only of those under `paths`."""
    if paths:
        return list(yaml_texts(paths))
    roots = [shipped("rules")] if settings.rules.shipped else []
    return list(yaml_texts([*roots, *settings.rules.paths]))


def test_rules(settings: Settings, paths: Sequence[Path] | None) -> ExampleReport:
    """Hold the rules that `run` would load, or those under `paths`, to their own examples."""
    texts = rule_texts(settings, paths)
    beside = [
        examples
        for path in paths or ()
        for ending in EXAMPLES
        if (examples := path.with_name(path.stem + ending)).is_file()
    ]
    values = placeholders_of(settings)
    return run_examples(texts, [*texts, *yaml_texts(beside)], read_line, values)


def events_folder(settings: Settings) -> Path:
    """Where the event store's segments are."""
    return settings.data / "events"


def journal_folder(settings: Settings) -> Path:
    """Where the journal's files are."""
    return settings.data / "journal"


def look_at_events(settings: Settings) -> SegmentsSeen:
    """Look at the event store without changing it. Raises OSError."""
    return look_at_segments(events_folder(settings))


def find_event(settings: Settings, event: EventId) -> Event:
    """An event of the running system, whoever's it is; nothing is changed by looking.

    As it was stored, or, where it is not sealed yet, as its record is read today.

    Raises:
        NotFound: neither store nor journal hold it (any more).
        OSError: a folder cannot be read.
    """
    folder = events_folder(settings)
    found = find_stored(folder, event) if folder.is_dir() else None
    if found is not None:
        return found
    journal = journal_folder(settings)
    entry = find_record(journal, event) if journal.is_dir() else None
    if entry is None:
        raise NotFound(f"there is no event {event!r}")
    return read(entry.record, event, entry.offset)


def mailer(settings: Settings) -> Mailer:
    """The mail server of the settings, or the spool folder as long as none is set."""
    mail = settings.mail
    if mail is None:
        return SpoolMailer(settings.data / "mail")
    return SmtpMailer(
        host=mail.server,
        port=mail.port,
        tls=mail.tls,
        username=mail.username or "",
        password=mail.password() or "",
        timeout=mail.timeout_seconds,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything the service runs, made and opened."""

    settings: Settings
    clock: Clock
    meter: Counters
    sources: SourceBook
    state: State
    journal: Journal
    store: EventStore
    roll: Roll
    rules: RuleSet
    pipeline: Pipeline
    courier: Courier
    desk: SocDesk
    accounts: StoredAccounts
    deadlines: Deadlines
    issuer: Issuer
    finder: StoredEvents

    def close(self) -> None:
        """Let go of every file, of each even where another one makes trouble."""
        with closing(self.state), closing(self.journal):
            self.store.close()


def build(
    settings: Settings,
    *,
    reach: Reach = nothing,
    around_state: Callable[[State], State] = lambda state: state,
) -> House:
    """Open the stores and put the house together.

    `reach` and `around_state` are for fault tests: a stop at a named point, a state that breaks
    its promise.

    Raises:
        SentinelError: something the settings name cannot be used.
    """
    clock, meter = SystemClock(), Counters()
    sources = SourceBook(clock, meter)
    rules = load_rules(settings)
    state = around_state(open_state(settings))
    welcome(state, settings)
    journal = SqliteJournal(
        journal_folder(settings),
        reserve_bytes=settings.journal.reserve_mb * MEBIBYTE,
        file_bytes=settings.journal.file_mb * MEBIBYTE,
    )
    _belongs(state, journal)
    store = ParquetEvents(events_folder(settings), seal_events=settings.store.seal_events)
    roll = Roll(state)
    release = issuing(settings)
    stations = Stations(
        journal=journal,
        store=store,
        state=state,
        roll=roll,
        issuing=release,
        clock=clock,
        meter=sources,
    )
    return House(
        settings=settings,
        clock=clock,
        meter=meter,
        sources=sources,
        state=state,
        journal=journal,
        store=store,
        roll=roll,
        rules=rules,
        pipeline=Pipeline(stations, lambda windows: Engine(rules, windows), reach=reach),
        courier=Courier(state, mailer(settings), release.issuer, clock, meter),
        desk=SocDesk(state, release, clock),
        accounts=accounts(state, settings),
        deadlines=release.policy.deadlines,
        issuer=release.issuer,
        finder=StoredEvents(store),
    )


def inputs(settings: Settings) -> list[Input]:
    """The settings' inputs with their collectors."""
    known = collectors().by_name
    return [
        Input(name=InputName(one.name), collector=known[one.collector], options=one.options)
        for one in settings.inputs
    ]


def _belongs(state: State, journal: Journal) -> None:
    """Offsets mean nothing without their journal: refuse a state that belongs to another one.

    A journal that ends before the state's offset is one of an older backup: it would give offsets
    out again, and what comes at those would be taken for detected already. A state that has never
    seen a journal which holds records has been lost.
    """
    with state.transaction() as writer:
        known = writer.secret("journal")
        if known is None and journal.last():
            raise SentinelError(
                f"the state database is new, but the journal holds {journal.last()} records:"
                " agencies would be warned again, from number 1 on. Put the state database"
                " (state.db) back from a backup, or move the whole data folder away to begin anew"
            )
        if known is None:
            writer.put_secret("journal", journal.id)
        elif known != journal.id:
            raise SentinelError(
                f"the state database belongs to journal {known}, but the journal folder holds"
                f" {journal.id}: put the right journal back, or move both away to begin anew"
            )
        if writer.offset() > journal.last():
            raise SentinelError(
                f"the state database has seen record {writer.offset()}, but the journal ends at"
                f" {journal.last()}: it is older. Put the journal and the state database of the"
                " same time back, or move both away to begin anew"
            )
