"""Which rules an event can concern."""

from types import SimpleNamespace

from sentinel.detect import route
from sentinel.detect.route import Router, concerns, source_of
from sentinel.detect.ruleset import Logsource

LINUX = Logsource(product="linux")
SSHD = Logsource(product="linux", service="sshd")
WEB = Logsource(category="webserver")


def _rules(*logsources):
    return [SimpleNamespace(logsource=each) for each in logsources]


def _source(**words):
    return source_of({f"sentinel.logsource.{name}": value for name, value in words.items()})


def test_an_event_without_a_logsource_has_no_source():
    """Nothing, empty text and other kinds of values say nothing."""
    assert _source() is None
    assert _source(product="", category=None, service=[5]) is None


def test_every_part_of_a_rule_must_be_among_the_events_words():
    """A rule for linux concerns sshd events, one for sshd no event of sudo."""
    sshd = _source(product="linux", service=["sshd", "auth"])

    assert [concerns(each, sshd) for each in (LINUX, SSHD, WEB)] == [True, True, False]
    assert not concerns(SSHD, _source(product="linux", service="sudo"))


def test_the_router_keeps_the_order_of_the_rules():
    """Unknown sources get every rule, known ones theirs, in the order they were loaded."""
    rules = _rules(WEB, SSHD, LINUX)
    router = Router(rules)

    assert tuple(rules) == router.rules_for(None)
    assert (rules[1], rules[2]) == router.rules_for(_source(product="linux", service="sshd"))
    assert router.rules_for(_source(category="proxy")) == ()


def test_the_router_remembers_a_bounded_number_of_sources(monkeypatch):
    """Invented logsources cannot fill the memory, nor change an answer."""
    monkeypatch.setattr(route, "_REMEMBERED", 3)
    rules = _rules(LINUX)
    router = Router(rules)
    for number in range(20):
        router.rules_for(_source(product=f"p{number}"))

    assert len(router._by_source) <= 3
    assert tuple(rules) == router.rules_for(_source(product="linux"))
