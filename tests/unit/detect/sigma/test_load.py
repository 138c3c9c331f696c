"""From files to rules that run."""

from sentinel.detect.ruleset import Output
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.errors import Fault

RULE = """title: {title}
id: {id}
name: {name}
logsource: {{category: test}}
detection: {{selection: {{x: 1}}, condition: selection}}
"""
ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"
COUNT = """title: count
correlation:
  type: event_count
  rules: [{rules}]
  timespan: 5m
  condition: {{gte: 2}}
  generate: {generate}
"""


def _rule(title="a", id_=ONE, name="a"):
    return RULE.format(title=title, id=id_, name=name)


def _count(rules, generate="false"):
    return COUNT.format(rules=rules, generate=generate)


def _load(*texts):
    return load([SourceText(f"{number}.yml", text) for number, text in enumerate(texts)])


def _faults(ruleset):
    return [str(fault) for fault in ruleset.refused]


def test_good_rules_run_beside_broken_ones():
    """One fault, one rule less."""
    ruleset = _load(_rule(), "title: broken\n", _rule("b", TWO, "b"))

    assert [card.title for card in ruleset.cards] == ["a", "b"]
    assert [fault.split(":")[0] for fault in _faults(ruleset)] == ["1.yml"] * len(ruleset.refused)
    assert ruleset.refused != ()


def test_a_file_that_cannot_be_read_is_refused_beside_good_rules():
    """Its fault is told as it came."""
    unreadable = Fault("b.yml:1", "the file is not valid UTF-8")

    ruleset = load([SourceText("b.yml", "", unreadable), SourceText("c.yml", _rule())])

    assert (ruleset.refused, [rule.card.title for rule in ruleset.rules]) == ((unreadable,), ["a"])


def test_two_rules_of_one_id_are_told_with_both_places():
    """The first runs; which of them was meant nobody can know."""
    ruleset = _load(_rule(), _rule("again", ONE.upper(), "b"))

    assert [card.title for card in ruleset.cards] == ["a"]
    (fault,) = _faults(ruleset)
    assert fault.startswith("1.yml:2: id: ")
    assert "0.yml:2" in fault


def test_a_correlation_finds_its_rules_in_other_files_by_id_and_by_name():
    """In any order of files, and in any spelling of a UUID."""
    ruleset = _load(_count(f"{ONE.upper()}, b"), _rule(), _rule("b", TWO, "b"))

    assert _faults(ruleset) == []
    assert ruleset.correlations[0].rules == (ONE, TWO)


def test_a_name_that_two_rules_have_is_no_reference():
    """The correlation is refused, the rules are not."""
    ruleset = _load(_rule(), _rule("b", TWO, "a"), _count("a"))

    assert len(ruleset.rules) == 2
    assert "2 rules have the name 'a'" in _faults(ruleset)[0]


def test_a_rule_that_only_feeds_a_correlation_is_silent():
    """Sigma's default; `generate` of one correlation is enough to let it speak."""
    silent = _load(_rule(), _count("a"))
    loud = _load(_rule(), _count("a"), _count("a", "true").replace("title: count", "title: two"))

    assert [rule.output for rule in silent.rules] == [Output.CORRELATIONS_ONLY]
    assert [rule.output for rule in loud.rules] == [Output.DETECTIONS]


def test_a_rule_stays_silent_when_its_correlation_is_refused():
    """A slip in the threshold must not make an alert of every single event."""
    ruleset = _load(_rule(), _count("a").replace("gte: 2", "gte: two"))

    assert [rule.output for rule in ruleset.rules] == [Output.CORRELATIONS_ONLY]
    assert len(ruleset.refused) == 1


def test_a_correlation_of_a_refused_rule_is_refused():
    """It would count less than it says."""
    ruleset = _load(_rule().replace("x: 1", "x|lt: a"), _count("a"))

    assert ruleset.cards == ()
    assert "the rule 'a' was refused" in _faults(ruleset)[-1]


def test_an_alias_must_name_a_rule_of_the_correlation():
    """Otherwise the alias says nothing."""
    aliases = "  group-by: [host]\n  aliases: {host: {b: source.ip}}\n"
    ruleset = _load(_rule(), _rule("b", TWO, "b"), _count("a") + aliases)

    assert "not among `rules`" in _faults(ruleset)[0]


def test_what_is_no_rule_is_told():
    """Lists, filters, old collections, a `generate` that is neither yes nor no."""
    ruleset = _load(
        "- 1\n",
        "title: f\nfilter: {}\n",
        "action: global\n",
        _count("a") + "generate: 1\n",
        "",
    )
    faults = " ".join(_faults(ruleset))

    assert ruleset.cards == ()
    for said in (
        "no Sigma rule",
        "Sigma filter must",
        "`action`",
        "generate is yes or no",
        "empty",
    ):
        assert said in faults


def test_examples_are_no_rules():
    """They stand in the same folder and are passed over."""
    sources = [SourceText("a.examples.yml", "match: []\n"), SourceText("a.yml", _rule())]
    ruleset = load(sources)

    assert (len(ruleset.rules), ruleset.refused) == (1, ())
