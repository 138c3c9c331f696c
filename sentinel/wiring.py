"""Settings become objects: the only place that picks an implementation."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sentinel.batch import read_line
from sentinel.collect.registry import collectors
from sentinel.collect.runner import Input
from sentinel.desk import Issuing, SocDesk, StoredEvents
from sentinel.detect.engine import Engine
from sentinel.detect.examples import ExampleReport, run_examples
from sentinel.detect.load import EXAMPLES, RuleSet
from sentinel.detect.load import load as parse_rules
from sentinel.documents import SourceText, read_source, yaml_texts
from sentinel.errors import RegistryError, SentinelError, SettingsError
from sentinel.journal.sqlite import SqliteJournal
from sentinel.meter import Counters
from sentinel.model.agency import Agency
from sentinel.model.ids import InputName
from sentinel.model.policy import Issuer, Policy
from sentinel.pipeline import Pipeline, Reach, Roll, Stations, nothing
from sentinel.ports import Clock, Desk, EventStore, Journal, Mailer, State
from sentinel.resources import shipped
from sentinel.settings import (
    Settings,
    load_agencies,
    load_policy,
    load_settings,
)
from sentinel.store.events_parquet import ParquetEvents
from sentinel.store.state_sql import SqlState
from sentinel.warn.courier import Courier
from sentinel.warn.smtp import SmtpMailer
from sentinel.warn.spool import SpoolMailer

LOCAL_SETTINGS = Path("sentinel.yml")
MEBIBYTE = 1024 * 1024
TOKENS_BEGUN = "api-tokens-begun"


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return datetime.now(UTC)


class SecretTokens:
    """The machine's chance: 192 bits a token."""

    def token(self) -> str:
        """Nobody can guess it; it may stand in a URL."""
        return secrets.token_urlsafe(24)


def load(config: Path | None) -> Settings:
    """Read the settings: those named, else ./sentinel.yml, else the shipped defaults.

    Raises:
        SettingsError: with every fault.
        OSError: the named file cannot be read.
    """
    known = collectors().by_name
    chosen = config or (LOCAL_SETTINGS if LOCAL_SETTINGS.is_file() else None)
    if chosen is None:
        default = shipped("config").joinpath("sentinel.yml")
        text = read_source(default, "config/sentinel.yml", error=SettingsError)
        return load_settings(text, Path.cwd(), known)
    text = read_source(chosen, error=SettingsError)
    return load_settings(text, chosen.resolve().parent, known)


def read_agencies(path: Path) -> tuple[Agency, ...]:
    """Read a registry file. Raises RegistryError with every fault, OSError."""
    return load_agencies(read_source(path, error=RegistryError))


def load_rules(settings: Settings, paths: Sequence[Path] | None = None) -> RuleSet:
    """Load the rules that `run` would load, or only those under `paths`."""
    return parse_rules(rule_texts(settings, paths))


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
    return run_examples(texts, [*texts, *yaml_texts(beside)], read_line)


def state_url(settings: Settings) -> str:
    """Where the state database is, as SQLAlchemy writes it."""
    return f"sqlite:///{settings.data / 'state.db'}"


def policy(settings: Settings) -> Policy:
    """The country's rule set: a shipped one by name, or a folder of one's own."""
    own = Path(settings.policy)
    folder = own if own.is_dir() else shipped("config").joinpath("policy", settings.policy)
    return load_policy(read_source(folder.joinpath("policy.yml"), error=SettingsError))


def issuer(settings: Settings) -> Issuer:
    """Who warns, as an officer sees it."""
    return Issuer(
        name=settings.issuer.name.local(),
        phone=settings.issuer.phone,
        email=settings.issuer.email,
        public_url=settings.web.public.link_base,
        mail_domain=settings.issuer.mail_domain,
        zone=settings.time_zone,
    )


def issuing(settings: Settings) -> Issuing:
    """What it takes to let a warning go."""
    return Issuing(policy=policy(settings), issuer=issuer(settings), tokens=SecretTokens())


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


def open_state(settings: Settings) -> State:
    """Open the state database, making it or bringing it up to date first."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqlState(state_url(settings))


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """The desk over the state database, whether or not the service runs."""
    state = open_state(settings)
    try:
        welcome(state, settings)
        yield SocDesk(state, issuing(settings), SystemClock())
    finally:
        state.close()


def welcome(state: State, settings: Settings) -> None:
    """Put the settings' agencies into a registry that has never had any."""
    with state.reading() as reader:
        if reader.registry_version():
            return
    agencies = first_agencies(settings)
    with state.transaction() as writer:
        if not writer.registry_version():
            writer.put_agencies(agencies)


def first_agencies(settings: Settings) -> tuple[Agency, ...]:
    """The agencies a new registry begins with: the settings' file, or the shipped example."""
    if settings.agencies is not None:
        return read_agencies(settings.agencies)
    example = shipped("config").joinpath("agencies.example.yml")
    return load_agencies(read_source(example, "config/agencies.example.yml"))


def new_token(settings: Settings, name: str) -> str:
    """Make an API token for this person or program; only its hash is kept."""
    state = open_state(settings)
    try:
        return make_token(state, name)
    finally:
        state.close()


def make_token(state: State, name: str) -> str:
    """Make an API token in this state database."""
    token = SecretTokens().token()
    with state.transaction() as writer:
        writer.put_secret(_token_key(token), name)
    return token


def first_token(state: State) -> str | None:
    """The API token of a state database that never had one; None ever after."""
    with state.reading() as reader:
        if reader.secret(TOKENS_BEGUN):
            return None
    with state.transaction() as writer:
        writer.put_secret(TOKENS_BEGUN, "yes")
    return make_token(state, "admin")


def check_token(state: State, token: str) -> str | None:
    """Whose API token this is; None where it is nobody's."""
    with state.reading() as reader:
        return reader.secret(_token_key(token))


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything the service runs, made and opened."""

    settings: Settings
    clock: Clock
    meter: Counters
    state: State
    journal: Journal
    store: EventStore
    roll: Roll
    rules: RuleSet
    pipeline: Pipeline
    courier: Courier
    desk: SocDesk
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
    rules = load_rules(settings)
    state = around_state(open_state(settings))
    welcome(state, settings)
    journal = SqliteJournal(
        settings.data / "journal",
        reserve_bytes=settings.journal.reserve_mb * MEBIBYTE,
        file_bytes=settings.journal.file_mb * MEBIBYTE,
    )
    _belongs(state, journal)
    store = ParquetEvents(settings.data / "events", seal_events=settings.store.seal_events)
    roll = Roll(state)
    release = issuing(settings)
    stations = Stations(
        journal=journal,
        store=store,
        state=state,
        roll=roll,
        issuing=release,
        clock=clock,
        meter=meter,
    )
    return House(
        settings=settings,
        clock=clock,
        meter=meter,
        state=state,
        journal=journal,
        store=store,
        roll=roll,
        rules=rules,
        pipeline=Pipeline(stations, lambda windows: Engine(rules, windows), reach=reach),
        courier=Courier(state, mailer(settings), release.issuer, clock, meter),
        desk=SocDesk(state, release, clock),
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
    out again, and what comes at those would be taken for detected already.
    """
    with state.transaction() as writer:
        known = writer.secret("journal")
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


def _token_key(token: str) -> str:
    return f"api-token/{sha256(token.encode()).hexdigest()}"
