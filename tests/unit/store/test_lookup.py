"""What an alert is found by."""

from dataclasses import replace

import pytest

from sentinel.model.entity import Entity, EntityKind
from sentinel.store.lookup import entity_key, folded, keys_of, subject_key, texts_of, words_of
from tests.samples import a_card, an_alert


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Dò MẬT khẩu", "dò mật khẩu"),
        ("do\u0300 ma\u0323\u0302t", "dò mật"),
        ("do\u0300 ma\u0302\u0323t", "dò mật"),
        ("Straße", "strasse"),
        ("  a \t b\n\nc ", "a b c"),
        ("a\0b", "a b"),
        ("", ""),
    ],
)
def test_neither_case_nor_the_way_of_writing_tells_two_texts_apart(written, expected):
    """Vietnamese letters come composed or as a letter and its marks, in either order."""
    assert expected == folded(written)


def test_words_are_looked_for_in_names_titles_and_subject():
    """Id, agency, system, the rule's title, the advice's in both languages, the values."""
    alert = an_alert(subject={"user.name": "Quản Trị"})
    assert texts_of(alert) == (
        "a1b2c3d4e5f60718",
        "so-a",
        "dvc",
        "ssh password guessing",
        "dò mật khẩu ssh",
        "ssh password guessing",
        "quản trị",
    )


def test_what_an_alert_does_not_have_is_an_empty_text():
    """No agency, no system, no advice."""
    alert = an_alert(agency=None, asset=None, card=a_card(advice=None), subject={})
    assert texts_of(alert) == ("a1b2c3d4e5f60718", "", "", "ssh password guessing")


def test_no_word_can_reach_from_one_text_into_the_next():
    """A folded word holds no line break, and no text does."""
    alert = an_alert(subject={"user.name": "line\nbreak"})
    assert words_of(alert).split("\n") == list(texts_of(alert))
    assert folded("dvc\nssh") not in words_of(alert)


def test_an_alert_is_looked_up_by_its_entities_and_by_its_subject():
    """Entities as they are joined by, subject values folded as a scope compares them."""
    alert = an_alert(subject={"source.ip": "::ffff:203.0.113.45", "rule.name": "Ẩn"}, evidence=())
    assert keys_of(alert) == {
        ("address", "203.0.113.45"),
        ("subject/source.ip", "::ffff:203.0.113.45"),
        ("subject/rule.name", "ẩn"),
    }


def test_entities_of_the_evidence_are_keys_too():
    """Its subject is not all that an alert names."""
    evidence = replace(an_alert().evidence[0], matched={"user.name": "Root"})
    assert ("user", "root") in keys_of(an_alert(evidence=(evidence,)))


def test_a_subject_is_never_taken_for_an_entity():
    """A field may be called "host", and hold anything."""
    assert subject_key("host", "web01") != entity_key(Entity(EntityKind.HOST, "web01"))
