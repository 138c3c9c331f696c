"""Which rules an event can concern."""

from types import SimpleNamespace

from sentinel.detect import route
from sentinel.detect.route import (
    Names,
    Router,
    concerns,
    condition_for,
    has_native_names,
    lacking,
    source_of,
)
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


def test_what_a_rule_asks_for_in_vain_is_named():
    """The parts of its logsource that the event does not have."""
    sudo = _source(product="linux", service="sudo")

    assert [lacking(each, sudo) for each in (LINUX, SSHD, WEB)] == [(), ("service",), ("category",)]


def test_a_word_of_somebodys_own_keeps_a_rule_from_no_event():
    """Which events it means is known to its author alone."""
    own = Logsource(product="our_gateway", category="traffic", service="flows")

    assert concerns(own, _source(product="windows", service="security"))
    assert not concerns(Logsource(product="linux", service="flows"), _source(product="windows"))


def test_an_event_may_be_of_any_word():
    """Where a channel is unknown, only the product can be told."""
    windows = _source(product="windows", category="*", service="*")
    rules = [Logsource(product="windows", service="security"), Logsource(category="dns"), LINUX]

    assert [concerns(each, windows) for each in rules] == [True, True, False]


def test_rules_ask_events_by_the_names_they_have():
    """Unknown sources and events that say so have their program's own names."""
    rule = SimpleNamespace(condition="own", bound="normalised")
    fields = {"sentinel.logsource.product": "windows"}
    native = source_of(fields | {"sentinel.names": "native"})
    normalised = source_of(fields)

    assert (native.names, normalised.names) == (Names.NATIVE, Names.NORMALISED)
    assert [has_native_names(each) for each in (None, native, normalised)] == [True, True, False]
    assert [condition_for(rule, each) for each in (None, native, normalised)] == [
        "own",
        "own",
        "normalised",
    ]
    assert source_of({"sentinel.names": "native"}) is None


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
