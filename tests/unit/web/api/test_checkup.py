"""The API's doctor."""

import pytest

from tests.unit.web.fakes import Browser, an_api


@pytest.mark.parametrize(
    ("lang", "found", "remedy"),
    [
        ("vi", "còn 0 MiB", "giải phóng đĩa"),
        ("en", "0 MiB are left", "make room on the disk"),
    ],
)
def test_every_check_is_told_in_the_reader_s_words(lang, found, remedy):
    """What is well too; a remedy where something is to be done."""
    browser = Browser(an_api(), {"Authorization": "Bearer x"})

    shown = browser.get(f"/api/v1/checkup?lang={lang}").json()["checks"]

    assert [("journal", "ok", None), ("disk.reserve", "fail", remedy)] == [
        (each["id"], each["status"], each["remedy"]) for each in shown
    ]
    assert found == shown[1]["found"]
