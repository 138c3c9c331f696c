"""What the rules that run can see, by their own words: ATT&CK techniques, tactics, logsources.

A rule covers what its tags say. Whether anything feeds it is another question (`rules check`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sentinel.detect.ruleset import Logsource, Output, RuleSet
from sentinel.model.rule import RuleCard

_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)")
_TACTIC = re.compile(r"attack\.([a-z][a-z-]+)")

# MITRE ATT&CK Navigator's layer format.
_LAYER = {"attack": "17", "navigator": "5.1.0", "layer": "4.5"}
_COLOURS = ("#cfe8ff", "#08519c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many rules say each technique, tactic and logsource; `untagged` say none of ATT&CK.

    Techniques are as ATT&CK writes them ("T1059.001"), most rules first. Rules that only feed a
    correlation count for its logsource, not for themselves.
    """

    rules: int
    untagged: int
    tactics: Mapping[str, int]
    techniques: Mapping[str, int]
    logsources: Mapping[Logsource, int]


def coverage(ruleset: RuleSet) -> Coverage:
    """What these rules cover."""
    outputs = {rule.card.id: rule.output for rule in ruleset.rules}
    outputs |= {each.card.id: each.output for each in ruleset.correlations}
    cards = [card for card in ruleset.cards if outputs[card.id] is Output.DETECTIONS]
    tactics: Counter[str] = Counter()
    techniques: Counter[str] = Counter()
    untagged = 0
    for card in cards:
        tactics.update(_said(card, _TACTIC))
        found = {word.upper() for word in _said(card, _TECHNIQUE)}
        techniques.update(found)
        untagged += not any(tag.startswith("attack.") for tag in card.tags)
    logsources = Counter(rule.logsource for rule in ruleset.rules)
    return Coverage(
        rules=len(cards),
        untagged=untagged,
        tactics=_sorted(tactics),
        techniques=_sorted(techniques),
        logsources=dict(sorted(logsources.items(), key=lambda each: (-each[1], str(each[0])))),
    )


def navigator_layer(covered: Coverage, name: str) -> dict[str, object]:
    """A layer for MITRE ATT&CK Navigator: each technique with its number of rules as score."""
    most = max(covered.techniques.values(), default=1)
    return {
        "name": name,
        "versions": _LAYER,
        "domain": "enterprise-attack",
        "description": f"{covered.rules} rules",
        "techniques": [
            {"techniqueID": technique, "score": count, "comment": f"{count} rules"}
            for technique, count in sorted(covered.techniques.items())
        ],
        "gradient": {"colors": list(_COLOURS), "minValue": 0, "maxValue": most},
    }


def _said(card: RuleCard, pattern: re.Pattern[str]) -> set[str]:
    return {found[1] for tag in card.tags if (found := pattern.fullmatch(tag))}


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
