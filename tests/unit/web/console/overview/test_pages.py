"""Every page of the overview: whole, small, in two languages, and safe with anybody's text."""

import string
import unicodedata
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sentinel.model.agency import Role
from sentinel.model.checkup import Check, CheckStatus
from sentinel.model.ids import AgencyId, ContactId, InputName, RuleId, SuppressionId
from sentinel.model.profile import DetectionProfile, MemoryRate, Resting, RuleCost, StepCost
from sentinel.model.rule import Advice
from sentinel.model.suppression import Scope
from sentinel.model.text import Language, LocalList, LocalText
from sentinel.model.warning import DeliveryState, Letter, WarningEntry, WarningState
from sentinel.ports import InputStatus
from sentinel.web.console.assets import assets
from tests.attacks import ATTACKS
from tests.samples import NOON, a_card, a_contact, an_agency, an_alert
from tests.unit.web.console.house import FakeCheckup, Outline
from tests.unit.web.console.overview.site import OPERATOR, Site
from tests.unit.web.console.overview.test_standing import a_source, never_seen
from tests.unit.web.fakes import FakeHealth, a_suppression

HEAVIEST = 250_000  # bytes, with everything a page loads
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HIDDEN = "\u202e\u2066\u200b\u200f\u00ad\ufeff\x00\x07\x1b\x7f\x9b"


def a_site(text="calm"):
    """A console where every text that somebody else writes is this one."""
    both = LocalText(vi=text, en=text)
    contact = a_contact(name=text, phone=text, email=f"{text}@so-a.example")
    agency = an_agency(name=both, contacts=(contact, OPERATOR))
    advice = Advice(title=both, seen=both, actions=LocalList(vi=(text,), en=(text,)))
    rest = Resting(rule=RuleId(text), title=text, why=text, since=NOON, until=NOON + HOUR, times=2)
    back = replace(rest, rule=RuleId("back"))
    status = FakeHealth(
        resting=[rest],
        profile=DetectionProfile(
            events=10,
            steps=(StepCost(name=text, seconds=1, events=10),),
            rules=(
                RuleCost(
                    rule=RuleId(text), title=text, place=text, looked_at=1, met=1, seconds=0.5
                ),
            ),
            memories=(MemoryRate(name=text, asked=2, known=1, size=1, most=9),),
            resting=(rest, back),
        ),
        version=text,
        problems=[text],
        rules_refused=[text],
        inputs=[
            InputStatus(
                name=InputName(text),
                collector=text,
                state=text,
                listening=f"udp {text}",
                last_error=text,
                dropped=1,
                last_record=NOON,
            )
        ],
        sources=[
            a_source(text, "so-a", via=text, unparsed=90, minutes=[1, 2]),
            a_source("gone", text, via="", received=NOON - HOUR),
            never_seen(text),
        ],
    )
    check = Check(id=text, status=CheckStatus.FAIL, found=both, why=both, remedy=both)
    site = Site(agency=agency, health=status, checkup=FakeCheckup([check]))
    card = a_card(title=text, advice=advice)
    site.drafted(card=card, subject={text: text})
    site.released("w-1", *DeliveryState)
    _write_on(site, text, card)
    with site.state.transaction() as writer:
        for name, changes in (("s-1", {}), ("s-2", {"lifted": True})):
            scope = Scope(rule=RuleId(text), agency=AgencyId("so-a"), subject={text: text})
            one = a_suppression(
                id=SuppressionId(name), scope=scope, title=text, reason=text, by=text, **changes
            )
            writer.put_suppression(one)
    return site


def _write_on(site, text, card):
    warning = site.desk.warning("w-1")
    letter = Letter(subject=text, text=text, html=text)
    copies = tuple(
        replace(copy, name=text, address=text, letter=letter, last_error=text)
        for copy in warning.deliveries
    )
    copies = (*copies[:-1], replace(copies[-1], acknowledged_by=text))
    entry = WarningEntry(at=NOON, who=text, action=text, reason=text)
    changed = replace(
        warning,
        approved_by=text,
        acknowledged_by=text,
        acknowledged_at=NOON,
        deliveries=copies,
        history=(entry,),
    )
    site.put(an_alert(card=card), changed)


PAGES = {
    "warnings": "/warnings",
    "warnings that are open": "/warnings?state=open&agency=so-a",
    "draft": "/warnings/w-a-1",
    "released": "/warnings/w-1",
    "suppressions": "/suppressions",
    "suppression": "/suppressions/s-1",
    "ended suppression": "/suppressions/s-2",
    "sources": "/sources",
    "detection": "/detection",
    "doctor": "/doctor",
}


@pytest.fixture(scope="module")
def shown():
    """Every page by language and name."""
    site = a_site()
    found = {}
    for language in Language:
        browser = site.browser(language.value)
        browser.post("/doctor")
        found |= {(language, name): browser.get(path) for name, path in PAGES.items()}
    return found


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole(shown, language, name):
    """Closed, titled once, in its language; each id once; nothing from elsewhere or inline."""
    page = shown[language, name]
    outline = Outline(page.text)

    assert (page.status_code, outline.balanced, outline.open) == (200, True, [])
    assert [language.value] == [each["lang"] for each in outline.all("html")]
    assert len(outline.all("h1")) == 1
    ids = [each["id"] for _, each in outline.elements if "id" in each]
    assert sorted(set(ids)) == sorted(ids)
    assert [each for _, each in outline.elements if {"style", "onclick"} & set(each)] == []
    assert [each for each in outline.all("script") if "src" not in each] == []
    loaded = [each.get("src") or each.get("href") for tag, each in outline.elements if tag != "a"]
    assert all(path.startswith("/") for path in loaded if path)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", PAGES)
def test_every_field_has_a_label_and_every_column_a_head(shown, language, name):
    """Also for somebody who hears the page."""
    outline = Outline(shown[language, name].text)
    asked = [each for tag in ("select", "textarea", "input") for each in outline.all(tag)]

    nameless = [each for each in asked if each.get("type") != "hidden" and "id" in each]
    assert nameless == []  # they stand inside of their labels
    assert all(each.get("scope") == "col" for each in outline.all("th"))
    assert all(each.get("title") for each in outline.all("iframe"))
    known = {each["id"] for _, each in outline.elements if "id" in each}
    pointed = [
        word
        for _, each in outline.elements
        for name in ("aria-labelledby", "aria-describedby")
        for word in each.get(name, "").split()
    ]
    assert set(pointed) <= known


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_heavy(shown, name):
    """With its styles and scripts."""
    page = shown[Language.VI, name]
    loaded = sum(len(each.content) for each in assets().values() if each.path in page.text)

    assert loaded > 50_000
    assert loaded + len(page.content) < HEAVIEST


def test_a_hundred_sources_are_not_heavy_either():
    """A whole page of them, each with an hour that jumps up and down."""
    hour = [n % 2 * 99_999 for n in range(60)]
    sources = [a_source(f"so-a-a-long-name-{n}", minutes=hour, unparsed=90) for n in range(100)]
    page = Site(health=FakeHealth(sources=sources)).browser("vi").get("/sources")
    loaded = sum(len(each.content) for each in assets().values() if each.path in page.text)

    assert loaded + len(page.content) < HEAVIEST


@pytest.mark.parametrize("name", PAGES)
def test_no_english_is_left_on_a_vietnamese_page(shown, name):
    """Every text has its translation: no message id shows through."""
    text = " ".join(Outline(shown[Language.VI, name].text).text.split())

    long = [each for message in catalogue() for each in ids_of(message) if len(each) > 16]
    assert [each for each in long if each in text] == []


def skeleton(outline):
    """Elements and their attributes; how often text is isolated or marked depends on the text."""
    return [
        (tag, sorted(each))
        for tag, each in outline.elements
        if tag != "bdi" and each.get("class") != "odd"
    ]


@pytest.fixture(scope="module")
def calm():
    """What every page consists of where nobody is hostile."""
    browser = a_site().browser()
    browser.post("/doctor")
    return {path: skeleton(Outline(browser.get(path).text)) for path in PAGES.values()}


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_hostile_text_is_text(calm, attack):
    """Whatever logs, mail servers, registries and people write: no element, no attribute more.

    And nothing in it hides or turns its surroundings around.
    """
    # The database holds UTF-8: halves of surrogate pairs never get that far.
    browser = a_site(attack.text.encode("utf-8", "replace").decode()).browser()
    browser.post("/doctor")

    for path in PAGES.values():
        answer = browser.get(path)
        found = Outline(answer.text)
        assert (200, calm[path]) == (answer.status_code, skeleton(found))
        assert found.balanced
        assert not set(HIDDEN) & set(found.text)


def test_a_contact_s_id_with_a_slash_still_has_its_letter():
    """What the registry allows, the page can show."""
    contact = a_contact(id=ContactId("so-a/duty ?#%"), role=Role.OPERATOR)
    site = Site(agency=an_agency(contacts=(contact,)))
    draft = site.drafted()
    browser = site.browser()

    (frame,) = Outline(browser.get(f"/warnings/{draft.id}").text).all("iframe")

    assert browser.get(frame["src"]).status_code == 200


# -- the catalogue ---------------------------------------------------------------------------------


def catalogue():
    source = files("sentinel").joinpath("locale", "vi", "overview.po")
    return [message for message in read_po(BytesIO(source.read_bytes())) if message.id]


def ids_of(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def test_the_catalogue_holds_what_the_pages_say_and_nothing_else():
    """A text without translation would show English; a translation nobody uses is dead."""
    found = extract_from_dir(
        str(files("sentinel.web.console.overview")),
        method_map=[("templates/**.html", "jinja2"), ("**.py", "python")],
        keywords={"_": None, "say": None, "n_": (1, 2)},
    )

    assert {text for _, _, text, _, _ in found} == {message.id for message in catalogue()}


def test_every_translation_is_whole():
    """Translated, not fuzzy, in NFC, with the same fields as the English."""
    for message in catalogue():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings:
            assert text
            assert not message.fuzzy
            assert unicodedata.is_normalized("NFC", text)
            assert fields(message.id if isinstance(message.id, str) else message.id[1]) == fields(
                text
            )


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_a_cancelled_warning_says_that_nothing_more_leaves():
    """Its copies wait for ever."""
    site = Site()
    site.released("w-1", DeliveryState.QUEUED, state=WarningState.CANCELLED)

    text = Outline(site.browser().get("/warnings/w-1").text).text

    assert "It was cancelled before it was sent." in text
    assert "Next attempt" not in text
