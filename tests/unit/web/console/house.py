"""A console in memory: people who can log in, a desk, and a browser that is logged in.

app = build_console(parts(desk=MyDesk()))
browser = logged_in(app, PersonRole.ANALYST)
browser.get("/me"); browser.post("/me/preferences", {"theme": "dark"})
"""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser

from sentinel.errors import NotAllowed, NotFound
from sentinel.model.checkup import Check, CheckStatus
from sentinel.model.ids import PersonName, SuppressionId
from sentinel.model.person import Person, PersonRole
from sentinel.model.policy import Deadlines, Issuer
from sentinel.model.severity import Severity
from sentinel.model.suppression import Hidden, Suppression
from sentinel.model.text import LocalText
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.visit import COOKIE, csrf_of
from tests.samples import NOON, FixedClock
from tests.unit.web.fakes import Browser, FakeDesk, FakeFinder, FakeHealth

ORIGIN = "https://warn.example"  # where `Browser` thinks it is
PASSWORD = "correct horse battery"
WRONG = "the name or the password is wrong"
ISSUER = Issuer(
    name=LocalText(vi="Trung tâm Giám sát", en="Monitoring Centre"),
    phone="024 0000 0000",
    email="truc@warn.example",
    public_url="https://warn.example",
    mail_domain="warn.example",
)
DEADLINES = Deadlines(
    triage={
        Severity.CRITICAL: timedelta(minutes=15),
        Severity.HIGH: timedelta(hours=1),
        Severity.MEDIUM: timedelta(hours=4),
        Severity.LOW: timedelta(days=1),
        Severity.INFORMATIONAL: timedelta(days=7),
    },
    acknowledge={severity: timedelta(hours=4) for severity in Severity},
    report=timedelta(days=5),
    source=LocalText(vi="quy định mẫu", en="a sample policy"),
)


def a_person(**changes) -> Person:
    person = Person(
        name=PersonName("lan"), role=PersonRole.ANALYST, password=PASSWORD, created=NOON
    )
    return replace(person, **changes)


class FakeAccounts:
    """People and sessions in memory; `Person.password` is the password itself.

    lan is an analyst, minh an admin. `looks` are the calls of `who`: (token, acting).
    """

    def __init__(self, people=None) -> None:
        known = (
            [a_person(), a_person(name=PersonName("minh"), role=PersonRole.ADMIN)]
            if people is None
            else people
        )
        self.known = {person.name: person for person in known}
        self.sessions = {}
        self.looks = []
        self._given = 0

    def begin(self, name) -> str:
        """Begin a session without a password; returns the cookie's value."""
        self._given += 1
        token = sha256(f"cookie {self._given}".encode()).hexdigest()
        self.sessions[token] = name
        return token

    def log_in(self, name, password):
        person = self.known.get(name)
        if person is None or not person.active or person.password != password:
            raise NotAllowed(WRONG)
        return self.begin(name), person

    def log_out(self, token):
        self.sessions.pop(token, None)

    def who(self, token, *, acting=True):
        self.looks.append((token, acting))
        person = self.known.get(self.sessions.get(token))
        return person if person is not None and person.active else None

    def people(self):
        return [self.known[name] for name in sorted(self.known)]

    def add(self, name, role, by):
        if not name or name in self.known:
            raise NotAllowed(f"there is somebody of the name {name!r} already")
        person = a_person(
            name=PersonName(name), role=role, password=f"first-of-{name}", must_change=True
        )
        self.known[person.name] = person
        return person, person.password

    def set_role(self, name, role, by):
        return self._change(name, role=role)

    def set_active(self, name, active, by):
        if not active:
            self._end(name)
        return self._change(name, active=active)

    def reset_password(self, name, by):
        self._end(name)
        return self._change(name, password=f"again-of-{name}", must_change=True).password

    def change_password(self, token, old, new):
        name = self.sessions.get(token)
        if name is None or self.known[name].password != old:
            raise NotAllowed("The old password is wrong.")
        if len(new) < 12:
            raise NotAllowed("A password has at least 12 characters.")
        self._end(name)
        self._change(name, password=new, must_change=False)
        return self.begin(name)

    def prefer(self, name, preferences):
        return self._change(name, preferences=preferences)

    def _change(self, name, **changes):
        if name not in self.known:
            raise NotFound(f"there is nobody of the name {name!r}")
        if changes.get("role") is PersonRole.ANALYST or changes.get("active") is False:
            admins = [p for p in self.known.values() if p.role is PersonRole.ADMIN and p.active]
            if [person.name for person in admins] == [name]:
                raise NotAllowed("the last admin stays one")
        self.known[name] = replace(self.known[name], **changes)
        return self.known[name]

    def _end(self, name):
        self.sessions = {token: who for token, who in self.sessions.items() if who != name}


class HouseDesk(FakeDesk):
    """The desk of the API's tests with what the console asks beyond it; no jobs, no relations."""

    def count(self, query):
        return len(self.known)

    def related(self, alert):
        return []

    def jobs(self, limit):
        return []

    def job(self, job):
        raise NotFound(f"there is no job {job}")

    def preview(self, warning):
        return self.warning(warning)

    def draft(self, alert, who):
        return self.letter


class FakeSuppressing:
    """Nothing is hidden, unless `kept` holds versions by id."""

    def __init__(self, kept=None, hidden=None) -> None:
        self.kept = dict(kept or {})
        self.hidden = dict(hidden or {})

    def suppressions(self):
        return [
            (versions[-1], self.hidden.get(name, Hidden())) for name, versions in self.kept.items()
        ]

    def suppression(self, suppression):
        if suppression not in self.kept:
            raise NotFound(f"there is no suppression {suppression}")
        return self.kept[suppression]

    def would_hide(self, scope, days, limit):
        return 0, []

    def suppress(self, scope, who, reason, until):
        begun = Suppression(
            id=SuppressionId(f"s-{len(self.kept) + 1}"),
            version=1,
            scope=scope,
            title="SSH password guessing",
            reason=reason,
            by=who,
            at=NOON,
            begun=NOON,
            expires=until,
        )
        self.kept[begun.id] = (begun,)
        return begun

    def prolong(self, suppression, who, reason, until):
        return self._next(suppression, by=who, reason=reason, expires=until)

    def lift(self, suppression, who, reason):
        return self._next(suppression, by=who, reason=reason, lifted=True)

    def _next(self, suppression, **changes):
        versions = self.suppression(suppression)
        newest = replace(versions[-1], version=len(versions) + 1, **changes)
        self.kept[suppression] = (*versions, newest)
        return newest


class FakeCheckup:
    """One check that is fine."""

    def __init__(self, checks=None) -> None:
        fine = LocalText(vi="ổn", en="fine")
        self._checks = (
            [Check(id="disk.reserve", status=CheckStatus.OK, found=fine, why=fine)]
            if checks is None
            else checks
        )

    def examine(self):
        return self._checks


def parts(**changes) -> ConsoleParts:
    """Everything the console asks, in memory; each part can be replaced by keyword."""
    whole = {
        "desk": HouseDesk(),
        "suppressing": FakeSuppressing(),
        "accounts": FakeAccounts(),
        "finder": FakeFinder(),
        "health": FakeHealth(),
        "checkup": FakeCheckup(),
        "clock": FixedClock(),
        "issuer": ISSUER,
        "deadlines": DEADLINES,
    }
    return ConsoleParts(**(whole | changes))


class ConsoleBrowser(Browser):
    """A browser with a cookie (`token`) whose forms carry the token and come from our pages."""

    def __init__(self, app, token="", language="en", **options) -> None:
        headers = {"Accept-Language": language}
        if token:
            headers["Cookie"] = f"{COOKIE}={token}"
        super().__init__(app, headers, **options)
        self.token = token
        self.csrf = csrf_of(token)

    def post(self, path, data=None, *, headers=None, **content):
        """Send a form as a page of ours does. `csrf` in `data` stands, if it is given."""
        own = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        return self.request(
            "POST",
            path,
            data={"csrf": self.csrf, **(data or {})},
            headers={**own, **(headers or {})},
            **content,
        )


def logged_in(app, role=PersonRole.ANALYST, language="en") -> ConsoleBrowser:
    """A browser in which somebody of this role is logged in; needs `FakeAccounts`."""
    accounts = app.state.parts.accounts
    name = next(person.name for person in accounts.people() if person.role is role)
    return ConsoleBrowser(app, accounts.begin(name), language)


VOID = {"meta", "input", "br", "link", "hr", "img", "col", "wbr", "source"}


class Outline(HTMLParser):
    """A page's elements with their attributes, its text, and whether everything is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements = []
        self.text = ""
        self.open = []
        self.balanced = True
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]
