"""Triage as a whole: every page whole and small, every text in both languages."""

import re
import string
import unicodedata
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sentinel.model.alert import AlertState
from sentinel.model.person import Preferences
from sentinel.model.text import Language
from tests.samples import NOON, an_alert, an_event
from tests.unit.web.console.house import ConsoleBrowser
from tests.unit.web.console.triage.floor import Floor, Outline, some_alerts

ID = "a1b2c3d4e5f60718"
PAGES = [
    "/",
    "/?q=zzz",
    "/?q=colour:red",
    "/?q=status:any&page=2",
    f"/alerts/{ID}",
    f"/alerts/{ID}/events",
    f"/alerts/{ID}/timeline",
    f"/alerts/{ID}/suppress",
    "/jobs",
    "/jobs/j-token-1",
]
ASK = [("close", "x"), ("note", "x"), ("acknowledge", "9"), ("take", "9")]


@pytest.fixture(scope="module", params=Language)
def busy(request):
    """A console with a bit of everything."""
    alerts = [
        *some_alerts(60, state=AlertState.IN_PROGRESS, assignee="minh"),
        an_alert(previous="a-1"),
    ]
    floor = Floor(*alerts, language=request.param.value)
    floor.parts.accounts.prefer("lan", Preferences(views={"Ca đêm": "score:>=60"}))
    floor.events.append([an_event(1), an_event(2, at=NOON)])
    floor.browser.post("/alerts/act", {"action": "acknowledge", "ids": ["a-0", ID]})
    floor.desk.draft(ID, "lan")
    answers = [floor.browser.get(path) for path in PAGES]
    answers += [
        floor.browser.get(f"/alerts/act?action={action}&all=yes&q=&expected={expected}")
        for action, expected in ASK
    ]
    return request.param, answers


def test_every_page_is_whole_and_says_its_language(busy):
    """Elements closed, one heading, no style or script in the page itself."""
    language, answers = busy

    for answer in answers:
        outline = Outline(answer.text)
        assert answer.status_code in {200, 422}
        assert outline.balanced
        assert outline.open == []
        assert [language.value] == [each["lang"] for each in outline.all("html")]
        assert len(outline.all("h1")) == 1
        assert [each for _, each in outline.elements if "style" in each] == []
        assert all("src" in each for each in outline.all("script"))


def test_ids_are_unique_and_labels_lead_somewhere(busy):
    """What a screen reader goes by."""
    for answer in busy[1]:
        elements = Outline(answer.text).elements
        ids = [each["id"] for _, each in elements if "id" in each]

        assert sorted(set(ids)) == sorted(ids)
        for _, attributes in elements:
            for name in ("for", "aria-labelledby", "aria-describedby"):
                assert set(attributes.get(name, "").split()) <= set(ids)


def test_every_form_carries_the_token(busy):
    """But for those that only look."""
    for answer in busy[1]:
        for form in re.findall(r"<form.*?</form>", answer.text, re.DOTALL):
            posted = 'method="post"' in form
            assert posted == ('name="csrf"' in form)


def test_no_english_is_left_on_a_vietnamese_page(busy):
    """Every text of ours has its translation."""
    language, answers = busy
    if language is Language.EN:
        return
    english = {
        text
        for message in catalogue()
        for text in (message.id if isinstance(message.id, tuple) else [message.id])
        if len(text) > 7 and "{" not in text
    }

    for answer in answers:
        shown = Outline(answer.text).text
        assert {text for text in english if re.search(rf"\b{re.escape(text)}\b", shown)} == set()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in [*PAGES, "/alerts.csv"]),
        *(
            ("POST", path)
            for path in (
                "/alerts/act",
                f"/alerts/{ID}/warn",
                f"/alerts/{ID}/suppress",
                "/jobs/j-token-1/undo",
                "/views",
                "/views/delete",
                "/views/default",
            )
        ),
    ],
)
def test_without_a_session_every_path_leads_to_the_log_in(guest, method, path):
    """No page, no file, no form is open to a guest."""
    answer = guest.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


@pytest.fixture(scope="module")
def guest():
    return ConsoleBrowser(Floor(an_alert()).app)


# -- the catalogue ---------------------------------------------------------------------------------


def catalogue():
    source = files("sentinel").joinpath("locale", "vi", "triage.po")
    return [message for message in read_po(BytesIO(source.read_bytes())) if message.id]


def test_the_catalogue_holds_what_the_pages_say_and_nothing_else():
    """A text without translation would show English; a translation nobody uses is dead."""
    found = extract_from_dir(
        str(files("sentinel.web.console.triage")),
        method_map=[("templates/**.html", "jinja2"), ("**.py", "python")],
        keywords={"_": None, "n_": (1, 2), "_say": None, "say": (3,), "say_number": (3, 4)},
        options_map={"templates/**.html": {"trim_blocks": "true", "silent": "false"}},
    )

    assert {text for _, _, text, _, _ in found} == {message.id for message in catalogue()}


def test_every_translation_is_whole():
    """Translated, not fuzzy, in NFC, with the same fields as the English."""
    for message in catalogue():
        plural = isinstance(message.id, tuple)
        english = message.id[1] if plural else message.id
        vietnamese = message.string[0] if plural else message.string
        fields = {name for _, name, _, _ in string.Formatter().parse(english) if name}

        assert vietnamese
        assert not message.fuzzy
        assert unicodedata.is_normalized("NFC", vietnamese)
        assert fields == set(re.findall(r"{([^}]+)}", vietnamese))
