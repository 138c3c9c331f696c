"""The API's doctor."""

import threading

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


def test_one_look_is_made_at_a_time():
    """A mail server that never answers must not take every thread; afterwards one may look."""
    begun, go_on, answers = threading.Event(), threading.Event(), []

    class Slow:
        def examine(self):
            begun.set()
            go_on.wait(10)
            return []

    browser = Browser(an_api(checkup=Slow()), {"Authorization": "Bearer x"})
    first = threading.Thread(target=lambda: answers.append(browser.get("/api/v1/checkup")))
    first.start()
    begun.wait(10)
    meanwhile = browser.get("/api/v1/checkup")
    go_on.set()
    first.join()

    assert (meanwhile.status_code, meanwhile.headers["Retry-After"]) == (503, "10")
    assert "under way" in meanwhile.json()["detail"]
    assert [answers[0].status_code, browser.get("/api/v1/checkup").status_code] == [200, 200]
