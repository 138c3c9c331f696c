"""Rules that mean something else to a peer, for a reason that is known: left out for all engines.

A difference without a reason here is no reason to leave a rule out: it is shown with the figures.
"""

from collections.abc import Callable, Iterable, Mapping

from tests.bench.detect.material import Rule


def _keywords_under_all(rule: Rule) -> bool:
    return any(
        isinstance(part, dict) and "|all" in part
        for selection in rule.data["detection"].values()
        for part in (selection if isinstance(selection, list) else [selection])
    )


REASONS: Mapping[str, Callable[[Rule], bool]] = {
    # Sigma rules 2.1, "Keywords search", has them found in the values, as the reference does.
    "rsigma meets no rule with keywords under `|all`": _keywords_under_all,
}


def comparable(rules: Iterable[Rule]) -> list[Rule]:
    """The rules that mean the same to all engines, as far as is known."""
    return [rule for rule in rules if not any(fits(rule) for fits in REASONS.values())]


def left_out(rules: Iterable[Rule]) -> dict[str, list[str]]:
    """The ids of the others, by reason."""
    every = list(rules)
    return {why: [rule.id for rule in every if fits(rule)] for why, fits in REASONS.items()}
