"""The tour: six steps that lead to pages there are."""

from urllib.parse import parse_qs, urlsplit

import pytest

from sentinel.demo.tour import SCANNER_RULE, tour
from sentinel.detect.sigma.load import load
from sentinel.documents import yaml_texts
from sentinel.i18n import texts
from sentinel.model.text import Language
from sentinel.resources import shipped
from tests.unit.demo.mails import ADDRESSES


@pytest.mark.parametrize("language", Language)
def test_six_steps_each_with_words_and_a_place(language):
    """In both languages, to the same places."""
    steps = tour(ADDRESSES, language)

    assert len(steps) == 6
    assert all(step.title and step.text for step in steps)
    assert [step.url for step in steps] == [step.url for step in tour(ADDRESSES, Language.EN)]


def test_no_place_is_left_unfilled():
    """Values stand where the text has braces."""
    for language in Language:
        assert not [step for step in tour(ADDRESSES, language) if "{" in step.text + step.url]


def test_it_leads_to_the_demo_s_own_pages():
    """Five to the console, one to the mailbox."""
    origins = [step.url.rpartition("/")[0] for step in tour(ADDRESSES, Language.EN)]

    assert origins == [*[ADDRESSES.console] * 3, ADDRESSES.mailbox, *[ADDRESSES.console] * 2]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("step", "label"), [(1, "Related"), (2, "Warning"), (5, "Suppress")])
def test_it_names_what_is_on_a_page_as_the_page_does(step, label, language):
    """Whoever looks for a button finds it."""
    on_the_page = texts(language, "triage").gettext(label)

    assert on_the_page in tour(ADDRESSES, language)[step].text


def test_the_scanner_s_rule_is_a_shipped_one():
    """The last step looks for it by its id."""
    texts = [text for text in yaml_texts([shipped("rules")]) if "scanner_user_agent" in text.path]
    (card,) = load([text for text in texts if not text.path.endswith(".examples.yml")]).cards
    last = tour(ADDRESSES, Language.EN)[-1]

    assert card.id == SCANNER_RULE
    assert parse_qs(urlsplit(last.url).query)["q"] == [f"rule:{SCANNER_RULE}"]
