"""Pages: whole, in two languages, with nothing in them that the policy forbids."""

import re
import string
import unicodedata
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from sentinel.model.person import PersonRole, Preferences, Theme
from sentinel.model.text import Language
from sentinel.web.console.view import View, say, say_number, section_of
from sentinel.web.console.visit import Guest, Visit, csrf_of
from tests.samples import NOON
from tests.unit.web.console.house import Outline, a_person

VI, EN = Language.VI, Language.EN


def a_visit(language=EN, path="/me", **changes):
    return Visit(
        person=a_person(**changes),
        language=language,
        theme=Theme.DARK,
        zone="Asia/Ho_Chi_Minh",
        now=NOON,
        token="c" * 43,
        csrf=csrf_of("c" * 43),
        path=path,
    )


def a_guest(language=EN):
    return Guest(language=language, zone="Asia/Ho_Chi_Minh", now=NOON, path="/login")


@pytest.fixture(scope="module")
def view():
    return View()


def page(view, visit, template="me.html", **values):
    return view.page(template, visit, **values).body.decode()


def test_the_top_bar_leads_everywhere_and_says_where_one_is(view):
    """Seven places, the present one marked; people for admins alone."""
    analyst = Outline(page(view, a_visit(path="/sources?x=1")))
    admin = Outline(page(view, a_visit(role=PersonRole.ADMIN)))

    paths = ["/", "/warnings", "/suppressions", "/sources", "/detection", "/doctor", "/jobs"]
    bar = [link for link in analyst.all("a") if link.get("data-key")]
    assert paths == [link["href"] for link in bar]
    assert [link["href"] for link in bar if "aria-current" in link] == ["/sources"]
    assert "/people" not in {link["href"] for link in analyst.all("a")}
    assert "/people" in {link["href"] for link in admin.all("a")}


def test_landmarks_and_a_way_past_the_bar(view):
    """Header, navigation, main, footer; the first thing a keyboard reaches is the skip link."""
    outline = Outline(page(view, a_visit()))

    for tag in ("header", "nav", "main", "footer"):
        assert len(outline.all(tag)) == 1
    assert outline.all("a")[0] == {"class": "skip", "href": "#content"}
    assert outline.all("main")[0]["id"] == "content"


def test_the_zone_is_named_once(view):
    """In the footer, in the reader's language."""
    assert page(view, a_visit(EN)).count("UTC+7") == 1
    assert page(view, a_visit(VI)).count("giờ Việt Nam, UTC+7") == 1


def test_a_guest_sees_no_bar(view):
    """Nothing of the inside, and no script that would ask for it."""
    html = page(view, a_guest(), "login.html", name="", next="/", fault="")
    outline = Outline(html)

    assert outline.all("nav") == []
    assert "glance" not in html
    assert "htmx.min.js" not in html


def test_who_must_change_the_password_sees_no_bar_but_can_leave(view):
    """The page opens nothing else."""
    html = page(view, a_visit(must_change=True), "password.html", fault="", again_fault="")
    outline = Outline(html)

    assert outline.all("nav") == []
    assert "glance" not in html
    actions = ["/me/preferences", "/logout", "/me/password"]
    assert actions == [form["action"] for form in outline.all("form")]


@pytest.mark.parametrize("language", Language)
def test_language_and_theme_stand_on_the_root(view, language):
    """For the screen reader, for the style sheet."""
    outline = Outline(page(view, a_visit(language)))

    assert [{"lang": language.value, "data-theme": "dark"}] == outline.all("html")


def test_the_other_language_is_one_press_away(view):
    """And leads back to where one was."""
    outline = Outline(page(view, a_visit(VI, path="/alerts/a1?x=%3C")))

    assert "en" in [b.get("value") for b in outline.all("button") if b.get("name") == "language"]
    fields = {"name": "next", "value": "/alerts/a1?x=%3C", "type": "hidden"}
    assert fields in outline.all("input")


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/", "queue"),
        ("/?q=a/b", "queue"),
        ("/alerts/a1", "queue"),
        ("/alerts.csv?q=", "queue"),
        ("/jobs/j1", "jobs"),
        ("/warnings?state=draft", "warnings"),
        ("/me/password", "me"),
        ("/nothing", ""),
    ],
)
def test_each_path_has_its_place_in_the_bar(path, section):
    """By its first part."""
    assert section == section_of(path)


def test_words_of_a_family_go_before_those_of_the_shell():
    """And what a family does not say itself, the shell says."""
    assert say(VI, "public", "Language") == "Ngôn ngữ"
    assert say(VI, "public", "Log out") == "Đăng xuất"
    assert say(VI, "public", "nobody says this") == "nobody says this"
    assert say_number(VI, "public", "{n} minute", "{n} minutes", 3) == "{n} phút"
    assert [say_number(EN, "public", "a day", "days", n) for n in (1, 2)] == ["a day", "days"]


def test_a_page_has_the_status_and_the_headers_it_is_given(view):
    """A refusal is no 200."""
    answer = view.page("me.html", a_visit(), 409, {"X-Own": "x"})

    assert (answer.status_code, answer.headers["X-Own"]) == (409, "x")


HOSTILE = [
    "<script>alert(1)</script>",
    "\"' onfocus=alert(1) x='",
    "{{ 7*7 }}{name.__class__}",
    "\u202e",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_names_and_paths_are_text(view, value):
    """In the bar, in attributes, in sentences."""
    calm = Outline(page(view, a_visit()))

    outline = Outline(page(view, a_visit(name=value, path=f"/me?{value}")))

    odd = [tag for tag, _ in outline.elements if tag != "span"]
    assert odd == [tag for tag, _ in calm.elements if tag != "span"]
    body = outline.all("body")[0]
    assert value == body["data-person"]


def test_preferences_are_the_ones_that_are_chosen(view):
    """In the form."""
    outline = Outline(page(view, a_visit(preferences=Preferences(language=VI, theme=Theme.DARK))))

    chosen = [option["value"] for option in outline.all("option") if "selected" in option]
    assert chosen == ["vi", "dark"]


# -- the catalogue ---------------------------------------------------------------------------------

KEYWORDS = {"_": None, "n_": (1, 2), "gettext": None, "ngettext": (1, 2)}


def said():
    """What the shell's own files say: its folder, not those of the families."""
    folder = files("sentinel.web.console")
    sources = [*folder.iterdir(), *folder.joinpath("templates").iterdir()]
    for source in sources:
        method = {"py": "python", "html": "jinja2"}.get(source.name.rpartition(".")[2])
        if method is not None:
            for _, message, _, _ in extract_from_file(method, source, keywords=KEYWORDS):
                yield message


def catalogue(domain):
    source = files("sentinel").joinpath("locale", "vi", f"{domain}.po")
    return [message for message in read_po(BytesIO(source.read_bytes())) if message.id]


def test_the_catalogue_holds_what_the_pages_say_and_nothing_else():
    """A text without translation would show English; a translation nobody uses is dead."""
    assert set(said()) == {message.id for message in catalogue("console")}


@pytest.mark.parametrize("domain", ["console", "refusals"])
def test_every_translation_is_whole(domain):
    """Translated, not fuzzy, in NFC, with the same fields as the English."""
    for message in catalogue(domain):
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        fields = {name for _, name, _, _ in string.Formatter().parse(one) if name}

        assert not message.fuzzy
        for translation in translations:
            assert translation
            assert unicodedata.is_normalized("NFC", translation)
            assert fields == set(re.findall(r"{([^}]+)}", translation)), one
