"""The whole house of a service: rules, stores, pipeline, courier, put together once.

Apart from `wiring`, which the commands need too: what is imported here takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from sentinel.accounts import StoredAccounts
from sentinel.batch import placeholders_text, read_line
from sentinel.collect.registry import collectors
from sentinel.collect.runner import Input
from sentinel.desk import SocDesk, StoredEvents
from sentinel.detect.engine import Engine
from sentinel.detect.examples import ExampleReport, run_examples
from sentinel.detect.importing import MANIFEST, licence_in, with_licences
from sentinel.detect.match.finder import FastFinder
from sentinel.detect.plan.start import Plan, fetch, plan
from sentinel.detect.route import source_of
from sentinel.detect.ruleset import EXAMPLES, RuleSet
from sentinel.detect.sigma.placeholders import Placeholders, read_placeholders
from sentinel.documents import SourceText, yaml_texts
from sentinel.documents.kept import KeptFiles, Tell, key_of
from sentinel.documents.watched import Seen, look_at
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
from sentinel.pipeline import EngineMaker, Pipeline, Reach, Stations, nothing
from sentinel.ports import Clock, EventStore, Journal, Mailer, SegmentsSeen, State
from sentinel.resources import program_mark, shipped
from sentinel.roll import Roll
from sentinel.settings import Settings
from sentinel.store.events_parquet import ParquetEvents
from sentinel.store.segment_look import find as find_stored
from sentinel.store.segment_look import look as look_at_segments
from sentinel.warn.courier import Courier
from sentinel.warn.smtp import SmtpMailer
from sentinel.warn.spool import SpoolMailer
from sentinel.wiring import SystemClock, accounts, issuing, open_state, welcome

if TYPE_CHECKING:
    from sentinel.detect.lint.finding import Finding

MEBIBYTE = 1024 * 1024

log = structlog.get_logger()


def load_rules(settings: Settings, paths: Sequence[Path] | None = None) -> RuleSet:
    """Load the rules that `run` would load, or only those under `paths`.

    Where the service has kept them as they are now, they come from there.
    """
    key, read_afresh = _reading(settings, rule_texts(settings, paths))
    kept = fetch(key, _kept_rules(settings, lambda _: None))
    rules = read_afresh() if kept is None else kept.rules
    return with_licences(rules, licences(paths or settings.rules.paths))


def plan_rules(settings: Settings) -> Plan:
    """The same for the service, which keeps them for the next time.

    Raises:
        SentinelError: the placeholders cannot be used.
        OSError: one of the places that the settings name cannot be read.
        UnicodeDecodeError: one of them is a file that is no text.
    """
    key, read_afresh = _reading(settings, rule_texts(settings))
    keep = _kept_rules(settings, lambda sentence: log.warning("rules_not_kept", what=sentence))
    found = plan(key, keep, read_afresh)
    return replace(found, rules=with_licences(found.rules, licences(settings.rules.paths)))


def look_at_rules(settings: Settings) -> Seen:
    """How the files that rules are made of look from outside. Raises OSError."""
    values = settings.rules.placeholders
    return look_at([*_roots(settings), *([] if values is None else [values])], [MANIFEST])


def engines(rules: RuleSet) -> EngineMaker:
    """Makes engines of these rules; what it takes to find a rule is worked out once for all."""
    finder = FastFinder(rules.rules)
    return lambda windows: Engine(rules, windows, finder)


def _kept_rules(settings: Settings, tell: Tell) -> KeptFiles:
    return KeptFiles(settings.data / "kept", tell)


def _reading(settings: Settings, texts: Sequence[SourceText]) -> tuple[str, Callable[[], RuleSet]]:
    """All that has a part in what these texts become, as a key, and how to read them."""
    values = placeholders_text(settings.rules.placeholders)

    def read_afresh() -> RuleSet:
        # pySigma takes a good part of a second to import: kept rules do without it.
        from sentinel.detect.sigma.load import load as parse_rules  # noqa: PLC0415 - see above

        return parse_rules(texts, placeholders=read_placeholders(values))

    return key_of([values, *texts], program_mark()), read_afresh


def check_rules(
    settings: Settings, paths: Sequence[Path] | None = None
) -> tuple[RuleSet, list[Finding]]:
    """The same rules with everything that is odd in them, read afresh."""
    from sentinel.detect.lint.checks import World, lint  # noqa: PLC0415 - it imports pySigma

    texts = rule_texts(settings, paths)
    _, read_afresh = _reading(settings, texts)
    ruleset = read_afresh()
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
    return {str(each.parent): licence_in(each.read_bytes()) for each in found}


def rule_texts(settings: Settings, paths: Sequence[Path] | None = None) -> list[SourceText]:
    """The texts of the rules that `run` would load, or only of those under `paths`."""
    return list(yaml_texts(paths or _roots(settings)))


def _roots(settings: Settings) -> list[Path | Traversable]:
    roots = [shipped("rules")] if settings.rules.shipped else []
    return [*roots, *settings.rules.paths]


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
    rules_seen: Seen
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
    seen = _seen_at_start(settings)
    rules = plan_rules(settings).rules
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
        rules_seen=seen,
        pipeline=Pipeline(stations, engines(rules), reach=reach),
        courier=Courier(state, mailer(settings), release.issuer, clock, meter),
        desk=SocDesk(state, release, clock),
        accounts=accounts(state, settings),
        deadlines=release.policy.deadlines,
        issuer=release.issuer,
        finder=StoredEvents(store),
    )


def _seen_at_start(settings: Settings) -> Seen:
    """Looked at before anything is read: what changes meanwhile is seen to have changed."""
    try:
        return look_at_rules(settings)
    except OSError:
        return {}  # reading says what is wrong, and the service starts with what it can read


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
