"""A condition over rules, like `recon and (upload or not proxy)`, as the ways to meet it.

Specification: Sigma correlation rules 2.1.0, temporal correlations. pySigma 1.5 parses names of
letters, digits and underscores, in lower-case operators; here ids, any names, the operators in
capitals (as the specification's own examples have them) and `1 of` / `all of` work too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)
from sigma.exceptions import SigmaError

from sentinel.detect.ruleset import Term
from sentinel.detect.sigma.card import canonical
from sentinel.detect.sigma.read_condition import NotHonoured

MAX_CONDITION = 8192  # characters
MAX_BRACKETS = 32
MAX_TERMS = 256  # ways to meet a condition: each may be looked at for every event
_MOST_TRIED = 2048  # ways of which some may ask for more than others

_OF = re.compile(r"(1|any|all)\s+of\s+([^\s()]+)")
_TOKEN = re.compile(rf"{_OF.pattern}|[()]|[^\s()]+")
_SYNTAX = ("and", "or", "not", "(", ")")
_QUANTIFIERS = {"1": " or ", "any": " or ", "all": " and "}

_TOO_MANY = f"the condition can be met in more than {MAX_TERMS} ways"
_Way = tuple[frozenset[int], frozenset[int]]  # present, absent


def names_in(condition: str) -> tuple[str, ...]:
    """The rules that a condition names one by one, in order, each once."""
    tokens = [token for token in _tokens(condition) if token not in _SYNTAX]
    names = [canonical(token) for token in tokens if not _OF.fullmatch(token)]
    return tuple(dict.fromkeys(names))


def read_terms(condition: str, rules: Sequence[str]) -> tuple[Term, ...]:
    """The ways to meet a condition over these rules.

    Raises:
        NotHonoured: it cannot be read, names other rules, not all of them, or can never be met.
    """
    if len(condition) > MAX_CONDITION or condition.count("(") > MAX_BRACKETS:
        raise NotHonoured(
            f"the condition is too long: at most {MAX_CONDITION} characters and "
            f"{MAX_BRACKETS} brackets"
        )
    text = _respelled(_tokens(condition), rules)
    try:
        parsed = SigmaExtendedCorrelationCondition(text).parsed
    except (SigmaError, RecursionError) as error:
        raise NotHonoured(
            "the condition cannot be read: names of rules with and, or, not, brackets, "
            "`1 of` and `all of` are allowed"
        ) from error
    unnamed = [rule for index, rule in enumerate(rules) if f"r{index}" not in _words(text)]
    if unnamed:
        raise NotHonoured(f"the condition does not say what {', '.join(unnamed)} is for")
    everything = frozenset(range(len(rules)))
    ways = [
        (present, absent)
        for present, absent in _ways(parsed, wanted=True)
        if present or absent != everything
    ]
    if not ways:
        raise NotHonoured("no events can meet this condition")
    return tuple(
        Term(tuple(sorted(present)), tuple(sorted(absent)))
        for present, absent in sorted(ways, key=lambda way: (sorted(way[0]), sorted(way[1])))
    )


def _tokens(condition: str) -> list[str]:
    """Words, brackets, and `1 of selector` as one."""
    found = [token[0] for token in _TOKEN.finditer(condition)]
    return [token.lower() if token in ("AND", "OR", "NOT") else token for token in found]


def _respelled(tokens: Sequence[str], rules: Sequence[str]) -> str:
    """The condition with `r0`, `r1` ... for the rules, as pySigma can read it."""
    return " ".join(token if token in _SYNTAX else _respell(token, rules) for token in tokens)


def _respell(token: str, rules: Sequence[str]) -> str:
    selected = _OF.fullmatch(token)
    if selected is not None:
        return _alternatives(selected[1], selected[2], rules)
    name = canonical(token)
    if name not in rules:
        raise NotHonoured(
            f"the condition names {token!r}, which is not among the rules; "
            f"there are: {', '.join(rules)}"
        )
    return f"r{rules.index(name)}"


def _alternatives(quantifier: str, selector: str, rules: Sequence[str]) -> str:
    pattern = "*" if selector == "them" else selector
    regex = re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
    found = [f"r{index}" for index, rule in enumerate(rules) if regex.fullmatch(rule)]
    if not found:
        raise NotHonoured(
            f"`of {selector}` in the condition stands for no rule; there are: {', '.join(rules)}"
        )
    return f"({_QUANTIFIERS[quantifier].join(found)})"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _ways(node: CorrelationConditionItem | SigmaRuleReference, *, wanted: bool) -> set[_Way]:
    """Each way in which this becomes what is wanted, none of which asks more than another."""
    if isinstance(node, SigmaRuleReference):
        this, nothing = frozenset({int(node.reference[1:])}), frozenset[int]()
        return {(this, nothing) if wanted else (nothing, this)}
    if isinstance(node, CorrelationConditionNOT):
        return _ways(node.args[0], wanted=not wanted)
    parts = [_ways(each, wanted=wanted) for each in node.args]
    if isinstance(node, CorrelationConditionAND) is wanted:
        found: set[_Way] = {(frozenset(), frozenset())}
        for part in parts:
            found = _least(_both(found, part))
        return found
    return _least({way for part in parts for way in part})


def _both(some: set[_Way], others: set[_Way]) -> set[_Way]:
    if len(some) * len(others) > _MOST_TRIED:
        raise NotHonoured(_TOO_MANY)
    together = {(one[0] | other[0], one[1] | other[1]) for one, other in product(some, others)}
    return {(present, absent) for present, absent in together if not present & absent}


def _least(ways: set[_Way]) -> set[_Way]:
    """Without ways that ask all that another asks, and more."""
    if len(ways) > _MOST_TRIED:
        raise NotHonoured(_TOO_MANY)
    found = {
        way
        for way in ways
        if not any(other != way and other[0] <= way[0] and other[1] <= way[1] for other in ways)
    }
    if len(found) > MAX_TERMS:
        raise NotHonoured(_TOO_MANY)
    return found
