"""Events that rules meet, or just miss: made out of what the rules themselves ask for.

    Meeting(rules, chance).fields()     an event's fields: for a few atoms a value that fits, most
                                        of the time spoilt a little, and something beside it
    written(fields, chance)             the fields as a JSON object, in every spelling of JSON
    expressions(chance)                 regular expressions of every kind

All of it is chosen by a `random.Random`: the same seed makes the same event.
"""

import json
import re
import warnings
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import IPv4Network
from re import _constants as op
from re import _parser as parser

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    ReferenceAtom,
)
from sentinel.detect.values import (
    BoolTest,
    KeywordTest,
    NetworkTest,
    NumberTest,
    OrderTest,
    RegexTest,
    TextTest,
    TimePartTest,
)
from tests.unit.detect.generated import LOGSOURCES, NAMES, NUMBERS, ODD_NUMBERS, PIECES, WHOLE

# Letters and the others that folding takes for them, or does not.
ALIKE = {
    "k": "kK\u212a", "s": "sS\u017f", "i": "iI\u0130\u0131", "ß": ("ß", "ẞ", "ss", "SS", "sS"),
    "ss": ("ß", "ẞ"), "fi": ("ﬁ",), "đ": "đĐ", "\u03c3": "\u03c3ςΣ", "å": "åÅ\u212b", "µ": "µμ",
}  # fmt: skip
BESIDE = (
    "", "\n", "\r\n", "\r", " ", "a", "\x00", "\x02", "\x03", "\x1c", "\x1d", "\x1f", "\x0b",
    "\x85", "\xa0", "\u2028", "x", "đ", "\ud800", "0", "\\", '"', "_", "-", "\x7f",
)  # fmt: skip
SCALARS = (None, "", True, False, 0, 1, -1, 1.0, 0.0, -0.0, 2**53, 2.0**53, 2**53 + 1, 10**16, 1e16,
           10**45, "1" * 45, 1e300, *NUMBERS, *ODD_NUMBERS, *WHOLE)  # fmt: skip

MANY = 30  # atoms that are not all met in one event


class Meeting:
    """Makes events for some rules."""

    def __init__(self, rules, chance):
        self._chance = chance
        self._atoms = [atom for rule in rules for atom in atoms(rule.condition)]
        self._bound = [atom for rule in rules for atom in atoms(rule.bound)]

    def fields(self):
        chance = self._chance
        source = self._source()
        found = {}
        known = self._bound if source else self._atoms
        self._spoil = chance.choice((0.0, 0.1, 0.5))
        if known and (len(known) > MANY or chance.random() < 0.7):
            known = chance.choices(known, k=chance.randint(1, 6))
        for atom in known:
            self._meet(atom, found)
        for _ in range(chance.randint(0, 2)):
            found[chance.choice(NAMES)] = self._any()
        return found | source

    def _source(self):
        if self._chance.random() < 0.4:
            return {}
        said = self._chance.choice(LOGSOURCES)
        found = {
            f"sentinel.logsource.{part}": getattr(said, part)
            for part in ("product", "category", "service")
            if getattr(said, part)
        }
        return found | ({"sentinel.names": "native"} if self._chance.random() < 0.3 else {})

    def _any(self):
        chance = self._chance
        if chance.random() < 0.2:
            return [chance.choice(SCALARS) for _ in range(chance.randint(0, 3))]
        if chance.random() < 0.5:
            return "".join(chance.choices(PIECES, k=chance.randint(0, 4)))
        return chance.choice(SCALARS)

    def _meet(self, atom, found):
        chance = self._chance
        match atom:
            case FieldAtom(field, test):
                value = self._around(self.value(test))
                known = found.get(field)
                if isinstance(known, str) and isinstance(value, str) and chance.random() < 0.7:
                    value = chance.choice((known + value, value + known))  # both may be asked for
                found[field] = value
            case KeywordAtom(test):
                found[chance.choice(NAMES)] = self._around(self.value(test))
            case NullAtom(field):
                found[field] = chance.choice((None, "", [], [None], ["", None], "x", 0))
            case ExistsAtom(field, _):
                found[field] = self._any()
            case ReferenceAtom(field, other, _):
                value = self._any()
                found[other] = value
                found[field] = self._spoilt(value) if isinstance(value, str) else value

    def _around(self, value):
        """The value, often spoilt, alone or among others in a list."""
        chance = self._chance
        if isinstance(value, str) and chance.random() < self._spoil:
            value = self._spoilt(value)
        if chance.random() < 0.15:
            return chance.sample([value, self._any_scalar(), self._any_scalar()], k=3)
        return value

    def _any_scalar(self):
        return self._chance.choice(SCALARS)

    def value(self, test):  # noqa: PLR0911 - a case for each kind
        """A value that passes the test, nearly always."""
        chance = self._chance
        match test:
            case KeywordTest(within):
                inner = self.value(within)
                return self._beside(inner) if isinstance(inner, str) else inner
            case TextTest(segments):
                filling = chance.choice(("", "", *PIECES))
                return self._typed(filling.join(self._segment(each) for each in segments))
            case NumberTest(number) | OrderTest(_, number):
                near = number + chance.choice((0, 0, 0, 1, -1, 0.5))
                return chance.choice((near, near, str(near), f"{near}.0", f"+{near}", f" {near}"))
            case BoolTest(boolean):
                return chance.choice((boolean, str(boolean), str(boolean).upper(), int(boolean)))
            case RegexTest(pattern, flags):
                return self._beside(sample(pattern, flags, chance))
            case NetworkTest(network):
                return self._address(network)
            case TimePartTest():
                at = datetime(2026, 11, 22, 5, 6, 7)  # noqa: DTZ001 - zones are part of the text
                at += timedelta(minutes=chance.randrange(10**6))
                return at.isoformat() + chance.choice(("", "Z", "+07:00"))
        raise AssertionError(test)

    def _typed(self, text):
        """The text, or the number or boolean that it looks like."""
        if self._chance.random() < 0.5 and re.fullmatch(r"-?\d{1,60}(\.\d+)?", text, re.ASCII):
            number = float(text) if "." in text else int(text)
            return self._chance.choice((number, float(number)))
        return {"true": True, "false": False}.get(text, text)

    def _segment(self, segment):
        return "".join(
            each if isinstance(each, str) else self._chance.choice("a\nđß\x00")
            for each in segment.pieces
        )

    def _address(self, network):
        address = network[self._chance.choice((0, -1))]
        with suppress(ValueError):  # there is none before the first, or after the last
            address += self._chance.choice((0, 0, 1, -1))
        if isinstance(network, IPv4Network) and self._chance.random() < 0.3:
            return f"::FFFF:{address}"
        return str(address)

    def _beside(self, text):
        pick = self._chance.choice
        return pick(("", *BESIDE)) + text + pick(("", *BESIDE)) if pick((0, 1)) else text

    def _spoilt(self, text):
        chance = self._chance
        changes = (
            str.upper,
            str.swapcase,
            str.casefold,
            lambda text: text[1:],
            lambda text: text[:-1],
            lambda text: text + chance.choice(BESIDE),
            lambda text: chance.choice(BESIDE) + text,
            lambda text: text + text,
            lambda text: text.replace("\\", "/"),
            self._other_letters,
            self._in_two,
        )
        for _ in range(chance.randint(1, 2)):
            text = chance.choice(changes)(text)
        return text

    def _other_letters(self, text):
        for letter, others in ALIKE.items():
            text = text.replace(letter, self._chance.choice(others))
        return text

    def _in_two(self, text):
        at = self._chance.randint(0, len(text))
        return text[:at] + self._chance.choice(BESIDE) + text[at:]


def atoms(condition):
    """Every atom of a condition, in order."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return [atom for part in parts for atom in atoms(part)]
        case Not(part):
            return atoms(part)
    return [condition]


# -- regular expressions ---------------------------------------------------------------------------

# What rules are made of; Hyperscan knows nearly all of it.
_USUAL = (
    "a", "b", "ab", "cmd", "K", "s", "i", ".", r"\.", r"\\", r"\d", r"\D", r"\w", r"\W", r"\s",
    r"\S", r"\n", r"\t", r"\x41", r"\x0b", " ", "-", "[abc]", "[^a]", "[^a-c]", "[a-z0-9_]",
    r"[^\w]", r"[\s\S]", r"[^\d\s]", "[.]", "[^\n]", r"[\]]", "[]a]", "true", "1", "command",
    "COMMAND", "#",
    "/", '"', r"\"", "%", "&", "~",
)  # fmt: skip
# What some engines read in their own way, and what is no expression at all.
_ODD = (
    "ß", "đ", "\u212a", "\u017f", "\u0130", "\u0131", r"\x1c", "[\x1c ]", "[[:alpha:]]",
    "[^[:digit:]]", "[{]", "{", "}", "{}", "{a}", "{1", "\x00", "\x02", "&&", "||", "--", "[a||b]",
    "[a--b]", r"\p{Lu}", r"\u0041", r"\N{DIGIT ONE}", r"\e", r"\a", r"\f", r"\v", r"\h", r"\R",
    r"\X", r"\0", r"\01", r"\x00", "\ud800", "😀", "(?i)", "(?s)", "(?m)", "(?x)", "(?a)", "(?u)",
    "(?#x)", r"\Q", r"\E", r"\cA", r"\z", r"[\b]", r"\C", r"\o{101}", r"\x{41}", r"\g1",
)  # fmt: skip
_PLACES = ("^", "$", "^", "$", r"\b", r"\B", r"\A", r"\Z", r"\m", r"\M", r"\G", r"\K")
_COUNTS = ("*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,1}", "{2,}", "{0}", "{1,2}?")
_ODD_COUNTS = (
    "{,3}", "{,}", "++", "*+", "?+", "{2}+", "{ 1}", "{1, 2}", "{e<=1}", "{1<=e<=2}", "{i,d<=1}",
    "{2i+1d<=3}", "{s}",
)  # fmt: skip
_GROUPS = (
    "(%s)", "(?:%s)", "(%s|a)", "(?i:%s)", "(?s:%s)", "(?m:%s)", "(?-i:%s)", "(?=%s)", "(?!%s)",
    "(?<=%s)", "(?<!%s)",
)  # fmt: skip
_ODD_GROUPS = (
    "(?>%s)", "(?|%s|a)", r"(%s)\1", "(?P<n>%s)", "(?<n>%s)", "(?x: %s )", "(?r)%s",
    "(a)?(?(1)%s|b)",
)  # fmt: skip


def expression(chance, depth=2, odd=None):
    """An expression, which `regex` may or may not know; half of them have nothing odd."""
    odd = chance.random() < 0.5 if odd is None else odd
    parts = []
    for _ in range(chance.randint(1, 3)):
        if depth and chance.random() < 0.4:
            group = chance.choice(_GROUPS + _ODD_GROUPS if odd else _GROUPS)
            part = group.replace("%s", expression(chance, depth - 1, odd))
        else:
            part = chance.choice(_USUAL + _ODD if odd else _USUAL)
        if chance.random() < 0.3:
            part += chance.choice(_COUNTS + _ODD_COUNTS if odd else _COUNTS)
        parts.append(part)
    for what in (*_PLACES, "|"):
        if chance.random() < 0.03:
            parts.insert(chance.randint(0, len(parts)), what)
    return "".join(parts)


def sample(pattern, flags, chance):
    """A text in which the expression is found, as far as `re` understands it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            options = sum(getattr(re, letter.upper()) for letter in flags)
            items = parser.parse(pattern, options).data
    except (re.error, OverflowError):
        return re.sub(r"[{(\[].*?[})\]]|[\\^$?*+]", "", pattern)
    return _sample(items, chance, {})[:2_000]


def _sample(items, chance, groups):
    return "".join(_one(kind, value, chance, groups) for kind, value in items)


def _one(kind, value, chance, groups):  # noqa: C901, PLR0911 - a case for each kind
    match kind:
        case op.LITERAL:
            return chance.choice((chr(value), chr(value), chr(value).swapcase()))
        case op.NOT_LITERAL | op.ANY:
            return chance.choice("xb \t")
        case op.IN:
            return _of_class(value, chance)
        case op.BRANCH:
            return _sample(chance.choice(value[1]).data, chance, groups)
        case op.SUBPATTERN:
            groups[value[0]] = _sample(value[-1].data, chance, groups)
            return groups[value[0]]
        case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
            times = chance.randint(value[0], min(value[1], value[0] + 2))
            return "".join(_sample(value[2].data, chance, groups) for _ in range(min(times, 50)))
        case op.ATOMIC_GROUP:
            return _sample(value.data, chance, groups)
        case op.ASSERT:
            return _sample(value[1].data, chance, groups)
        case op.GROUPREF:
            return groups.get(value, "")
    return ""


def _of_class(items, chance):
    kind, value = chance.choice(items)
    if kind is op.RANGE:
        return chr(chance.choice(value))
    if kind is op.LITERAL:
        return chr(value)
    return chance.choice("a1_ \n-x\t\x0b\x1c\x1f")


# -- JSON ------------------------------------------------------------------------------------------


def written(fields, chance):
    """The fields as a JSON object: bytes, each text spelled in one of JSON's ways."""
    members = list(fields.items())
    if members and chance.random() < 0.2:  # a name that comes twice: the last one counts
        members.insert(0, (chance.choice(members)[0], chance.choice(SCALARS)))
    blank = chance.choice(("", " ", "\n "))
    made = f",{blank}".join(
        f"{blank}{_text(name, chance)}:{blank}{_value(value, chance)}" for name, value in members
    )
    return f"{{{made}{blank}}}".encode(errors="surrogatepass")


def _value(value, chance):
    if isinstance(value, list):
        return "[" + ",".join(_value(each, chance) for each in value) + "]"
    if isinstance(value, str):
        return _text(value, chance)
    if type(value) is float and value.is_integer() and abs(value) < 1e16:
        return chance.choice((repr(value), f"{value:e}", f"{value:.0E}", f"{value:.3f}"))
    return json.dumps(value)


def _text(text, chance):
    way = chance.randrange(4)
    return '"' + "".join(_letter(letter, way, chance) for letter in text) + '"'


def _letter(letter, way, chance):
    plain = json.dumps(letter, ensure_ascii=way == 0 or letter >= "\ud800")[1:-1]
    if way == 3 and letter == "/":
        return "\\/"
    if way == 2 and letter < "\ud800" and chance.random() < 0.3:
        return chance.choice((f"\\u{ord(letter):04x}", f"\\u{ord(letter):04X}"))
    return plain
