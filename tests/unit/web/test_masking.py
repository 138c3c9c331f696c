"""Whoever holds a token can answer for the agency: no letter that is shown has one."""

from hashlib import sha256

import pytest

from sentinel.web.masking import masked, masked_letter
from tests.unit.web.fakes import TOKEN, a_delivery


@pytest.mark.parametrize(
    "text",
    [
        "https://warn.example/w/{}",
        "https://warn.example/w/{}.",
        "https://warn.example/w/{}?lang=en",
        '<a href="https://warn.example/w/{0}">https://warn.example/w/{0}</a>',
        "({})",
        "token={}&x=1",
        "\n{}\r\n",
    ],
)
@pytest.mark.parametrize("token", ["token-1", TOKEN, "a.b~c_d-e", "-_" * 16])
def test_a_token_is_masked_wherever_it_stands(text, token):
    """In the link, in the text, in an attribute; short ones and odd ones."""
    shown = masked(text.format(token), {sha256(token.encode()).hexdigest()})

    assert token not in shown
    assert text.format("[...]").rstrip(".") == shown.rstrip(".")


def test_a_link_is_masked_even_if_its_hash_is_not_known():
    """Whatever looks like an acknowledge link loses its end."""
    assert masked(f"https://warn.example/w/{TOKEN}", set()) == "https://warn.example/w/[...]"


def test_the_rest_of_a_letter_stays():
    """Other paths and words are evidence."""
    text = "GET /w/index.php HTTP/1.1 từ 203.0.113[.]45; /var/www/" + "x" * 40

    assert text == masked(text, {"0" * 64})


def test_a_letter_is_masked_in_all_its_parts():
    """Subject, plain text and HTML; the rest stays."""
    delivery = a_delivery()

    shown = masked_letter(delivery.letter, {delivery.token})

    assert (shown.subject, shown.text, shown.html) == (
        delivery.letter.subject,
        "XÁC NHẬN\nhttps://warn.example/w/[...]\n",
        '<p><a href="https://warn.example/w/[...]?lang=vi">Xác nhận đã nhận</a></p>',
    )
