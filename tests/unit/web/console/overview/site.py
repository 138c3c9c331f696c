"""The console over a real desk and a state in memory, and somebody who is logged in."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from fastapi import FastAPI

from sentinel.desk import Issuing, SocDesk
from sentinel.model.agency import Role
from sentinel.model.ids import AlertId, CauseKey, ContactId, WarningId
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.store.state_memory import MemoryState
from sentinel.web.console.app import CHANGED_HEADERS, OWN_HEADERS, POLICY, build_console
from sentinel.web.console.overview.routes import FAMILIES, PACKAGE
from sentinel.web.console.overview.words import DOMAIN
from sentinel.web.console.refusals import Refusals, add_refusals
from sentinel.web.console.view import View
from sentinel.web.headers import SecurityHeaders
from tests.policies import an_issuer, the_policy
from tests.samples import (
    NOON,
    CountingTokens,
    FixedClock,
    a_contact,
    a_delivery,
    a_warning,
    an_agency,
    an_alert,
)
from tests.unit.web.console.house import logged_in, parts

MINUTE = timedelta(minutes=1)
OPERATOR = a_contact(
    id=ContactId("so-a-ops"),
    name="Nguyễn Văn An",
    role=Role.OPERATOR,
    email="an.nguyen@so-a.example",
    language=Language.EN,
    phone="+84 24 0000 0001",
    personal=True,
)


class Site:
    """A console of these pages alone, or a whole one; `browser()` is an analyst's."""

    def __init__(self, agency=None, *, whole_console=False, **changes) -> None:
        self.state = MemoryState()
        self.clock = FixedClock()
        self.agency = agency or an_agency(contacts=(a_contact(), OPERATOR))
        issuing = Issuing(policy=the_policy(), issuer=an_issuer(), tokens=CountingTokens())
        self.desk = SocDesk(self.state, issuing, self.clock)
        with self.state.transaction() as writer:
            writer.put_agencies([self.agency])
        whole = {"desk": self.desk, "suppressing": self.desk, "clock": self.clock} | changes
        self.parts = parts(**whole)
        self.app = build_console(self.parts) if whole_console else _app(self.parts)

    def browser(self, language="en", **options):
        return logged_in(self.app, language=language, **options)

    def put(self, *values):
        """Write alerts and warnings as they are."""
        with self.state.transaction() as writer:
            for value in values:
                put = writer.put_warning if hasattr(value, "tlp") else writer.put_alert
                put(value)

    def drafted(self, name="a-1", **changes):
        """An alert with a draft."""
        alert = an_alert(id=AlertId(name), cause=CauseKey(name), **changes)
        self.put(alert)
        return self.desk.draft(alert.id, "lan")

    def released(self, name="w-1", *states, **changes):
        """A warning on its way: copies in these states."""
        copies = [_copy(name, number, state) for number, state in enumerate(states)]
        warning = a_warning(
            id=WarningId(name),
            number=f"CB-2026-{name}",
            state=WarningState.SENT,
            approved_at=NOON,
            approved_by="lan",
            acknowledge_by=NOON + 4 * 60 * MINUTE,
            report_by=NOON + timedelta(days=5),
            deliveries=tuple(copies),
        )
        self.put(an_alert(), replace(warning, **changes))
        return self.desk.warning(warning.id)


def _copy(warning, number, state):
    known = {
        DeliveryState.FAILED: {"last_error": "550 5.1.1 no such mailbox", "attempts": 1},
        DeliveryState.ACCEPTED: {"accepted_at": NOON, "attempts": 1},
        DeliveryState.QUEUED: {"last_error": "451 4.3.0 try again", "attempts": 2},
        DeliveryState.ACKNOWLEDGED: {
            "accepted_at": NOON,
            "acknowledged_at": NOON + 12 * MINUTE,
            "acknowledged_by": "Trần Thị Bình",
            "attempts": 1,
        },
    }
    return a_delivery(
        warning=WarningId(warning),
        contact=ContactId(("so-a-duty", "so-a-ops", f"c-{number}")[min(number, 2)]),
        name=("Trực an toàn thông tin", "Nguyễn Văn An", f"Người nhận {number}")[min(number, 2)],
        address=f"copy-{number}@so-a.example",
        token=f"{warning} {number}",
        message_id=f"<{warning}.{number}@warn.example>",
        state=state,
        due=NOON + 5 * MINUTE,
        **known.get(state, {}),
    )


@cache
def _views():
    """The templates of these pages and of the shell, compiled once for all tests."""
    return View(PACKAGE, DOMAIN), View()


def _app(whole):
    app = FastAPI(openapi_url=None)
    app.state.parts = whole
    own, shell = _views()
    for family in FAMILIES:
        app.include_router(family(whole, own))
    add_refusals(app, Refusals(shell))
    app.add_middleware(SecurityHeaders, policy=POLICY, changed=CHANGED_HEADERS, own=OWN_HEADERS)
    return app
