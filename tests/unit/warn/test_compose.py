"""A letter as its reader gets it: golden files, hostile input, HTML that any mail program shows."""

import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.errors import NotAllowed
from sentinel.model.text import Language, LocalText
from sentinel.warn.compose import compose
from tests.samples import a_card, a_contact, an_agency, an_alert
from tests.unit.warn.golden import ALERTS, FOLDER, files, letter
from tests.unit.warn.letters import a_draft, a_policy, a_released, an_issuer

LINK = "https://canhbao.example/w/0123456789abcdefghijklmnopqrstuv"
LETTERS = [
    pytest.param(letter(name, language), id=f"{name}.{language.value}")
    for name in ALERTS
    for language in Language
]


def _composed(alert=None, **changes):
    agency = changes.get("agency", an_agency())
    return compose(
        alert or an_alert(),
        agency,
        changes.get("contact", a_contact()),
        changes.get("warning", a_released()),
        policy=changes.get("policy", a_policy()),
        issuer=changes.get("issuer", an_issuer()),
        link=LINK,
    )


class _Page(HTMLParser):
    """What a mail program would do with the page: elements it opens, places it points to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.places: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.places += [value for name, value in attrs if name in {"href", "src", "action"}]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("name", sorted(files()))
def test_a_letter_reads_as_it_was_approved(name):
    """Rewrite them after a wanted change: `python -m tests.unit.warn.golden`, then read them."""
    assert files()[name] == (FOLDER / name).read_text(encoding="utf-8")


def test_there_is_no_golden_file_that_no_letter_makes():
    assert {path.name for path in FOLDER.iterdir()} == set(files())


@pytest.mark.parametrize("written", LETTERS)
def test_plain_text_fits_any_screen_and_says_where_to_click(written):
    """At most 78 columns (RFC 5322), apart from a line that holds the link."""
    long = [line for line in written.text.splitlines() if len(line) > 78]

    assert all("https://" in line for line in long)
    assert written.text.count("https://canhbao.example/w/token-1") == 1


def test_a_long_link_is_never_broken():
    link = LINK + "x" * 60
    written = compose(
        an_alert(),
        an_agency(),
        a_contact(),
        a_released(),
        policy=a_policy(),
        issuer=an_issuer(),
        link=link,
    )

    assert any(line.endswith(link) for line in written.text.splitlines())
    assert f'href="{link}"' in written.html


@pytest.mark.parametrize("written", LETTERS)
def test_html_is_whole_and_loads_nothing(written):
    """Every element closes; the acknowledge link is the only place it points to."""
    page = _Page(written.html)

    assert page.open == []
    assert page.places == ["https://canhbao.example/w/token-1"]
    assert not page.tags & {"script", "img", "link", "iframe", "style", "form", "object", "svg"}
    assert "url(" not in written.html
    assert '<meta name="color-scheme" content="light dark">' in written.html


@pytest.mark.parametrize("written", LETTERS)
def test_html_and_text_say_the_same(written):
    """Word for word, apart from the numbers of list items and the signature's dashes."""
    in_html = re.sub(r"\W", "", _Page(written.html).words)
    text = re.sub(r"^(\d\.|\[\d\]|-|--) ", "", written.text, flags=re.MULTILINE)

    assert in_html == re.sub(r"\W", "", written.subject + text)


@pytest.mark.parametrize("language", Language)
def test_no_colour_of_text_or_ground_is_set(language):
    """A dark reader stays dark, and no colour alone carries a meaning."""
    html = letter("break-in", language).html

    assert not re.search(r"(?<!-)\b(color|background)(-color)?\s*:", html)


HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "{{ 7*7 }}",
        "{% include '/etc/passwd' %}",
        "{source.ip}",
        "%(number)s %s %",
        "</td><script>alert(1)</script>",
        '"><a href="http://evil.example">',
        "<!-- top -->",
        "a\r\nBcc: x@evil.example\r\n\r\nx",
        "\u202e\u200b\x00\ud800",
        "é" * 5000,
        "http://evil.example/" + "a" * 3000,
    ]
)


@given(HOSTILE, HOSTILE, st.sampled_from(Language))
def test_nothing_that_logs_rules_or_names_hold_can_break_a_letter(one, other, language):
    """It is always written, small, of visible characters, and clickable only where we say."""
    (evidence,) = an_alert().evidence
    agency = an_agency(name=LocalText(vi=one, en=one))
    advice = replace(a_card().advice, seen=LocalText(vi=other + "{x.y}", en=other + "{x.y}"))
    alert = an_alert(
        card=a_card(title=other, author=one, licence=other, advice=advice),
        subject={"source.ip": one, other: one},
        evidence=(replace(evidence, raw=one + other, matched={"x.y": other}),) * 10,
    )

    written = _composed(alert, agency=agency, contact=a_contact(name=other, language=language))

    page = _Page(written.html)
    assert page.places == [LINK]
    assert page.open == []
    assert len(written.subject) <= 200
    assert written.subject.isprintable()
    assert written.text.replace("\n", "").isprintable()
    assert len(written.html.encode()) < 60_000
    for part in (written.subject, written.text, written.html):
        assert unicodedata.is_normalized("NFC", part)
        assert re.findall(r"https?://", part, re.IGNORECASE) in ([], ["https://"], ["https://"] * 2)


def test_a_letter_is_written_in_the_contacts_language_and_the_issuers_zone():
    issuer = an_issuer(zone="UTC")

    vietnamese = _composed()
    english = _composed(contact=a_contact(language=Language.EN), issuer=issuer)

    assert vietnamese.text.startswith("TLP:AMBER\nCảnh báo số CB-2026-000123 ngày 22/11/2026")
    assert "From 04:43 to 05:00 on 22/11/2026 (UTC)" in english.text
    assert "Acknowledge by: 09:30 22/11/2026" in english.text
    assert english.subject.endswith("acknowledge by 09:30 22/11/2026")


def test_a_personal_contact_is_not_asked_for_a_name():
    mailbox = _composed().text
    person = _composed(contact=a_contact(personal=True)).text

    assert "ghi họ tên" in mailbox
    assert "ghi họ tên" not in person


def test_a_contact_without_a_name_is_addressed_by_the_role():
    written = _composed(contact=a_contact(name=" "))

    assert "Kính gửi: đầu mối - Sở A\n" in written.text


def test_an_issuer_without_a_telephone_still_names_a_way_back():
    written = _composed(issuer=an_issuer(phone=""))

    assert "ĐẦU MỐI      Trực 24/7: truc@canhbao.example. Có thể" in written.text
    assert written.text.endswith("Trung tâm Giám sát an toàn thông tin\ntruc@canhbao.example\n")


def test_an_alert_without_evidence_says_so():
    written = _composed(an_alert(evidence=()))

    assert "BẰNG CHỨNG\nCảnh báo này không kèm bản ghi nhật ký" in written.text


def test_a_draft_is_not_written():
    """A letter without number and deadlines would be no warning."""
    with pytest.raises(NotAllowed, match="no number or deadlines yet: release it first"):
        _composed(warning=a_draft())
