"""What an officer sees: whole, accessible, in two languages, small."""

import re
import string
import unicodedata
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sentinel.model.policy import Issuer
from sentinel.model.text import Language, LocalText
from sentinel.model.warning import WarningState
from sentinel.ports import WarningNotice
from sentinel.web.public.pages import Pages, Typed
from tests.samples import NOON, an_agency
from tests.unit.web.fakes import a_delivery, a_warning

VI, EN = Language.VI, Language.EN
ISSUER = Issuer(
    name=LocalText(vi="Trung tâm Giám sát", en="Monitoring Centre"),
    phone="024 0000 0000",
    email="truc@warn.example",
    public_url="https://warn.example",
    mail_domain="warn.example",
)
LATER = NOON + timedelta(minutes=12)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title></style></textarea><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "{who}{0}{name.__class__}",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; <b>",
    "\u202eexe.gnp",
    "A" * 3000,
]
VOID = {"meta", "input", "br"}


class Outline(HTMLParser):
    """Elements with their attributes, and whether they nest as they should."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements = []
        self.open = []
        self.balanced = True
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def a_notice(warning=None, delivery=None, agency=None):
    return WarningNotice(
        warning=warning or a_warning(),
        delivery=delivery or a_delivery(),
        agency=agency or an_agency(),
    )


def received(**changes):
    return a_delivery(acknowledged_at=LATER, acknowledged_by="Nguyễn Văn An", **changes)


EVERY_PAGE = {
    "to a mailbox": lambda pages, language: pages.notice(a_notice(), language),
    "to a person": lambda pages, language: pages.notice(
        a_notice(delivery=a_delivery(personal=True)), language
    ),
    "with a fault": lambda pages, language: pages.notice(
        a_notice(), language, Typed(name="x", fault="?")
    ),
    "acknowledged": lambda pages, language: pages.notice(a_notice(delivery=received()), language),
    "by a colleague": lambda pages, language: pages.notice(
        a_notice(a_warning(acknowledged_at=LATER, acknowledged_by="Trần Thị B")), language
    ),
    "cancelled": lambda pages, language: pages.notice(
        a_notice(a_warning(state=WarningState.CANCELLED)), language
    ),
    "unknown": lambda pages, language: pages.unknown(language),
    "too often": lambda pages, language: pages.too_often(language),
    "refused": lambda pages, language: pages.refused(language),
}


@pytest.fixture(scope="module")
def pages():
    return Pages(ISSUER)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", EVERY_PAGE)
def test_every_page_is_whole_small_and_loads_nothing(pages, name, language):
    """Language said, elements closed, no script, nothing from elsewhere, below 20 KB."""
    page = EVERY_PAGE[name](pages, language)
    outline = Outline(page)

    assert outline.balanced
    assert outline.open == []
    assert [{"lang": language.value}] == outline.all("html")
    assert len(outline.all("h1")) == 1
    assert len(outline.all("main")) == 1
    assert "width=device-width, initial-scale=1" in [m.get("content") for m in outline.all("meta")]
    assert set() == {tag for tag, _ in outline.elements} & {"script", "img", "link", "iframe"}
    assert not [attributes for _, attributes in outline.elements if "style" in attributes]
    assert not re.search(r"(src|href|action)=.?(https?:)?//|url\(|@import", page)
    assert len(page.encode()) < 20_000


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_no_english_is_left_on_a_vietnamese_page(pages, name):
    """Every text has its translation: no message id shows through."""
    page = EVERY_PAGE[name](pages, VI)
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)

    for message in catalogue():
        assert message.id not in shown


def test_the_page_says_what_where_how_bad_and_by_when(pages):
    """Number, subject, agency, severity, and both deadlines with the zone named."""
    page = pages.notice(a_notice(), VI)

    for words in (
        "Cảnh báo số CB-2026-000123",
        "[TLP:AMBER] Cảnh báo số CB-2026-000123: dò mật khẩu SSH",
        "Sở A",
        "Trực an toàn thông tin",
        "<dd>cao</dd>",
        "16:00 22/11/2026 (giờ Việt Nam, UTC+7)",
        "12:00 27/11/2026 (giờ Việt Nam, UTC+7)",
        "TLP:AMBER",
        "Trung tâm Giám sát",
        "Trực 24/7: 024 0000 0000, truc@warn.example.",
    ):
        assert words in page


def test_the_english_page_says_the_same(pages):
    """In the same order."""
    page = pages.notice(a_notice(), EN)
    words = [
        "TLP:AMBER",
        "Warning no. CB-2026-000123</h1>",
        "Department A",
        "<dd>high</dd>",
        "Acknowledge before",
        "16:00 22/11/2026 (Viet Nam time, UTC+7)",
        "Report back before",
        "Acknowledge receipt",
    ]

    assert sorted(words, key=page.index) == words


def test_times_are_those_of_the_issuers_zone():
    """A coordinator elsewhere shows its own."""
    page = Pages(replace(ISSUER, zone="UTC")).notice(a_notice(), EN)

    assert "09:00 22/11/2026 (UTC)" in page


def test_without_an_issuer_the_page_stands_all_the_same():
    """No hotline line, no empty name."""
    outline = Outline(Pages().notice(a_notice(), VI))

    assert outline.all("footer") == []
    assert outline.balanced


def test_a_mailbox_is_asked_for_a_name_and_a_person_is_not(pages):
    """One button each; the name has a label, limits and a sentence that says why."""
    mailbox = Outline(pages.notice(a_notice(), VI))
    person = Outline(pages.notice(a_notice(delivery=a_delivery(personal=True)), VI))

    assert person.all("input") == []
    assert [len(page.all("button")) for page in (mailbox, person)] == [1, 1]
    [field] = mailbox.all("input")
    assert {"for": "name"} in mailbox.all("label")
    assert (
        field["id"],
        field["name"],
        field["minlength"],
        field["maxlength"],
    ) == ("name", "name", "2", "100")
    assert "required" in field
    assert field["aria-describedby"] in [p.get("id") for p in mailbox.all("p")]
    assert mailbox.all("form") == [{"method": "post", "action": "?lang=vi"}]


def test_a_name_that_could_not_be_taken_is_still_there(pages):
    """What was typed stays, and the fault is tied to the field."""
    outline = Outline(pages.notice(a_notice(), VI, Typed(name="A", fault="Đề nghị ghi rõ.")))

    [field] = outline.all("input")
    assert (
        field["value"],
        field["aria-invalid"],
        field["aria-describedby"],
    ) == ("A", "true", "name-why name-fault")
    assert "alert" in [p.get("role") for p in outline.all("p")]


@pytest.mark.parametrize("name", ["acknowledged", "cancelled", "unknown", "too often", "refused"])
def test_where_nothing_is_to_be_done_there_is_no_button(pages, name):
    """No form on a receipt, on a cancelled warning, or where no warning is."""
    outline = Outline(EVERY_PAGE[name](pages, VI))

    assert (outline.all("form"), outline.all("button")) == ([], [])


def test_a_receipt_says_who_and_when(pages):
    """With the zone."""
    page = EVERY_PAGE["acknowledged"](pages, VI)

    assert "Người xác nhận: Nguyễn Văn An, lúc 12:12 22/11/2026 (giờ Việt Nam, UTC+7)." in page


def test_a_colleagues_receipt_is_shown_and_ones_own_is_still_possible(pages):
    """The ledger keeps a receipt for each copy."""
    page = EVERY_PAGE["by a colleague"](pages, VI)

    assert "Trần Thị B của cơ quan đã xác nhận cảnh báo này lúc 12:12 22/11/2026." in page
    assert len(Outline(page).all("button")) == 1


def test_both_languages_are_one_click_away(pages):
    """The other one is a link, this one says that it is chosen."""
    outline = Outline(pages.notice(a_notice(), VI))

    assert (outline.all("a")) == [
        {"href": "?lang=en", "hreflang": "en", "lang": "en", "rel": "nofollow"}
    ]
    assert {"aria-current": "true", "lang": "vi"} in outline.all("span")


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_text(pages, value):
    """In every field that is shown, in text and in attributes, nothing becomes an element."""
    letter = replace(a_delivery().letter, subject=value)
    delivery = a_delivery(letter=letter, name=value)
    warning = a_warning(number=value, acknowledged_at=LATER, acknowledged_by=value)
    agency = an_agency(name=LocalText(vi=value, en=value))
    issuer = replace(ISSUER, name=LocalText(vi=value, en=value), phone=value, email=value)
    calm = [
        Outline(
            Pages(ISSUER).notice(
                a_notice(a_warning(acknowledged_at=LATER)), EN, Typed(name="x", fault="x")
            )
        ),
        Outline(Pages(ISSUER).notice(a_notice(delivery=received()), EN)),
    ]

    shown = [
        Pages(issuer).notice(
            a_notice(warning, delivery, agency), EN, Typed(name=value, fault=value)
        ),
        Pages(issuer).notice(
            a_notice(
                warning,
                replace(received(), letter=letter, name=value, acknowledged_by=value),
                agency,
            ),
            EN,
        ),
    ]

    for page, model in zip(shown, calm, strict=True):
        outline = Outline(page)
        assert [tag for tag, _ in model.elements] == [tag for tag, _ in outline.elements]
        assert [sorted(a) for _, a in model.elements] == [sorted(a) for _, a in outline.elements]
    assert value == Outline(shown[0]).all("input")[0]["value"]


def test_the_style_is_the_one_the_policy_names(pages):
    """And the policy allows nothing else: no script, no frame, forms only to ourselves."""
    style = re.search(r"<style>(.*?)</style>", pages.unknown(VI), re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert {
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    } == set(pages.policy.split("; "))


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    digits = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    channels = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "paper"),
        ("quiet", "paper"),
        ("act", "paper"),
        ("on-act", "act"),
        ("good", "paper"),
        ("bad", "paper"),
    ],
)
def test_every_colour_can_be_read(pages, theme, ink, paper):
    """Contrast of at least 4.5 to 1 in both themes (WCAG 2.2, 1.4.3)."""
    blocks = re.findall(r":root \{([^}]*)\}", pages.unknown(VI))
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]+);", blocks[theme]))
    light, dark = sorted((luminance(colours[each]) for each in (ink, paper)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


# -- the catalogue ---------------------------------------------------------------------------------


def catalogue():
    source = files("sentinel").joinpath("locale", "vi", "public.po")
    return [message for message in read_po(BytesIO(source.read_bytes())) if message.id]


def test_the_catalogue_holds_what_the_pages_say_and_nothing_else():
    """A text without translation would show English; a translation nobody uses is dead."""
    found = extract_from_dir(
        str(files("sentinel.web.public")),
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
