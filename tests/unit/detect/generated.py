"""Rules and events made by hypothesis that meet each other often enough to be worth a test.

Both draw on the same few names and the same pieces of text, so that a generated rule is met by a
good part of the generated events, and just missed by many of the others. Rules come in two ways:
conditions built from the values of `sentinel.detect.condition`, and documents of YAML that go
through the whole of reading.

    conditions()   a tree up to four `and`, `or`, `not` deep, over every kind of atom
    rules()        Rule objects over such trees, each with an id of its own
    documents()    Sigma rules as YAML text, which `read_rules` turns into Rule objects
    fields()       the fields of an event; events() puts them into one
"""

import random
import re
from ipaddress import ip_network

import yaml
from hypothesis import strategies as st

from sentinel.detect.bind import bind
from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    Place,
    ReferenceAtom,
)
from sentinel.detect.ruleset import Logsource, Rule, RuleSet
from sentinel.detect.sigma.load import load
from sentinel.detect.values import (
    BoolTest,
    Case,
    KeywordTest,
    NetworkTest,
    NumberTest,
    Order,
    OrderTest,
    RegexTest,
    Segment,
    Single,
    TextTest,
    TimePart,
    TimePartTest,
    fold,
)
from sentinel.documents import SourceText
from sentinel.model.event import Event
from sentinel.model.ids import EventId, Offset, RuleId
from sentinel.model.rule import Confidence, RuleCard
from sentinel.model.severity import Severity
from tests.samples import NOON

# Few names, so that rules and events speak of the same fields: with dots, blanks, dashes, beyond
# ASCII, two that differ by case alone, and names that rules for web servers have bound to ECS.
NAMES = (
    "a", "A", "Image", "CommandLine", "user.name", "Threat Name", "Gerät", "x-y_z",
    "cs-method", "http.request.method",
)  # fmt: skip

# Pieces that rules and values are put together from. Letters whose folding is odd (the dotless i,
# sharp s, final sigma, the Kelvin sign, ligatures, full width), a composed letter and its
# decomposition, bytes that a scanner may use for marks of its own, lone surrogates as JSON can
# escape them, characters that patterns use, and texts that contain one another.
PIECES = (
    "a", "A", "b", "ab", "aB", "aab", "cmd.exe", "CMD.EXE", "\\cmd.exe", "\\", "/", "-", "\u2013",
    " ", "  ", "\t", "\n", "\r\n", "\x00", "\x01", "\x02", "\x03", "*", "?", "\\*", "%a%",
    "đ", "Đ", "đăng nhập", "ĐĂNG NHẬP", "\u0131", "İ", "i", "I", "ß", "ẞ", "SS", "ss",
    "\u03c3", "ς", "Σ",
    "\u212a", "K", "k", "ﬁ", "fi", "\uff41", "\uff21", "é", "e\u0301", "😀", "\ud83d", "\ude00",
    "0", "1", "42", "4", "2", ".", "true", "false", "null", "x" * 70,
)  # fmt: skip

# Whole values that look like something else than text, or nearly do.
WHOLE = (
    "0", "00", "-0", "+1", "1", "1.0", "1.", ".1", "1e3", "0x10", " 1", "1 ", "42", "42.0", "-3.5",
    "9007199254740993", "18446744073709551615", "1" * 45, "\u0661", "true", "TRUE", "False", "null",
    "192.0.2.1", "192.0.2.255", "192.000.002.001", "198.51.100.7", "::ffff:192.0.2.1",
    "2001:db8::1", "2001:DB8::1", "fe80::1%eth0", "192.0.2.0/24", "2026-11-22T05:06:07Z",
    "2026-11-22T12:06:07+07:00",
    "2026-11-22", "2026-01-01 00:00:00", "1999-12-31T23:59:59.999999Z", "05:06:07", "20261122",
    "1700000000", "2026-W01-1", "not a time",
)  # fmt: skip

NUMBERS = (
    0, 1, 2, 4, 42, -1, -3, 80, 1000, 2**31, 2**53, 2**53 + 1, 2**63, 10**30, 0.0, -0.0, 0.5, 1.0,
    42.0, -3.5, 1e300, 1e16,
)  # fmt: skip
ODD_NUMBERS = (float("inf"), float("-inf"), float("nan"))  # JSON parsers let them through

NETWORKS = (
    "192.0.2.0/24", "192.0.2.1/32", "0.0.0.0/0", "2001:db8::/32", "::/0", "::ffff:0:0/96",
    "fe80::/10",
)  # fmt: skip

# Anchors, classes, alternatives, quantifiers, look-around, back references, inline flags, letters
# whose case is odd, and an empty expression.
EXPRESSIONS = (
    "a", "^a", "a$", "^$", "", "^.*$", "a.b", "a|b", "(a|b)+", "[^a]", r"\d", r"\d{2,}", r"\w+",
    r"\W", r"\bcmd\b", r"\s", r"\.exe$", r"\\cmd", "(?i)CMD", "(?!a)b", "(?<=a)b", r"(a)\1",
    "^ab?c*$", "x{70}", "đ", "[à-ỹ]", "ß", "\u0131", "k", "\u00e9", r"\x02", r"\x00", "😀",
    "(?s:a.b)", "(?m:^b)", "a*?b", r"^\S+$", r"\Aa", r"a\Z", "[ab]{2}", r"^[0-9]+$", r"true|false",
)  # fmt: skip

LOGSOURCES = (
    Logsource(category="test"),
    Logsource(product="windows"),
    Logsource(product="windows", category="process_creation"),
    Logsource(category="webserver"),
    Logsource(product="linux", service="sshd"),
    Logsource(),
)

names = st.sampled_from(NAMES)
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    st.sampled_from(WHOLE),
)
numbers = st.sampled_from(NUMBERS)
scalars = st.one_of(
    texts,
    texts,
    numbers,
    st.sampled_from(ODD_NUMBERS),
    st.booleans(),
    st.none(),
)
field_values = st.one_of(scalars, scalars, st.lists(scalars, max_size=4))


def fields():
    """The fields of an event; some events say what log they are of."""
    said = st.dictionaries(names, field_values, max_size=6)
    return st.builds(lambda fields, source: fields | source, said, sources())


def sources():
    """What `sentinel.logsource.*` says: nothing, one word, or several."""
    words = {
        "product": ("windows", "linux"),
        "category": ("test", "process_creation", "webserver"),
        "service": ("sshd", "auth"),
    }
    told = {
        f"sentinel.logsource.{part}": st.one_of(
            st.sampled_from(some), st.lists(st.sampled_from(some), max_size=2)
        )
        for part, some in words.items()
    }
    return st.one_of(st.just({}), st.just({}), st.fixed_dictionaries({}, optional=told))


def event(fields, number=1):
    """An event of these fields."""
    return Event(
        id=EventId(f"event-{number}"),
        offset=Offset(number),
        at=NOON,
        received=NOON,
        agency=None,
        source=None,
        fields=fields,
        raw="",
        sha256="",
    )


def events():
    """Events with fields of all kinds."""
    return fields().map(event)


@st.composite
def text_tests(draw):
    """Text with wildcards, folded where case is ignored, as reading makes it."""
    case = draw(st.sampled_from(Case))
    piece = st.one_of(texts, st.just(Single.CHARACTER))
    shape = draw(st.lists(st.lists(piece, max_size=3), min_size=1, max_size=4))
    if draw(st.booleans()):  # the usual kinds: whole, contains, startswith, endswith
        inner = [draw(texts)]
        shape = draw(st.sampled_from(([inner], [[], inner, []], [inner, []], [[], inner])))
    return TextTest(tuple(_segment(pieces, case) for pieces in shape), case)


def _segment(pieces, case):
    folded = (
        fold(each) if case is Case.IGNORED and isinstance(each, str) else each for each in pieces
    )
    return Segment(tuple(each for each in folded if each != ""))


def _expressions():
    flags = st.sets(st.sampled_from("ims")).map(lambda letters: "".join(sorted(letters)))
    pieces = texts.map(re.escape)
    return st.builds(RegexTest, st.one_of(st.sampled_from(EXPRESSIONS), pieces), flags)


def value_tests():
    """Every kind of test on one value."""
    limits = st.sampled_from((0, 1, 5, 11, 12, 22, 47, 2026))
    return st.one_of(
        text_tests(),
        text_tests(),
        text_tests(),
        st.builds(NumberTest, numbers),
        st.builds(BoolTest, st.booleans()),
        st.builds(OrderTest, st.sampled_from(Order), numbers),
        _expressions(),
        st.builds(NetworkTest, st.sampled_from(NETWORKS).map(ip_network)),
        st.builds(TimePartTest, st.sampled_from(TimePart), st.sampled_from(Order), limits),
    )


def _anywhere(test):
    return KeywordTest(TextTest((Segment(()), *test.segments, Segment(())), test.case))


def keyword_tests():
    """What may stand without a field."""
    return st.one_of(
        text_tests().map(_anywhere),
        _expressions(),
        st.builds(NumberTest, numbers),
        st.builds(NetworkTest, st.sampled_from(NETWORKS).map(ip_network)),
    )


def atoms():
    """Every kind of atom."""
    return st.one_of(
        st.builds(FieldAtom, names, value_tests()),
        st.builds(FieldAtom, names, value_tests()),
        st.builds(FieldAtom, names, value_tests()),
        st.builds(NullAtom, names),
        st.builds(ExistsAtom, names, st.booleans()),
        st.builds(ReferenceAtom, names, names, st.sampled_from(Place)),
        st.builds(KeywordAtom, keyword_tests()),
    )


def conditions(depth=4):
    """A tree at most this deep; parts may stand in it more than once."""
    if depth == 0:
        return atoms()
    below = conditions(depth - 1)
    parts = st.lists(below, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        atoms(),
        atoms(),
        st.builds(AllOf, parts),
        st.builds(AnyOf, parts),
        st.builds(Not, below),
    )


def rule(condition, number=1, logsource=LOGSOURCES[0]):
    """A rule of this condition."""
    return Rule(
        card=RuleCard(
            id=RuleId(f"rule-{number}"),
            title=f"Rule {number}",
            level=Severity.MEDIUM,
            confidence=Confidence.LOW,
            place=f"generated.yml:{number}",
        ),
        name=f"rule_{number}",
        logsource=logsource,
        condition=condition,
        bound=bind(condition, logsource),
        fingerprint=f"{number}",
    )


def rules(max_size=6):
    """Rules of such conditions, for several kinds of log, each with an id of its own."""
    one = st.tuples(conditions(), st.sampled_from(LOGSOURCES))
    return st.lists(one, min_size=1, max_size=max_size).map(
        lambda made: tuple(
            rule(condition, number, logsource) for number, (condition, logsource) in enumerate(made)
        )
    )


def _yaml_texts():
    """Texts that YAML can hold: no lone surrogates, and no bytes that it forbids."""
    allowed = texts.filter(lambda text: all(_is_of_yaml(letter) for letter in text))
    wild = st.lists(st.sampled_from(("*", "?", "\\*", "\\?", "\\\\")), max_size=1).map("".join)
    return st.builds(lambda before, text, after: before + text + after, wild, allowed, wild)


def _is_of_yaml(letter):
    return letter in "\t\n\r" or (letter >= " " and not "\ud800" <= letter <= "\udfff")


def _one_or_more(values):
    return st.one_of(values, st.lists(values, min_size=1, max_size=3))


# The suffix of a field's name, and the values that may stand behind it.
_ITEMS = (
    (("",), _one_or_more(st.one_of(_yaml_texts(), st.sampled_from((0, 1, 42, 0.5)),
                                   st.booleans(), st.none()))),
    (("|contains", "|startswith", "|endswith", "|cased", "|contains|cased", "|neq",
      "|contains|neq", "|cased|endswith|neq"), _one_or_more(_yaml_texts())),
    (("|contains|all", "|startswith|all", "|cased|contains|all"),
     st.lists(_yaml_texts(), min_size=2, max_size=3)),
    (("|re", "|re|i", "|re|m", "|re|s", "|re|i|m|s", "|re|neq", "|re|startswith",
      "|re|i|endswith"),
     _one_or_more(st.sampled_from(EXPRESSIONS))),
    (("|cidr", "|cidr|neq"), _one_or_more(st.sampled_from(NETWORKS))),
    (("|lt", "|lte", "|gt", "|gte", "|gte|neq"), st.sampled_from((0, 1, 42, -3, 0.5))),
    (("|hour", "|minute", "|day|gt", "|week", "|month|lte", "|year|neq"),
     st.sampled_from((0, 5, 11, 22, 47, 2026))),
    (("|exists",), st.booleans()),
    (("|fieldref", "|fieldref|startswith", "|fieldref|endswith", "|fieldref|contains",
      "|fieldref|neq"), names),
    (("|windash|contains", "|contains|windash|all"),
     st.lists(st.sampled_from((" -a", "/b ", "-a /b", "\u2013x \u2015a")), min_size=2, max_size=2)),
    (("|base64|contains", "|base64offset|contains", "|wide|base64offset|contains"),
     st.sampled_from(("a", "cmd.exe", "ab", "\u0111ăng"))),
)  # fmt: skip


def _maps():
    item = st.sampled_from(_ITEMS).flatmap(
        lambda item: st.tuples(names, st.sampled_from(item[0]), item[1])
    )
    return st.lists(item, min_size=1, max_size=3).map(
        lambda items: {f"{name}{suffix}": value for name, suffix, value in items}
    )


def _detections():
    keywords = st.one_of(
        st.lists(_yaml_texts().filter(bool), min_size=1, max_size=3),
        st.lists(_yaml_texts().filter(bool), min_size=2, max_size=2).map(
            lambda words: {"|all": words}
        ),
    )
    return st.one_of(_maps(), _maps(), _maps(), st.lists(_maps(), min_size=1, max_size=2), keywords)


_CONDITIONS = (
    "sel_a", "sel_a and sel_b", "sel_a or sel_b", "sel_a and not sel_b", "not sel_a",
    "1 of sel_*", "all of sel_*", "any of them", "all of them", "sel_b and not 1 of sel_a*",
    "(sel_a or not sel_b) and (sel_b or sel_a)", "not (sel_a and not (sel_b or not sel_a))",
    "not all of them", "sel_a and 1 of them",
)  # fmt: skip


@st.composite
def documents(draw, max_size=4):
    """Sigma rules as one file's YAML text, each with a name of its own."""
    made = []
    for number in range(draw(st.integers(1, max_size))):
        source = draw(st.sampled_from(LOGSOURCES[:-1]))
        parts = {"product": source.product, "category": source.category, "service": source.service}
        made.append(
            {
                "title": f"Rule {number}",
                "name": f"rule_{number}",
                "logsource": {key: value for key, value in parts.items() if value},
                "detection": {
                    "sel_a": draw(_detections()),
                    "sel_b": draw(_detections()),
                    "condition": draw(st.sampled_from(_CONDITIONS)),
                },
            }
        )
    return yaml.safe_dump_all(made, allow_unicode=True, sort_keys=False, width=10_000)


def read_rules(text):
    """The rules of this text; those that reading refuses are not among them.

    pySigma makes up names by chance, which hypothesis wants nobody to do while it draws.
    """
    chance = random.getstate()
    try:
        return load([SourceText("generated.yml", text)]).rules
    finally:
        random.setstate(chance)


def rulesets():
    """Rule sets of both kinds of rules, to hold against events."""
    built = rules().map(lambda made: RuleSet(rules=made))
    return st.one_of(built, documents().map(lambda text: RuleSet(rules=read_rules(text))))
