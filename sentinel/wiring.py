"""Settings become what people work with: the desk over the state database, tokens, policy.

Only here and in `assembly`, which puts the whole service together, is an implementation picked.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import structlog
from argon2 import PasswordHasher

from sentinel.accounts import StoredAccounts
from sentinel.collect.registry import collectors
from sentinel.desk import Issuing, SocDesk
from sentinel.documents import SourceText, read_source
from sentinel.errors import RegistryError, SettingsError
from sentinel.model.agency import Agency
from sentinel.model.policy import Issuer, Policy
from sentinel.ports import Accounts, Desk, State, StateLook
from sentinel.resources import shipped
from sentinel.settings import (
    Settings,
    load_agencies,
    load_policy,
    load_settings,
)
from sentinel.store.sqlite_engine import JournalMode, journal_mode
from sentinel.store.state_look import look
from sentinel.store.state_sql import SqlState

LOCAL_SETTINGS = Path("sentinel.yml")
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
    text, base = settings_text(chosen_settings(config))
    return load_settings(text, base, collectors().by_name)


def chosen_settings(config: Path | None) -> Path | None:
    """The settings file that is used: the one named, else ./sentinel.yml; None for the shipped."""
    return config or (LOCAL_SETTINGS if LOCAL_SETTINGS.is_file() else None)


def settings_text(chosen: Path | None) -> tuple[SourceText, Path]:
    """The settings' text, and the folder that relative paths in it start from.

    Raises:
        SettingsError: the file cannot be read.
    """
    if chosen is None:
        default = shipped("config").joinpath("sentinel.yml")
        return read_source(default, "config/sentinel.yml", error=SettingsError), Path.cwd()
    return read_source(chosen, error=SettingsError), chosen.resolve().parent


def read_agencies(path: Path) -> tuple[Agency, ...]:
    """Read a registry file. Raises RegistryError with every fault, OSError."""
    return load_agencies(read_source(path, error=RegistryError))


def state_url(settings: Settings) -> str:
    """Where the state database is, as SQLAlchemy writes it."""
    return f"sqlite:///{state_file(settings)}"


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


def open_state(settings: Settings) -> State:
    """Open the state database, making it or bringing it up to date first."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The folder may be older and open to others; SQLite's files beside this one get its mode.
    state_file(settings).touch(mode=0o600)
    return SqlState(state_url(settings))


def state_file(settings: Settings) -> Path:
    """The state database's file."""
    return settings.data / "state.db"


def look_at_state(settings: Settings) -> AbstractContextManager[StateLook]:
    """Look at the state database without changing it; the service may run or not.

    Entering it raises SentinelError where it cannot be read.
    """
    return look(state_file(settings))


def may_use_wal(version: tuple[int, int, int]) -> bool:
    """Whether this version of SQLite keeps commits in WAL mode safe."""
    return journal_mode(version) is JournalMode.WAL


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """The desk over the state database, whether or not the service runs."""
    state = open_state(settings)
    try:
        welcome(state, settings)
        yield SocDesk(state, issuing(settings), SystemClock())
    finally:
        state.close()


@contextmanager
def open_accounts(settings: Settings) -> Iterator[Accounts]:
    """The people over the state database, whether or not the service runs.

    For a command, which answers on standard output: what is logged goes to standard error.
    """
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    state = open_state(settings)
    try:
        yield accounts(state, settings)
    finally:
        state.close()


def accounts(state: State, settings: Settings) -> StoredAccounts:
    """The people of this state database; a hash costs what RFC 9106 recommends second (64 MiB)."""
    soc = settings.web.soc
    return StoredAccounts(
        state,
        SystemClock(),
        SecretTokens(),
        PasswordHasher(),
        idle=timedelta(minutes=soc.idle_minutes),
        longest=timedelta(hours=soc.session_hours),
    )


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


def _token_key(token: str) -> str:
    return f"api-token/{sha256(token.encode()).hexdigest()}"
