"""Secrets in log lines become ***; what an analyst needs stays."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sentinel.warn.mask import MASK, masked

CORPUS = Path(__file__).parents[2] / "corpus" / "warn" / "secrets.yml"
CASES = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
SECRET = st.from_regex(r"\A[A-Za-z0-9!#$%()*+,./:;?@^_`|~-]{6,40}\Z")


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_secret_stays_in_the_house(case):
    assert masked(case["line"]) == case["leaves"]


@given(
    st.sampled_from(["password", "DB_PASSWORD", "api-key", "client_secret", "mat_khau"]),
    st.sampled_from(["=", ": ", " = ", '":"', "=>"]),
    SECRET,
)
def test_a_named_secret_never_shows_whatever_it_is_made_of(name, separator, secret):
    line = f"before {name}{separator}{secret} after"

    assert secret not in masked(line)


@given(st.text(max_size=200))
def test_masking_never_fails_and_never_hides_without_a_mark(text):
    hidden = masked(text)

    assert hidden == text or MASK in hidden


def test_a_very_long_line_takes_no_longer_than_it_is_long():
    """Each of these made a naive pattern try every start against the whole rest."""
    for fragment in (
        "password",
        "://",
        "-u ",
        "'\\",
        "a=b;",
        "?a=",
        "bearer ",
        'cookie"',
        "token  ",
    ):
        line = fragment * 10_000

        assert len(masked(line)) <= len(line) + len(MASK)
