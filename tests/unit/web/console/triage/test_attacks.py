"""Whatever an attacker writes into a log, a page shows as text, and a file as a cell."""

import csv
import io
import unicodedata
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sentinel.model.agency import Asset, SecurityLevel
from sentinel.model.alert import AlertEntry, AlertState, Evidence, Reason, Score
from sentinel.model.entity import LONGEST
from sentinel.model.ids import AgencyId, AlertId, AssetId, CauseKey, MessageId, RuleId, WarningId
from sentinel.model.person import Preferences
from sentinel.model.text import LocalList, LocalText
from sentinel.model.warning import WarningState
from sentinel.web.console.text import visible
from sentinel.web.console.triage.reading import is_web
from tests.attacks import ATTACKS
from tests.samples import (
    NOON,
    a_card,
    a_delivery,
    a_warning,
    an_agency,
    an_alert,
    an_event,
)
from tests.unit.web.console.triage.floor import Floor, Outline

CALM = "calm"
# Text of several lines makes more of these, a match may be marked or not; all are ours.
OURS = {"bdi", "br", "mark"}


def a_card_that_says(text):
    both = LocalText(vi=text, en=text)
    return a_card(
        title=text,
        tags=(text,),
        author=text,
        licence=text,
        description=text,
        references=(text,),
        false_positives=(text,),
        place=text,
        advice=replace(
            a_card().advice,
            title=both,
            seen=LocalText(vi="{source.ip} " + text, en="{source.ip} " + text),
            actions=LocalList(vi=(text,), en=("{user.name} " + text,)),
        ),
    )


def filled(floor, n, text):
    """Let every text that somebody else can write be this one; returns the pages that show it.

    The n-th text has a rule, an agency and alerts of its own.
    """
    both = LocalText(vi=text, en=text)
    agency = AgencyId(f"so-{n}")
    system = Asset(id=AssetId("dvc"), name=both, level=SecurityLevel.THREE)
    raw = f"{text} {text}"
    evidence = Evidence(
        event=an_event(2 * n + 1).id, at=NOON, raw=raw, matched={"user.name": text, text: text}
    )
    before = an_alert(
        id=AlertId(f"b{n}"),
        agency=agency,
        cause=CauseKey(f"b{n}"),
        card=replace(a_card_that_says(text), id=RuleId(f"rule-{n}")),
        score=Score(72, (Reason(text, 72, {text: text}),)),
        subject={"source.ip": text, "user.name": text},
        evidence=(evidence,),
        assignee=text,
        state=AlertState.IN_PROGRESS,
        history=(AlertEntry(at=NOON, who=text, action=text, reason=text),),
    )
    alert = replace(before, id=AlertId(f"a{n}"), cause=CauseKey(f"a{n}"), previous=before.id)
    copy = a_delivery(
        warning=WarningId(f"w{n}"),
        message_id=MessageId(f"<{n}>"),
        token=f"{n:064x}",
        name=text,
        last_error=text,
        acknowledged_by=text,
        acknowledged_at=NOON,
    )
    warning = a_warning(
        id=copy.warning,
        agency=agency,
        alert=alert.id,
        number=text,
        state=WarningState.SENT,
        deliveries=(copy,),
    )
    with floor.room.state.transaction() as writer:
        writer.remove_agencies([AgencyId(f"so-{n - 1}"), AgencyId("so-a")])
        writer.put_agencies([an_agency(id=agency, name=both, assets=(system,))])
        writer.put_alert(before)
        writer.put_alert(alert)
        writer.put_warning(warning)
    fields = {"source.ip": text, "user.name": text, "process.args": [text, text]}
    floor.events.append(
        [
            an_event(
                2 * n + k,
                at=NOON - timedelta(seconds=9 - k),
                raw=text,
                fields=fields,
                agency=agency,
            )
            for k in (1, 2)
        ]
    )
    here = f"/alerts/{alert.id}"
    return {
        "queue": f"/?q=rule:{alert.card.id}+status:any",
        "alert": here,
        "events": f"{here}/events",
        "timeline": f"{here}/timeline",
        "suppress": f"{here}/suppress",
        "file": f"/alerts.csv?q=rule:{alert.card.id}+status:any",
    }


def outline_of(answer):
    """The elements of a page that are not there because of the text alone."""
    return [
        (tag, sorted(attributes))
        for tag, attributes in Outline(answer.text).elements
        if tag not in OURS and attributes.get("class") != "odd"
    ]


@pytest.fixture(scope="module")
def floor():
    return Floor()


def answers(floor, n, text):
    """Every page, and the file, of the n-th text."""
    return {name: floor.browser.get(path) for name, path in filled(floor, n, text).items()}


@pytest.fixture(scope="module")
def calm(floor):
    return {name: outline_of(answer) for name, answer in answers(floor, 0, CALM).items()}


@pytest.fixture(scope="module", params=range(len(ATTACKS)), ids=lambda n: str(ATTACKS[n]))
def attacked(request, floor, calm):
    """An attack, the pages that show it, and the file."""
    attack = ATTACKS[request.param]
    pages = answers(floor, request.param + 1, attack.text)
    return attack, pages, pages.pop("file")


def test_no_element_and_no_attribute_comes_from_data(attacked, calm):
    """The pages have the very structure that calm data gives them."""
    attack, pages, _ = attacked
    related = len(attack.text) <= LONGEST  # longer values name no host, user or address

    for name, answer in pages.items():
        assert answer.status_code == 200
        assert Outline(answer.text).balanced
        if related or name != "alert":
            assert calm[name] == outline_of(answer)


def test_links_and_forms_lead_to_ourselves(attacked):
    """Or to a web page that a rule's author named."""
    for answer in attacked[1].values():
        for _, attributes in Outline(answer.text).elements:
            for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                value = attributes.get(name, "/")
                ours = value.startswith(("/", "#")) and not value.startswith(("//", "/\\"))
                assert ours or (name == "href" and is_web(value))
            assert "srcdoc" not in attributes
            assert not any(name.startswith("on") for name in attributes)


def test_what_cannot_be_seen_is_shown(attacked):
    """The text is there as a whole; no character of the page is invisible."""
    attack, pages, _ = attacked

    for page, answer in pages.items():
        odd = {c for c in answer.text if unicodedata.category(c)[0] == "C"} - set("\n\t")
        assert odd == set()
        if page != "timeline":
            shown = " ".join(Outline(answer.text).text.replace("↵\n", "↵").split())
            assert " ".join(visible(attack.text).split()) in shown


def test_a_title_is_one_line_of_text(attacked):
    """Also in the browser's tab."""
    for answer in attacked[1].values():
        title = answer.text.partition("<title>")[2].partition("</title>")[0]

        assert title.count("\n") == 0
        assert "<" not in title


def test_no_cell_of_the_file_begins_a_formula(attacked):
    """Every cell is there, on one line each, as text."""
    attack, _, answer = attacked
    header, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))

    assert len(rows) == 2
    for row in rows:
        assert len(header) == len(row)
        for cell in row:
            folded = unicodedata.normalize("NFKC", cell).lstrip()
            assert not folded.startswith(("=", "+", "-", "@", "%", "|"))
            assert not set("\r\n\t") & set(cell)
        named = dict(zip(header, row, strict=True))
        assert named["title"].endswith(visible(attack.text).replace("\t", " "))


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_filter_is_shown_as_it_was_typed(floor, attack):
    """In the field, in the faults, in links: never as markup, and never another filter."""
    typed = attack.text.encode("utf-8", "replace").decode()
    answer = floor.browser.get("/", params={"q": typed})
    page = Outline(answer.text)
    [field] = [each for each in page.all("input") if each.get("id") == "q"]
    [export] = [each for each in page.all("a") if "download" in each]
    scripts = [each["src"] for each in page.all("script")]

    assert answer.status_code == 200
    assert page.balanced
    assert typed == field["value"]
    assert typed == parse_qs(urlsplit(export["href"]).query, keep_blank_values=True)["q"][0]
    assert all(source.startswith("/static/") for source in scripts)
    assert {"img", "svg", "iframe", "style", "base"} & {tag for tag, _ in page.elements} == set()


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_view_may_be_called_anything(floor, attack):
    """A name is text; one that is too long or empty is refused."""
    floor.parts.accounts.prefer("lan", Preferences())
    name = attack.text.encode("utf-8", "replace").decode()
    answer = floor.browser.post("/views", {"name": name, "q": "status:open"})
    page = floor.browser.get("/")
    views = floor.parts.accounts.known["lan"].preferences.views

    assert (answer.status_code == 303) == bool(views)
    assert "\n" not in answer.headers.get("location", "")
    assert Outline(page.text).balanced
    for view in views:
        assert visible(view) in Outline(page.text).text
