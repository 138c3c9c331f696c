"""The admin's page of people."""

from urllib.parse import quote

import pytest

from sentinel.model.ids import PersonName
from sentinel.model.person import PersonRole
from sentinel.web.console.app import build_console
from tests.unit.web.console.house import FakeAccounts, Outline, a_person, logged_in, parts

ODD_NAME = "đức/../minh?x=1#y"


@pytest.fixture
def app():
    return build_console(parts())


@pytest.fixture
def admin(app):
    return logged_in(app, PersonRole.ADMIN)


def known(app):
    return app.state.parts.accounts.known


def test_everybody_is_shown_with_how_they_stand(app, admin):
    """Role, whether they may log in, whether they have a password of their own."""
    known(app)["hoa"] = a_person(name=PersonName("hoa"), must_change=True)
    known(app)["nam"] = a_person(name=PersonName("nam"), active=False)

    text = Outline(admin.get("/people").text).text

    for words in (
        "hoa\nanalyst · has not chosen a password yet · since 12:00 22/11/2026",
        "nam\nanalyst · may not log in · since",
        "minh (you)\nadmin · since",
    ):
        assert words in text


def test_a_first_password_is_shown_once(app, admin):
    """In the answer to the form, which no cache keeps; never again."""
    answer = admin.post("/people", {"name": "hoa", "role": "admin"})

    assert answer.status_code == 200
    assert "<code>first-of-hoa</code>" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert known(app)["hoa"].role is PersonRole.ADMIN
    assert "first-of-hoa" not in admin.get("/people").text


def test_a_refused_name_is_still_there_with_the_role_and_the_reason(admin):
    """To be mended, not typed again."""
    answer = admin.post("/people", {"name": "lan", "role": "admin"})
    outline = Outline(answer.text)

    assert answer.status_code == 409
    [field] = [each for each in outline.all("input") if each.get("id") == "name"]
    assert (field["value"], field["aria-invalid"]) == ("lan", "true")
    assert field["aria-describedby"] == "name-hint name-fault"
    assert [each["value"] for each in outline.all("option") if "selected" in each] == ["admin"]
    assert "there is somebody of the name" in answer.text


@pytest.mark.parametrize(
    ("path", "form", "change"),
    [
        ("/people/lan/role", {"role": "admin"}, {"role": PersonRole.ADMIN}),
        ("/people/lan/active", {"active": "no"}, {"active": False}),
        ("/people/lan/active", {"active": "yes"}, {"active": True}),
    ],
)
def test_a_change_is_made_and_leads_back(app, admin, path, form, change):
    """One form, one change."""
    answer = admin.post(path, form)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/people")
    [(field, value)] = change.items()
    assert getattr(known(app)["lan"], field) == value


def test_a_new_first_password_is_shown_once_too(app, admin):
    """And whoever was logged in with the old one is out."""
    analyst = logged_in(app)

    answer = admin.post("/people/lan/password")

    assert "<code>again-of-lan</code>" in answer.text
    assert known(app)["lan"].must_change
    assert analyst.get("/me").status_code == 303


def test_the_last_admin_stays_one(app, admin):
    """A console that nobody can open to anybody would be closed for ever."""
    answers = [
        admin.post("/people/minh/role", {"role": "analyst"}),
        admin.post("/people/minh/active", {"active": "no"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "the last admin stays one" in answers[0].text
    assert (known(app)["minh"].role, known(app)["minh"].active) == (PersonRole.ADMIN, True)


@pytest.mark.parametrize("what", ["role", "active", "password"])
def test_nobody_is_nobody(admin, what):
    """A name that nobody has is no page."""
    answer = admin.post(f"/people/nobody/{what}", {"role": "admin", "active": "no"})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/people/lan/role", {"role": "owner"}),
        ("/people/lan/role", {}),
        ("/people/lan/active", {"active": "maybe"}),
        ("/people/lan/active", {}),
        ("/people", {"name": "hoa", "role": "owner"}),
    ],
    ids=str,
)
def test_what_no_form_of_ours_sends_is_refused(app, admin, path, form):
    """And changes nothing."""
    before = dict(known(app))

    assert admin.post(path, form).status_code == 422
    assert before == known(app)


@pytest.mark.parametrize(
    "path", ["/people", "/people/lan/role", "/people/minh/active", "/people/minh/password"]
)
def test_an_analyst_changes_nobody(app, path):
    """Not even themselves."""
    before = dict(known(app))
    form = {"name": "hoa", "role": "admin", "active": "no"}

    assert logged_in(app).post(path, form).status_code == 403
    assert before == known(app)


def test_an_analyst_does_not_see_the_page(app):
    """Nor a link to it."""
    analyst = logged_in(app)

    assert analyst.get("/people").status_code == 403
    assert "/people" not in analyst.get("/me").text


def test_a_name_is_a_name_in_every_address():
    """Whatever letters it has."""
    people = [
        a_person(name=PersonName(ODD_NAME)),
        a_person(name=PersonName("minh"), role=PersonRole.ADMIN),
    ]
    app = build_console(parts(accounts=FakeAccounts(people)))

    page = Outline(logged_in(app, PersonRole.ADMIN).get("/people").text)

    actions = [form["action"] for form in page.all("form") if form.get("action")]
    quoted = quote(ODD_NAME, safe="/")
    assert f"/people/{quoted}/role" in actions
    assert not any("?" in action or "#" in action for action in actions)
