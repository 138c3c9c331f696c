"""The line above the queue: what an analyst types, as a query, and a query as what one types.

    agency:so-a status:open score:>=40 who:nobody "invalid user"

Words and `key:value`, in any order; all of them must hold. Nothing that is typed is ignored: what
cannot be understood is named with what is allowed, and then nothing should be searched for. A
value in quotes is taken as it stands: who:"me" is somebody called me.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from sentinel.i18n import DEFAULT_ZONE
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.entity import LONGEST as LONGEST_ENTITY
from sentinel.model.entity import Entity, EntityKind
from sentinel.model.ids import AgencyId, RuleId
from sentinel.ports import AlertOrder, AlertQuery
from sentinel.web.console.triage.tokens import Token, split, written

_T = TypeVar("_T")

LONGEST = 1000  # characters of a whole filter
HIGHEST = 100  # points of a score
MOST_WORDS = 20  # each is looked for in every alert that the rest leaves
OPEN = frozenset(AlertState) - {AlertState.CLOSED}

_SCORE = re.compile(r"(>=|<=|>|<|=|)(\d{1,3})")
_SCORES = re.compile(r"(\d{1,3})\.\.(\d{1,3})")
_AGO = re.compile(r"(\d{1,6})(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class FaultKind(StrEnum):
    """What is wrong with a part of a filter."""

    UNKNOWN_KEY = "unknown key"
    UNKNOWN_VALUE = "unknown value"
    NO_VALUE = "no value"
    TWICE = "twice"
    NOTHING_BETWEEN = "nothing between"
    OPEN_QUOTE = "open quote"
    GLUED = "glued"
    TOO_LONG = "too long"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterFault:
    """One part that cannot be understood, as it was typed, and what may stand there instead."""

    kind: FaultKind
    part: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A filter as it was understood. With `faults` the query is that of the other parts."""

    query: AlertQuery
    faults: tuple[FilterFault, ...] = ()


def parse(text: str, *, who: str, now: datetime, zone: str = DEFAULT_ZONE) -> Parsed:
    """Understand a filter. `who` is "me"; `now` is what "24h" counts back from (aware).

    Without `status:` it asks for open alerts, or for closed ones where a disposition is given.
    Days and times without a zone are those of `zone`.
    """
    if len(text) > LONGEST:
        fault = FilterFault(kind=FaultKind.TOO_LONG, part=text[:40], allowed=(f"{LONGEST}",))
        return Parsed(query=AlertQuery(states=OPEN), faults=(fault,))
    asked = _Asked(who=who, now=now, zone=zone)
    query, faults, said = AlertQuery(), [], set[str]()
    for token in split(text):
        try:
            query = _taken(query, token, said, asked)
        except _Wrong as wrong:
            faults.append(FilterFault(kind=wrong.kind, part=token.typed, allowed=wrong.allowed))
    if "status" not in said:
        default = frozenset({AlertState.CLOSED}) if query.dispositions else OPEN
        query = replace(query, states=default)
    return Parsed(query=query, faults=tuple(faults))


def write(query: AlertQuery, *, who: str) -> str:
    """Write a query as one types it: `parse` reads the same query, whenever it is asked.

    What the language has no words for (`scope`, `opened_after`, `skip`, `limit`) is left out.
    """
    return " ".join(
        written(key, value, literal=literal) for key, value, literal in _said(query, who)
    )


def part(key: str, value: str) -> str:
    """Write one part that means just this value, also where the value looks like a word of ours."""
    return written(key, value, literal=value.lower() in {"none", "me", "nobody"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Who asks, when, in which zone."""

    who: str
    now: datetime
    zone: str


class _Wrong(Exception):  # noqa: N818 - never leaves this file
    def __init__(self, kind: FaultKind, allowed: Iterable[str] = ()) -> None:
        self.kind = kind
        self.allowed = tuple(allowed)
        super().__init__(kind)


def _taken(query: AlertQuery, token: Token, said: set[str], asked: _Asked) -> AlertQuery:
    """The query with one part more. Raises _Wrong."""
    if not token.closed:
        raise _Wrong(FaultKind.OPEN_QUOTE)
    if token.glued:
        raise _Wrong(FaultKind.GLUED)
    if token.key and token.key not in _READERS:
        raise _Wrong(FaultKind.UNKNOWN_KEY, _READERS)
    if not token.value:
        raise _Wrong(FaultKind.NO_VALUE, _ALLOWED.get(token.key, ()))
    if not token.key and len(query.words) == MOST_WORDS:
        raise _Wrong(FaultKind.TOO_MANY, (f"{MOST_WORDS}",))
    if not token.key:
        return replace(query, words=(*query.words, token.value))
    slot = "entity" if token.key in set(EntityKind) else token.key
    if slot in said:
        raise _Wrong(FaultKind.TWICE, tuple(EntityKind) if slot == "entity" else (token.key,))
    said.add(slot)
    return _READERS[token.key](query, token, asked)


# -- reading a value -----------------------------------------------------------------------------


def _agency(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    del asked
    if token.value.lower() == "none" and not token.quoted:
        return replace(query, unassigned=True)
    return replace(query, agency=AgencyId(token.value))


def _status(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    del asked
    groups = [_among(_STATES, name, "status") for name in token.value.split(",")]
    # The empty set means any state, and then nothing else narrows it.
    return replace(
        query, states=frozenset() if frozenset() in groups else frozenset().union(*groups)
    )


def _score(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    del asked
    least, most = _bounds(token.value)
    if least > most or most < 0 or least > HIGHEST or most > HIGHEST:
        raise _Wrong(FaultKind.NOTHING_BETWEEN, _ALLOWED["score"])
    return replace(query, min_score=max(least, 0), max_score=most)


def _bounds(value: str) -> tuple[int, int]:
    if between := _SCORES.fullmatch(value):
        return int(between[1]), int(between[2])
    one = _SCORE.fullmatch(value)
    if one is None:
        raise _Wrong(FaultKind.UNKNOWN_VALUE, _ALLOWED["score"])
    points = int(one[2])
    return {
        ">=": (points, HIGHEST),
        ">": (points + 1, HIGHEST),
        "<=": (0, points),
        "<": (0, points - 1),
    }.get(one[1], (points, points))


def _rule(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    del asked
    return replace(query, rule=RuleId(token.value))


def _who(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    meant = {"me": asked.who, "nobody": ""}.get(token.value.lower(), token.value)
    return replace(query, assignee=token.value if token.quoted else meant)


def _disposition(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    del asked
    names = token.value.split(",")
    return replace(
        query, dispositions=frozenset(_among(_DISPOSITIONS, name, "disposition") for name in names)
    )


def _entity(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    del asked
    entity = Entity.of(EntityKind(token.key), token.value)
    if not entity.value:
        raise _Wrong(FaultKind.NO_VALUE)
    if len(entity.value) > LONGEST_ENTITY:
        raise _Wrong(FaultKind.TOO_LONG, (f"{LONGEST_ENTITY}",))
    return replace(query, entity=entity)


def _since(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    try:
        if ago := _AGO.fullmatch(token.value.lower()):
            at = asked.now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        else:
            at = datetime.fromisoformat(token.value)
            at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(asked.zone))
        return replace(query, seen_since=at.astimezone(UTC))
    except (ValueError, OverflowError):
        raise _Wrong(FaultKind.UNKNOWN_VALUE, _ALLOWED["since"]) from None


def _sort(query: AlertQuery, token: Token, asked: _Asked) -> AlertQuery:
    del asked
    return replace(query, order=_among(_ORDERS, token.value, "sort"))


def _among(known: Mapping[str, _T], name: str, key: str) -> _T:
    found = known.get(name.lower())
    if found is None:
        raise _Wrong(FaultKind.UNKNOWN_VALUE, _ALLOWED[key])
    return found


_READERS: Mapping[str, Callable[[AlertQuery, Token, _Asked], AlertQuery]] = {
    "agency": _agency,
    "status": _status,
    "score": _score,
    "rule": _rule,
    "who": _who,
    "disposition": _disposition,
    "host": _entity,
    "user": _entity,
    "address": _entity,
    "since": _since,
    "sort": _sort,
}
_STATES: Mapping[str, frozenset[AlertState]] = {
    **{state.value: frozenset({state}) for state in AlertState},
    "open": OPEN,
    "any": frozenset(),
}
_DISPOSITIONS: Mapping[str, Disposition] = {each.value: each for each in Disposition}
_ORDERS: Mapping[str, AlertOrder] = {each.value: each for each in AlertOrder}
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "agency": ("ID", "none"),
    "status": tuple(_STATES),
    "score": ("0 - 100", ">=40", ">40", "<40", "<=40", "40..60"),
    "who": ("me", "nobody", "NAME"),
    "disposition": tuple(_DISPOSITIONS),
    "since": ("30m", "24h", "7d", "2w", "2026-11-22", "2026-11-22T08:05"),
    "sort": tuple(_ORDERS),
}


# -- writing -------------------------------------------------------------------------------------


def _said(query: AlertQuery, who: str) -> Iterable[tuple[str, str, bool]]:
    """Key, value, and whether the value must be read as it stands."""
    if query.unassigned:
        yield "agency", "none", False
    elif query.agency is not None:
        yield "agency", query.agency, query.agency.lower() == "none"
    yield "status", _states_text(query.states), False
    yield from _what(query)
    if query.assignee is not None:
        yield "who", *_who_text(query.assignee, who)
    if query.dispositions:
        yield "disposition", ",".join(sorted(query.dispositions)), False
    if query.seen_since is not None:
        yield "since", query.seen_since.astimezone(UTC).isoformat().replace("+00:00", "Z"), False
    if query.order is not AlertOrder.SCORE:
        yield "sort", query.order, False
    yield from (("", word, False) for word in query.words)


def _what(query: AlertQuery) -> Iterable[tuple[str, str, bool]]:
    if (query.min_score, query.max_score) != (0, HIGHEST):
        yield "score", _score_text(query.min_score, query.max_score), False
    if query.rule is not None:
        yield "rule", query.rule, False
    if query.entity is not None:
        yield query.entity.kind, query.entity.value, False


def _states_text(states: frozenset[AlertState]) -> str:
    if states == OPEN:
        return "open"
    return ",".join(state for state in AlertState if state in states) or "any"


def _score_text(least: int, most: int) -> str:
    if most == HIGHEST:
        return f">={least}"
    return f"<={most}" if least == 0 else f"{least}..{most}"


def _who_text(assignee: str, who: str) -> tuple[str, bool]:
    if not assignee:
        return "nobody", False
    return ("me", False) if assignee == who else (assignee, assignee.lower() in {"me", "nobody"})
