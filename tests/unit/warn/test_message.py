"""A letter as mail: RFC 5322, safe for any relay, the same bytes for the same attempt."""

import email
import re
from dataclasses import replace
from datetime import timedelta
from email import policy as mail_policy
from email.header import decode_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.errors import PermanentRefusal
from sentinel.model.ids import MessageId
from sentinel.model.text import Language, LocalText
from sentinel.warn.message import build
from tests.samples import NOON, a_contact, an_agency
from tests.unit.warn.letters import a_released, an_issuer


def a_copy(**changes):
    contact = a_contact(language=changes.pop("language", Language.VI))
    (delivery,) = a_released(agency=an_agency(contacts=(contact,))).deliveries
    return replace(delivery, **changes)


def _built(delivery=None, *, repeat=False, issuer=None):
    return build(delivery or a_copy(), issuer or an_issuer(), NOON, repeat=repeat)


def _read(message):
    """The message as the other side reads it."""
    return email.message_from_bytes(message.as_bytes(), policy=mail_policy.default)


def _parts(message):
    return [part.get_content().replace("\r\n", "\n") for part in _read(message).iter_parts()]


def test_the_headers_say_who_what_and_that_no_person_typed_it():
    message = _read(_built())

    assert {name: str(value) for name, value in message.items() if name != "Content-Type"} == {
        "From": "Trung tâm Giám sát an toàn thông tin <truc@canhbao.example>",
        "To": "Trực an toàn thông tin <truc@so-a.example>",
        "Reply-To": "Trung tâm Giám sát an toàn thông tin <truc@canhbao.example>",
        "Subject": a_copy().letter.subject,
        "Date": "Sun, 22 Nov 2026 12:00:00 +0700",
        "Message-ID": a_copy().message_id,
        "Content-Language": "vi",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "X-TLP": "TLP:AMBER",
        "MIME-Version": "1.0",
    }


def test_plain_text_comes_first_and_both_parts_are_whole():
    message = _read(_built())

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert _parts(_built()) == [a_copy().letter.text, a_copy().letter.html]


def test_every_relay_passes_it_on():
    """7-bit ASCII, CRLF, lines of at most 998 characters (RFC 5322 section 2.1.1)."""
    raw = _built().as_bytes()

    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_the_same_attempt_makes_the_same_bytes():
    assert _built().as_bytes() == _built().as_bytes()


def test_an_attempt_that_may_repeat_says_so_in_header_and_both_parts():
    """The Message-ID stays: mail programs can drop the second one."""
    delivery = a_copy()
    message = _built(delivery, repeat=True)
    text, html = _parts(message)
    sentence = (
        "Thư này có thể là bản gửi lại của thư cùng số, cùng Message-ID mà quý cơ quan đã nhận."
    )

    assert message["X-Sentinel-Repeat"] == "possible"
    assert message["Message-ID"] == delivery.message_id
    assert text == f"{sentence}\n\n{delivery.letter.text}"
    assert html.count(sentence) == 1
    assert html.index("<body") < html.index(sentence) < html.index("<table")


def test_a_first_attempt_does_not_speak_of_repeats():
    message = _built(a_copy(language=Language.EN))

    assert message["X-Sentinel-Repeat"] is None
    assert "repeat" not in _parts(message)[0]


@given(
    st.text(alphabet="aĐạ漢 ,;:\"'<>()[]=?_-.", min_size=1, max_size=180).map(str.strip),
    st.text(alphabet="aĐạ漢 ,;:\"'<>()[]=?_-.\r\n\u202e", max_size=80),
)
def test_subject_and_names_arrive_as_they_were_written(subject, name):
    """Encoded words are folded by the standard library; nothing may get lost or doubled."""
    letter = replace(a_copy().letter, subject=f"[TLP:AMBER] {' '.join(subject.split())}.")
    delivery = a_copy(letter=letter, name=name)
    issuer = an_issuer(name=LocalText(vi="Trung tâm Đ", en="Centre"))

    message = _read(_built(delivery, issuer=issuer))

    assert str(message["Subject"]) == letter.subject
    assert message["To"].addresses[0].addr_spec == "truc@so-a.example"
    assert len(message["To"].addresses) == 1
    assert message["Bcc"] is None


def _as_rfc_2047_says(raw):
    """A header's text: white space between two encoded words is none of it (section 6.2)."""
    joined = re.sub(r"\?=\s+=\?", "?==?", raw.replace("\r\n", ""))
    return re.sub(r"=\?utf-8\?[bq]\?[^?]*\?=", lambda word: _word(word[0]), joined)


def _word(encoded):
    ((content, charset),) = decode_header(encoded)
    return content.decode(charset)


SYLLABLES = ["Văn", "phòng", "giám", "sát", "an", "toàn", "không", "mạng", "SSH", "(thử)"]
VIETNAMESE = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=16).map(" ".join)


@given(VIETNAMESE, VIETNAMESE)
def test_no_space_of_a_name_or_subject_is_lost_on_the_way(subject, name):
    """Read as RFC 2047 says, not as our own library does; the name is cut at 80 characters."""
    letter = replace(a_copy().letter, subject=f"[TLP:AMBER] {subject}")
    name = name[:80].strip()
    issuer = an_issuer(name=LocalText(vi=name, en="Centre"))

    raw = _built(a_copy(letter=letter, name=name), issuer=issuer).as_bytes().decode("ascii")

    headers = dict(re.findall(r"^([A-Z][A-Za-z-]+): ((?:.|\r\n )*)\r$", raw, re.MULTILINE))
    read = {name: " ".join(_as_rfc_2047_says(value).split()) for name, value in headers.items()}
    assert f"[TLP:AMBER] {subject}" == read["Subject"]
    names = {read[field].rpartition(" <")[0].strip('"') for field in ("From", "To", "Reply-To")}
    assert {name} == names


def test_a_message_id_of_any_length_stays_one_word():
    """A folded or encoded Message-ID would be another one, and the repeat no repeat."""
    message_id = MessageId(f"<CB-2026-000123.{'x' * 40}@{'a' * 60}.{'b' * 60}.example>")

    raw = _built(a_copy(message_id=message_id)).as_bytes()

    assert message_id.encode() in raw


@pytest.mark.parametrize(
    "address",
    ["", "truc", "truc@", "@so-a.example", "a b@so-a.example", "a@b.example\r\nBcc: c@d.example",
     "a@b.example, c@d.example", "<a@b.example>", "a..b@so-a.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_for_good_and_says_where_to_mend_it(address):
    """One bad row in the registry must be seen, and must not stop the others."""
    with pytest.raises(PermanentRefusal, match="is no mail address: correct it in the registry"):
        _built(a_copy(address=address))


def test_an_address_beyond_ascii_is_written_in_utf8():
    """RFC 6532: only then; the mailer asks the server for SMTPUTF8."""
    message = _built(a_copy(address="trực@so-a.example"))

    assert "trực@so-a.example".encode() in message.as_bytes()
    assert message["X-TLP"] == "TLP:AMBER"


def test_the_date_is_that_of_the_attempt():
    later = build(a_copy(), an_issuer(), NOON + timedelta(hours=1), repeat=True)

    assert str(later["Date"]) == "Sun, 22 Nov 2026 13:00:00 +0700"
