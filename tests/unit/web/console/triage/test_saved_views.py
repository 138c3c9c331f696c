"""Filters under a name."""

from sentinel.model.person import Preferences
from tests.samples import an_alert
from tests.unit.web.console.triage.floor import Floor, Outline


def own(floor):
    return floor.parts.accounts.known["lan"].preferences


def test_a_filter_is_kept_under_a_name_and_is_a_link_then():
    """The name on one line, without what cannot be seen; the same name is replaced."""
    floor = Floor(an_alert())
    floor.browser.post("/views", {"name": "x", "q": "status:new"})
    answer = floor.browser.post("/views", {"name": " ca\u200b  đêm\n", "q": "score:>=60"})
    floor.browser.post("/views", {"name": "x", "q": "status:any"})
    page = floor.page("/")

    assert answer.headers["location"] == "/?q=score%3A%3E%3D60"
    assert own(floor).views == {"x": "status:any", "ca đêm": "score:>=60"}
    assert "/?q=score%3A%3E%3D60" in [each["href"] for each in page.all("a")]
    assert "★ ca đêm" in page.text


def test_a_view_can_be_forgotten():
    """Also one that is not there."""
    floor = Floor()
    floor.parts.accounts.prefer("lan", Preferences(views={"x": "", "y": ""}))
    floor.browser.post("/views/delete", {"name": "x"})

    assert floor.browser.post("/views/delete", {"name": "x", "q": ""}).status_code == 303
    assert own(floor).views == {"y": ""}


def test_a_filter_becomes_ones_own_beginning():
    """The other habits stay."""
    floor = Floor()
    floor.parts.accounts.prefer("lan", Preferences(views={"x": ""}))
    floor.browser.post("/views/default", {"q": "who:me"})

    assert own(floor) == Preferences(views={"x": ""}, filter="who:me")


def test_what_cannot_be_kept_is_said():
    """A filter with faults, no name, a long one, one too many."""
    floor = Floor()
    full = Preferences(views={str(n): "" for n in range(20)})
    for path, form, said in (
        ("/views", {"name": "x", "q": "colour:red"}, "Not kept: the filter is not understood."),
        ("/views/default", {"q": "colour:red"}, "Not kept: the filter is not understood."),
        ("/views", {"name": " \u200b", "q": ""}, "The name of a view has 1 to 40 characters."),
        ("/views", {"name": "x" * 41, "q": ""}, "The name of a view has 1 to 40 characters."),
    ):
        answer = floor.browser.post(path, form)
        assert answer.status_code == 422
        assert said in Outline(answer.text).text
    floor.parts.accounts.prefer("lan", full)
    answer = floor.browser.post("/views", {"name": "one more", "q": ""})

    assert "There are 20 views already: forget one first." in Outline(answer.text).text
    assert own(floor) == full
