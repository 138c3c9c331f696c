"""The whole console, attacked: every page and every form, whoever built it."""

import re
from importlib.resources import files

import pytest

from sentinel.model.person import PersonRole
from sentinel.web.console.app import LARGEST_BODY, POLICY, build_console
from sentinel.web.console.assets import assets
from sentinel.web.headers import ALWAYS
from tests.unit.web.console.house import (
    ORIGIN,
    PASSWORD,
    ConsoleBrowser,
    Outline,
    logged_in,
    parts,
)

HEAVIEST = 250_000  # bytes of a page with everything it loads
# What stands for a parameter of a path; the fakes know these.
KNOWN = {"alert_id": "a1b2c3d4e5f60718", "name": "lan", "warning_id": "w-a1b2c3d4e5f60718"}


def addresses(method):
    """Every address that takes this method, parameters filled in."""
    paths = build_console(parts()).openapi()["paths"]
    return sorted(
        re.sub(r"{([^}]+)}", lambda match: KNOWN.get(match[1], "x"), path)
        for path, methods in paths.items()
        if method in methods
    )


GETS = [path for path in addresses("get") if not path.startswith("/static/")]
PAGES = [path for path in GETS if path != "/login"]
POSTS = addresses("post")


@pytest.fixture(scope="module")
def app():
    """One for all: nothing here may change anything in it."""
    return build_console(parts())


def test_nothing_takes_other_methods():
    """What changes something is a POST, so that one check covers it."""
    paths = build_console(parts()).openapi()["paths"]

    assert {"get", "post"} == {method for methods in paths.values() for method in methods}
    assert len(PAGES) >= 4
    assert len(POSTS) >= 8


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("cookie", ["", "guessed"])
def test_no_page_opens_without_a_session(app, path, cookie):
    """It leads to the log-in and back again; what a page asks by itself gets nothing."""
    answer = ConsoleBrowser(app, cookie).get(path)

    if answer.status_code == 401:
        assert answer.text == ""
    else:
        assert answer.status_code == 303
        assert re.match(r"/login(\?next=|$)", answer.headers["Location"])


@pytest.mark.parametrize("path", POSTS)
def test_no_form_is_taken_without_the_token(app, path):
    """From our own pages, with a session, as an admin: all the same."""
    browser = logged_in(app, PersonRole.ADMIN)
    before = state(app)
    ours = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    headers = {} if path == "/login" else ours

    answer = browser.request("POST", path, data=FORM, headers=headers)

    assert answer.status_code == 403
    assert state(app) == before


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_no_form_is_taken_from_another_site(app, path, headers):
    """Even if it had the token."""
    browser = logged_in(app, PersonRole.ADMIN)
    before = state(app)

    answer = browser.request("POST", path, data={**FORM, "csrf": browser.csrf}, headers=headers)

    assert answer.status_code == 403
    assert state(app) == before


@pytest.mark.parametrize("path", [path for path in POSTS if path != "/login"])
def test_no_form_is_taken_without_a_session(app, path):
    """Nor after its end."""
    before = state(app)

    answer = ConsoleBrowser(app, "over").post(path, FORM)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")
    assert state(app) == before


FORM = {
    "name": "lan",
    "password": PASSWORD,
    "role": "admin",
    "active": "no",
    "old": PASSWORD,
    "new": "four words of my own",
    "again": "four words of my own",
    "theme": "dark",
    "action": "acknowledge",
    "ids": "a1b2c3d4e5f60718",
    "reason": "x",
    "note": "x",
}


def state(app):
    """What a form could have changed."""
    given = app.state.parts
    return dict(given.accounts.known), dict(given.accounts.sessions), list(given.desk.calls)


def opened(app, path):
    return logged_in(app, PersonRole.ADMIN).get(path)


@pytest.mark.parametrize("path", [*GETS, "/nothing"])
def test_a_page_holds_nothing_that_the_policy_forbids(app, path):
    """No script, style or handler inside of it, nothing from elsewhere; it is whole."""
    answer = ConsoleBrowser(app).get(path) if path == "/login" else opened(app, path)
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    outline = Outline(answer.text)

    assert "<style" not in answer.text
    assert [a for a in outline.all("script") if not a.get("src", "").startswith("/static/")] == []
    forbidden = ("style", "hx-on", "srcdoc")
    for _, attributes in outline.elements:
        assert [n for n in attributes if n.startswith(("on", *forbidden))] == []
        for name in ("src", "href", "action", "formaction"):
            target = attributes.get(name) or "/"
            assert target.startswith(("/", "#", "?")), target
            assert not target.startswith("//")
    assert outline.balanced
    assert outline.open == []


@pytest.mark.parametrize("path", [*GETS, "/nothing"])
def test_a_page_with_all_it_loads_is_light(app, path):
    """Below 250 KB uncompressed: it opens over a bad line at night."""
    answer = ConsoleBrowser(app).get(path) if path == "/login" else opened(app, path)
    outline = Outline(answer.text)
    named = [a.get("src") or a.get("href") for _, a in outline.elements]
    loaded = {path for path in named if path and path.startswith("/static/")}
    sizes = {asset.path: len(asset.content) for asset in assets().values()}

    assert len(answer.content) + sum(sizes[path] for path in loaded) < HEAVIEST


@pytest.mark.parametrize("path", [*GETS, "/nothing", "/static/x/y"])
def test_every_answer_carries_the_headers(app, path):
    """The policy, no cache, no frame, nothing told to other sites."""
    answer = opened(app, path)

    assert answer.status_code < 500
    for name, value in ALWAYS.items():
        expected = {"Referrer-Policy": "same-origin"}.get(name, value)
        assert answer.headers.get_list(name) == [expected]
    if not path.endswith("/letters/x"):
        assert answer.headers.get_list("Content-Security-Policy") == [POLICY]


def test_a_file_keeps_its_own_word_on_caching(app):
    """It never changes under its path."""
    answer = ConsoleBrowser(app).get(assets()["console.css"].path)

    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_body_that_is_too_large_is_not_read(app):
    """Whoever sends it."""
    answer = logged_in(app).post("/me/preferences", {"next": "x" * LARGEST_BODY})

    assert answer.status_code == 413


def test_nobody_is_told_how_the_console_is_made(app):
    """No description, no viewer: they are the API's."""
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert opened(app, path).status_code == 404


def test_everything_but_code_is_in_the_package():
    """Templates, styles, scripts and the words of others lie where a wheel takes them from."""
    root = files("sentinel.web.console")

    for name in ("base.html", "macros.html", "login.html"):
        assert root.joinpath("templates", name).is_file()
    for name in ("htmx.min.js", "htmx.LICENSE.txt", "VENDORED.md", "console.js", "console.css"):
        assert root.joinpath("static", name).is_file()


# -- colours ---------------------------------------------------------------------------------------


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def palettes():
    text = assets()["console.css"].content.decode()
    blocks = re.findall(r":root[^{]*\{([^}]*--paper[^}]*)\}", text)
    return [dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", block)) for block in blocks]


INKS = ["ink", "quiet", "act", "critical", "high", "medium", "low", "informational", "good", "bad"]


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("paper", ["paper", "sheet", "raised"])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_colour_can_be_read(theme, ink, paper):
    """Contrast of at least 4.5 to 1 in both themes (WCAG 2.2, 1.4.3)."""
    assert contrast(palettes()[theme], ink, paper) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [("on-act", "act", 4.5), ("on-hit", "hit", 4.5), ("paper", "bad", 4.5), ("edge", "paper", 3)],
)
def test_buttons_marks_and_edges_can_be_seen(theme, ink, paper, least):
    """The edge of a field needs 3 to 1 (1.4.11)."""
    assert contrast(palettes()[theme], ink, paper) >= least


def contrast(colours, ink, paper):
    light, dark = sorted((luminance(colours[each]) for each in (ink, paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_dark_theme_is_one_whether_chosen_or_the_machines():
    """It stands in the sheet twice, for want of a way to say it once."""
    light, by_machine, chosen = palettes()

    assert by_machine == chosen
    assert light.keys() == chosen.keys()
