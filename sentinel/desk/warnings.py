"""Warnings at the desk: begun, looked at, approved, and acknowledged by the agency."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sentinel.alert.lifecycle import named
from sentinel.desk.seat import Seat
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.agency import Agency
from sentinel.model.alert import Alert
from sentinel.model.ids import AlertId, WarningId
from sentinel.model.text import LocalText
from sentinel.model.warning import AgencyWarning, WarningState
from sentinel.ports import StateReader, WarningNotice, WarningQuery
from sentinel.warn import receipt, release


class WarningDesk(Seat):
    """What becomes of warnings."""

    def warnings(self, query: WarningQuery) -> Sequence[AgencyWarning]:
        """Warnings, newest first."""
        with self._state.reading() as state:
            return state.warnings(query)

    def warning(self, warning: WarningId) -> AgencyWarning:
        """One warning, by id or number. Raises NotFound."""
        with self._state.reading() as state:
            return state.warning(warning)

    def draft(self, alert: AlertId, who: str) -> AgencyWarning:
        """Begin a warning about an alert that has none.

        Raises:
            NotFound: there is no such alert.
            NotAllowed: it has a warning already, or nobody that could be warned.
        """
        who = named(who)
        with self._state.transaction() as state:
            about = state.alert(alert)
            for warning in state.warnings(WarningQuery(alert=alert, limit=1)):
                raise NotAllowed(
                    f"Alert {alert} has a warning already: {warning.number or warning.id},"
                    f" {warning.state.value}."
                )
            agency = _agency_of(state, about)
            drafted = release.draft(about, agency, self._clock.now(), who=who)
            state.put_warning(drafted)
        return drafted

    def preview(self, warning: WarningId) -> AgencyWarning:
        """A draft as it would leave now: the next number, deadlines, letters; nothing is written.

        Its links open nothing. What was released or cancelled comes back as it is.

        Raises:
            NotFound: there is no such warning, or its agency is not registered.
            NotAllowed: there is nobody to send it to.
        """
        with self._state.reading() as state:
            draft = state.warning(warning)
            if draft.state is not WarningState.DRAFT:
                return draft
            alert, agency = state.alert(draft.alert), _registered(state, draft)
        now = self._clock.now()
        blind = replace(self._issuing, tokens=PreviewTokens())
        return blind.released(draft, alert, agency, self._next_number(now), who="", at=now)

    def _next_number(self, at: datetime) -> str:
        """The number that would be taken now: taken, read, and given back."""
        number = ""
        with suppress(_OnlyLookedError), self._state.transaction() as state:
            number = self._issuing.number(state, at)
            raise _OnlyLookedError
        return number

    def approve(self, warning: WarningId, who: str) -> AgencyWarning:
        """Number it and put a copy a recipient into the outbox. Raises NotFound, NotAllowed."""
        with self._state.transaction() as state:
            draft = state.warning(warning)
            agency = _registered(state, draft)
            alert = state.alert(draft.alert)
            return self._issuing.release(state, draft, alert, agency, who=who, at=self._clock.now())

    def notice(self, token: str) -> WarningNotice:
        """The letter behind an acknowledge token; reading it changes nothing. Raises NotFound."""
        with self._state.reading() as state:
            delivery = state.delivery_by_token(_hashed(token))
            if delivery is None:
                raise NotFound("no letter belongs to this link")
            warning = state.warning(delivery.warning)
            agency = _addressee(state, warning)
        return WarningNotice(warning=warning, delivery=delivery, agency=agency)

    def acknowledge_warning(self, token: str, name: str) -> WarningNotice:
        """The agency has it. A second time changes nothing. Raises NotFound, NotAllowed."""
        with self._state.transaction() as state:
            delivery = state.delivery_by_token(_hashed(token))
            if delivery is None:
                raise NotFound("no letter belongs to this link")
            before = state.warning(delivery.warning)
            warning, delivery = receipt.acknowledged(before, delivery, name, self._clock.now())
            if warning != before:
                state.put_warning(warning)
            agency = _addressee(state, warning)
        return WarningNotice(warning=warning, delivery=delivery, agency=agency)


class PreviewTokens:
    """Tokens of letters that nobody receives: no row in the outbox has them, so they open nothing.

    Said plainly in the link, so that whoever tries one knows why.
    """

    def token(self) -> str:
        """The same for every copy."""
        return "preview"


class _OnlyLookedError(Exception):
    """Nothing is wrong: it ends a transaction that is not to be written."""


def _agency_of(state: StateReader, alert: Alert) -> Agency:
    """Whom an alert can be warned about. Raises NotAllowed where there is nobody."""
    if alert.agency is None:
        raise NotAllowed(
            f"Alert {alert.id} is unassigned: nobody can be warned. Give its source to an agency"
            " in the registry; what it finds from then on is that agency's."
        )
    agency = state.registry().agencies.get(alert.agency)
    if agency is None:
        raise NotAllowed(
            f"Agency {alert.agency} of alert {alert.id} is not registered: nobody can be warned."
            " Import it again to warn it."
        )
    return agency


def _registered(state: StateReader, warning: AgencyWarning) -> Agency:
    agency = state.registry().agencies.get(warning.agency)
    if agency is None:
        raise NotFound(f"agency {warning.agency} of warning {warning.id} is not registered")
    return agency


def _addressee(state: StateReader, warning: AgencyWarning) -> Agency:
    """The agency a letter went to; known by its id alone once it has left the registry."""
    name = LocalText(vi=warning.agency, en=warning.agency)
    return state.registry().agencies.get(warning.agency) or Agency(id=warning.agency, name=name)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
