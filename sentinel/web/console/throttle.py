"""How soon somebody may try to log in again, so that guessing a password takes for ever.

Wrong attempts are counted by account and by address (an IPv6 client owns a /64: that is one). The
first few cost nothing; from then on each makes the next wait twice as long, up to a quarter of an
hour. The count by account stops whoever guesses from a thousand addresses, the count by address
whoever tries one password on every name.

An account's wait could be a weapon: whoever keeps guessing at "admin" would keep the real one out.
So an address from which an account has logged in is known for it, and attempts from there wait
for nothing but their own wrong ones (which a stranger elsewhere cannot make). From a new address
the account's wait holds, for its owner too; a quarter of an hour is the longest, sessions that are
open go on, and `sentinel users reset-password` on the machine always helps. Where the analysts
reach us through one address (a proxy), a guesser among them is one of those who know it: he can
make that account wait there, never longer than the longest.

A right log-in forgets the account's wrong ones, never the address's: whoever owns one account would
otherwise buy himself guesses at the others.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock

from sentinel.model.person import person_name

FREE = 5  # wrong attempts that cost nothing
FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0  # seconds
FORGOTTEN = 3600.0  # seconds without an attempt
MOST = 10_000  # accounts, and addresses, that are remembered
PLACES = 16  # addresses that are known for an account, the newest ones
LONGEST_NAME = 64  # characters; no account has a longer one


@dataclass(slots=True)
class _Tries:
    """Attempts that were wrong, or are under way, and when the newest was made."""

    count: int
    last: float

    def ready(self) -> float:
        """When the next attempt may be made."""
        if self.count < FREE:
            return self.last
        doubled = FIRST_WAIT * 2.0 ** min(self.count - FREE, 30)
        return self.last + min(doubled, LONGEST_WAIT)


class _Counts:
    """Tries by key. When there are too many keys, the one with the fewest tries is forgotten.

    Made-up names, each tried once, push out each other and never the one that is under attack.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tries: dict[str, _Tries] = {}

    def ready(self, key: str, now: float) -> float:
        tries = self._tries.get(key)
        if tries is None:
            return now
        if now - tries.last >= FORGOTTEN:
            del self._tries[key]
            return now
        return tries.ready()

    def add(self, key: str, now: float) -> None:
        tries = self._tries.pop(key, None) or _Tries(0, now)
        if len(self._tries) >= self._most:
            del self._tries[min(self._tries, key=self._worth)]
        self._tries[key] = _Tries(tries.count + 1, now)

    def take_back(self, key: str) -> None:
        tries = self._tries.get(key)
        if tries is not None:
            tries.count -= 1

    def forget(self, key: str) -> None:
        self._tries.pop(key, None)

    def __len__(self) -> int:
        return len(self._tries)

    def _worth(self, key: str) -> tuple[int, float]:
        return self._tries[key].count, self._tries[key].last


class Throttle:
    """Says whether to try now. `clock` counts seconds and never goes back; threads may share it."""

    def __init__(self, clock: Callable[[], float], *, most: int = MOST) -> None:
        self._clock = clock
        self._lock = Lock()
        self._accounts: _Counts = _Counts(most)
        self._addresses: _Counts = _Counts(most)
        self._known: _Counts = _Counts(most)
        # Only right log-ins write here: nobody can push a place out by guessing.
        self._places: dict[str, OrderedDict[str, None]] = {}

    def attempt(self, name: str, address: str) -> float:
        """Return the seconds to wait, or 0: try now.

        An attempt counts as wrong from here on, until `right` says otherwise: of forty that come
        at once, five are free. One that is told to wait is none, and makes nothing longer.
        """
        account, place, now = _account(name), _place(address), self._clock()
        with self._lock:
            counted = self._counted(account, place)
            ready = max(counts.ready(key, now) for counts, key in counted)
            if ready > now:
                return ready - now
            for counts, key in counted:
                counts.add(key, now)
            return 0.0

    def right(self, name: str, address: str) -> None:
        """Note that the attempt was no guess: its address is known for its account from now on."""
        account, place = _account(name), _place(address)
        with self._lock:
            places = self._places.setdefault(account, OrderedDict())
            if place not in places:
                self._addresses.take_back(place)
            places[place] = None
            places.move_to_end(place)
            if len(places) > PLACES:
                places.popitem(last=False)
            self._known.forget(_both(account, place))
            self._accounts.forget(account)

    def _counted(self, account: str, place: str) -> list[tuple[_Counts, str]]:
        """The counts that an attempt waits for, and adds to."""
        if place in self._places.get(account, ()):
            return [(self._known, _both(account, place))]
        return [(self._accounts, account), (self._addresses, place)]

    def remembered(self) -> int:
        """How many counts are kept: at most three times `most`."""
        with self._lock:
            return len(self._accounts) + len(self._addresses) + len(self._known)


def _both(account: str, place: str) -> str:
    return f"{account} {place}"


def _account(name: str) -> str:
    """One account, however its name is typed: "Admin" is no way around the wait of "admin"."""
    return person_name(name.strip()[: LONGEST_NAME * 4])[:LONGEST_NAME]


def _place(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Network((int(known) >> 64 << 64, 64)))
