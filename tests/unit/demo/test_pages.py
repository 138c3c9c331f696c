"""The mailbox's pages: whole, accessible, in two languages, and safe with any mail."""

import re
import string
import unicodedata
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sentinel.demo.pages import LETTER_POLICY, Pages, Reader
from sentinel.model.text import Language
from tests.samples import an_agency
from tests.unit.demo.mails import ADDRESSES, LINK, a_mail
from tests.unit.web.public.test_pages import HOSTILE, Outline, luminance

VI, EN = Reader(language=Language.VI), Reader(language=Language.EN)
ASKED = Reader(language=Language.EN, asked=True)

EVERY_PAGE = {
    "all mails": lambda pages, reader: pages.mails([a_mail(number=2), a_mail()], None, reader),
    "an agency's": lambda pages, reader: pages.mails([a_mail()], "so-a", reader),
    "none": lambda pages, reader: pages.mails([], None, reader),
    "a mail": lambda pages, reader: pages.mail(a_mail(), reader),
    "an empty mail": lambda pages, reader: pages.mail(
        a_mail(subject="", text="", html="", agency=None), reader
    ),
    "tour": lambda pages, reader: pages.tour(reader),
    "unknown": lambda pages, reader: pages.unknown(reader),
}


@pytest.fixture(scope="module")
def pages():
    return Pages([an_agency()], ADDRESSES)


@pytest.mark.parametrize("reader", [VI, EN], ids=["vi", "en"])
@pytest.mark.parametrize("name", EVERY_PAGE)
def test_every_page_is_whole_and_loads_nothing_from_elsewhere(pages, name, reader):
    """Language said, elements closed, one heading, no inline style."""
    page = EVERY_PAGE[name](pages, reader)
    outline = Outline(page)

    assert outline.balanced
    assert outline.open == []
    assert [{"lang": reader.language.value}] == outline.all("html")
    assert (len(outline.all("h1")), len(outline.all("main"))) == (1, 1)
    assert outline.all("link") + outline.all("img") + outline.all("form") == []
    assert not [attributes for _, attributes in outline.elements if "style" in attributes]
    assert not [
        name for _, attributes in outline.elements for name in attributes if name[:2] == "on"
    ]
    assert not re.search(r"url\(|@import", page)
    assert len(page.encode()) < 50_000


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_no_english_is_left_on_a_vietnamese_page(pages, name):
    """Every text has its translation: no message id shows through."""
    page = EVERY_PAGE[name](pages, VI)
    shown = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)

    for message in catalogue():
        assert message.id not in shown


def test_a_list_has_subject_recipient_and_time(pages):
    """And how many mails each agency has."""
    page = EVERY_PAGE["all mails"](pages, VI)

    for words in (
        "[TLP:AMBER] Cảnh báo số CB-2026-000001",
        "Trực &lt;truc@so-a.example&gt;",
        "12:00 22/11/2026",
        'Sở A <span class="count">2</span>',
        "giờ Việt Nam, UTC+7",
    ):
        assert words in page


def test_a_list_of_one_agency_leaves_the_others_out(pages):
    """By whose address it was sent to."""
    mails = [a_mail(number=2, agency=None, subject="of nobody"), a_mail(subject="of so-a")]

    page = pages.mails(mails, "so-a", EN)

    assert "of so-a" in page
    assert "of nobody" not in page


def test_a_mail_shows_both_parts(pages):
    """The HTML part in a frame that may do nothing but open a link."""
    outline = Outline(EVERY_PAGE["a mail"](pages, VI))

    (frame,) = outline.all("iframe")
    assert (frame["src"], frame["sandbox"]) == (
        "/mails/1/letter",
        "allow-popups allow-popups-to-escape-sandbox",
    )
    assert frame["title"]


def test_the_acknowledge_link_can_be_followed_and_no_other(pages):
    """Only what begins like a page of the service is a link."""
    near = "https://127.0.0.1:8444.evil.example/w/x https://evil.example/ javascript:alert(1)"
    page = pages.mail(a_mail(text=f"Link: {LINK}.\n{near}"), EN)

    inside = Outline(page[page.index("<pre>") :])
    assert inside.all("a") == [{"href": LINK, "target": "_blank", "rel": "noopener"}]


def test_a_letter_in_its_frame_opens_links_in_a_window_of_their_own(pages):
    """In the frame the acknowledge page would refuse to be shown; and it changes nothing else."""
    mail = a_mail()
    target = '<base target="_blank">'

    assert pages.letter(mail).replace(target, "") == mail.html
    assert pages.letter(mail).index(target) == mail.html.index("<head>") + len("<head>")
    assert pages.letter(a_mail(html="<p>x")) == f"{target}<p>x"


def test_a_letter_may_do_nothing_but_open_windows():
    """No script, no form, nothing loaded."""
    allowed = dict(each.partition(" ")[::2] for each in LETTER_POLICY.split("; "))

    assert allowed == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_mails_are_text(pages, value):
    """In every field, in lists and in the mail: nothing becomes an element or an attribute."""
    calm = a_mail(text="x")
    bad = a_mail(subject=value, recipient=value, sender=value, text=value)

    for show in (lambda mail: pages.mails([mail], None, EN), lambda mail: pages.mail(mail, EN)):
        model, shown = Outline(show(calm)), Outline(show(bad))
        # What hides is shown in a <span>, everything else has to be the same.
        elements = [each for each in shown.elements if each[1].get("class") != "odd"]
        assert [tag for tag, _ in model.elements] == [tag for tag, _ in elements]
        assert [sorted(a) for _, a in model.elements] == [sorted(a) for _, a in elements]


def test_a_language_that_was_asked_for_stays(pages):
    """In every link of ours."""
    for name, show in EVERY_PAGE.items():
        own = [
            link["href"]
            for link in Outline(show(pages, ASKED)).all("a")
            if link["href"].startswith("/") and not link["href"].endswith("/source")
        ]
        assert own, name
        assert all("lang=en" in link for link in own), name


def test_both_languages_are_one_click_away(pages):
    """And lead to the same list."""
    outline = Outline(EVERY_PAGE["an agency's"](pages, VI))

    links = [link for link in outline.all("a") if "hreflang" in link]
    assert links == [{"href": "?agency=so-a&lang=en", "hreflang": "en", "lang": "en"}]


def test_style_and_script_are_those_the_policy_names(pages):
    """And the policy allows nothing else but asking for news and showing the letter."""
    page = EVERY_PAGE["all mails"](pages, VI)
    style, script = (
        "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
        for text in re.search(
            r"<style>(.*?)</style>.*<script>(.*?)</script>", page, re.DOTALL
        ).groups()
    )

    assert {
        "default-src 'none'",
        f"style-src '{style}'",
        f"script-src '{script}'",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    } == set(pages.policy.split("; "))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "act", "bad"])
@pytest.mark.parametrize("paper", ["paper", "sheet", "raised"])
def test_every_colour_can_be_read(pages, theme, ink, paper):
    """Contrast of at least 4.5 to 1 in both themes (WCAG 2.2, 1.4.3)."""
    blocks = re.findall(r":root \{([^}]*)\}", pages.unknown(VI))
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]+);", blocks[theme]))
    light, dark = sorted((luminance(colours[each]) for each in (ink, paper)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


# -- the catalogue ---------------------------------------------------------------------------------


def catalogue():
    source = files("sentinel").joinpath("locale", "vi", "demo.po")
    return [message for message in read_po(BytesIO(source.read_bytes())) if message.id]


def test_the_catalogue_holds_what_the_demo_says_and_nothing_else():
    """A text without translation would show English; a translation nobody uses is dead."""
    found = extract_from_dir(
        str(files("sentinel.demo")),
        method_map=[("templates/**.html", "jinja2"), ("**.py", "python")],
        keywords={"_": None, "say": None},
    )

    assert {text for _, _, text, _, _ in found} == {message.id for message in catalogue()}


def test_every_translation_is_whole():
    """Translated, not fuzzy, in NFC, with the same fields as the English."""
    for message in catalogue():
        fields = {name for _, name, _, _ in string.Formatter().parse(message.id) if name}

        assert message.string
        assert not message.fuzzy
        assert unicodedata.is_normalized("NFC", message.string)
        assert fields == set(re.findall(r"{([^}]+)}", message.string))
