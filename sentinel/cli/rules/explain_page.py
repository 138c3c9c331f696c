"""Why a rule met an event or did not, on a terminal and for machines.

The condition stands as it does in the rule, each node with what came of it, and the last line says
it in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sentinel.cli.rules.asking import SIGNS, predicate, sentence, shown
from sentinel.cli.screen import Screen
from sentinel.detect.explain import (
    CorrelationExplained,
    Explained,
    Kind,
    Mark,
    Outcome,
    Route,
    Step,
    Verdict,
)
from sentinel.detect.reference import KEYWORDS
from sentinel.model.event import Value
from sentinel.wording import severity_word

# How each verdict looks: a shape, so that no meaning is in the colour alone, and rich's style.
LOOKS = {
    Verdict.TRUE: ("✓", "green"),
    Verdict.FALSE: ("✗", "red"),
    Verdict.MISSING: ("∅", "yellow"),
    Verdict.TOO_SLOW: ("!", "bold magenta"),
}
FEW = 3  # tests of a row that are shown without --all
REASONS = 5  # named in the last line


@dataclass(frozen=True, slots=True)
class Page:
    """How much is shown: `whole` names every test, however many are alike."""

    screen: Screen
    whole: bool = False

    def show(self, explained: Explained, indent: int = 0) -> None:
        """One rule or correlation, with all that it counts."""
        card, screen = explained.card, self.screen
        screen.line(f"{card.title} ({card.id})", indent=indent)
        level = severity_word(card.level, screen.language)
        screen.line(f"{card.place}, {level}", indent=indent + 2)
        if isinstance(explained, CorrelationExplained):
            self._show_correlation(explained, indent + 2)
        else:
            screen.line(route_words(screen, explained.route), indent=indent + 2)
            self._show_step(explained.step, indent + 2)
        screen.line(closing(screen, explained), indent=indent + 2)

    def _show_correlation(self, explained: CorrelationExplained, indent: int) -> None:
        screen = self.screen
        correlation = explained.correlation
        bounds = " ".join(f"{SIGNS[each.order]} {each.number}" for each in correlation.bounds)
        screen.line(
            screen.text(
                "{kind} {bounds} within {seconds} s, of the rules below",
                kind=str(correlation.kind),
                bounds=bounds,
                seconds=correlation.timespan,
            ),
            indent=indent,
        )
        for rule in explained.rules:
            self.show(rule, indent + 2)
        for name, value in (explained.group or {}).items():
            found = self._found(value)
            screen.line(
                screen.text("group: {name} = {value}", name=name, value=found), indent=indent
            )
        for name, value in explained.measured.items():
            found = self._found(value)
            screen.line(
                screen.text("measured: {name} = {value}", name=name, value=found), indent=indent
            )

    def _found(self, value: Value) -> str:
        return self.screen.text("the field is missing") if value is None else shown(value)

    def _show_step(self, step: Step, indent: int) -> None:
        look, style = LOOKS[step.verdict]
        self.screen.marked(look, style, self._words(step), indent=indent)
        told = self._told(step)
        for part in told:
            self._show_step(part, indent + 3)
        rest = len(step.parts) - len(told)
        if rest:
            same = self.screen.text("{count} more like the last one", count=rest)
            self.screen.line(f"…  {same}", indent=indent + 3)

    def _told(self, step: Step) -> Sequence[Step]:
        """All parts, or the few that matter where many are alike."""
        if (
            self.whole
            or len(step.parts) <= FEW
            or any(part.kind is not Kind.TEST for part in step.parts)
        ):
            return step.parts
        true = [part for part in step.parts if part.holds]
        matter = true if step.kind is Kind.ANY else [p for p in step.parts if not p.holds]
        return (matter or step.parts)[:FEW]

    def _words(self, step: Step) -> str:
        if step.kind is Kind.TEST:
            line = _line(step.marks[-1:])
            return f"{test_words(self.screen, step)}{f' (:{line})' if line else ''}"
        said = self.screen.text("all of these")
        if step.kind is Kind.ANY:
            said = self.screen.text("at least one of these")
        elif step.kind is Kind.NOT:
            said = self.screen.text("not this")
        name = _name(step)
        return f"{name}: {said}" if name else said


def test_words(screen: Screen, step: Step) -> str:
    """A test in words, with what was found."""
    if step.atom is None:
        return ""
    asked = sentence(screen, step.atom)
    if step.verdict in (Verdict.MISSING, Verdict.TOO_SLOW):
        why = screen.text("the field is missing")
        if step.verdict is Verdict.TOO_SLOW:
            why = screen.text("the expression took too long")
        return f"{asked}; {why}"
    if step.found is None:
        return asked
    return screen.text("{asked}; found {value}", asked=asked, value=shown(step.found))


def route_words(screen: Screen, route: Route) -> str:
    """Why the rule is tried on this event, or is not."""
    wanted = _logsource(route)
    if route.source is None:
        return screen.text(
            "Written for {wanted}. The event does not say what it is: every rule is tried on it.",
            wanted=wanted,
        )
    product, category, service = (", ".join(sorted(words)) or "-" for words in route.source[:3])
    event = f"product {product}; category {category}; service {service}"
    if route.lacking:
        return screen.text(
            "Written for {wanted}. The event is {event}: the rule is not tried on it ({lacking}).",
            wanted=wanted,
            event=event,
            lacking=", ".join(route.lacking),
        )
    return screen.text(
        "Written for {wanted}. The event is {event}: the rule is tried on it.",
        wanted=wanted,
        event=event,
    )


def closing(screen: Screen, explained: Explained) -> str:
    """The last line: matched because..., did not match because..."""
    if isinstance(explained, CorrelationExplained):
        return _closing_correlation(screen, explained)
    why = "; ".join(_first(reasons(screen, explained.step)))
    if explained.outcome is Outcome.MATCHED:
        return screen.text("Matched because {why}.", why=why)
    if explained.outcome is Outcome.NOT_MATCHED:
        return screen.text("Did not match: {why}.", why=why)
    if explained.step.holds:
        return screen.text("Would match, but events of this logsource do not concern the rule.")
    return screen.text("Not tried, and it would not match either: {why}.", why=why)


def reasons(screen: Screen, step: Step) -> Iterable[str]:
    """What makes a node true or false, in the fewest words that say it."""
    match step.kind:
        case Kind.TEST:
            yield _reason(screen, step)
        case Kind.NOT:
            yield _excluded(screen, step)
        case Kind.ALL:
            for part in step.parts:
                if part.holds is step.holds:
                    yield from reasons(screen, part)
        case Kind.ANY if step.holds:
            yield from reasons(screen, next(part for part in step.parts if part.holds))
        case Kind.ANY:
            yield _none(screen, step)


def _reason(screen: Screen, step: Step) -> str:
    if step.atom is None or step.holds:
        return "" if step.atom is None else sentence(screen, step.atom)
    field = getattr(step.atom, "field", "")
    if step.verdict is Verdict.MISSING:
        return screen.text("{field} is missing", field=field)
    if step.verdict is Verdict.TOO_SLOW:
        return screen.text("an expression on {field} took too long", field=field)
    if field:
        asked = predicate(screen, step.atom)
        return screen.text("it is not so that {field} {asked}", field=field, asked=asked)
    return screen.text("it is not so that {asked}", asked=sentence(screen, step.atom))


def _excluded(screen: Screen, step: Step) -> str:
    (part,) = step.parts
    name = _name(part) or screen.text("what must not be")
    if step.holds:
        return screen.text("{name} is not met", name=name)
    why = "; ".join(_first(reasons(screen, part)))
    return screen.text("{name} is met and must not be ({why})", name=name, why=why)


def _none(screen: Screen, step: Step) -> str:
    """Why no part of a false "at least one" holds."""
    fields = {getattr(part.atom, "field", KEYWORDS) for part in step.parts}
    if len(fields) == 1 and all(part.kind is Kind.TEST for part in step.parts):
        field = fields.pop()
        if all(part.verdict is Verdict.MISSING for part in step.parts):
            return screen.text("{field} is missing", field=field)
        count = len(step.parts)
        if field:
            return screen.text("{field} passes none of {count} tests", field=field, count=count)
        return screen.text("none of {count} keywords is in the event", count=count)
    name = _name(step)
    if name:
        return screen.text("nothing of {name} is met", name=name)
    return screen.text("none of {count} alternatives is met", count=len(step.parts))


def _closing_correlation(screen: Screen, explained: CorrelationExplained) -> str:
    if explained.group is None:
        return screen.text("The event does not count: it meets none of the rules above.")
    needed = {**explained.group, **explained.measured}
    missing = [name for name, value in needed.items() if value is None]
    if missing:
        return screen.text(
            "The event does not count: {missing} is missing, and the correlation needs it.",
            missing=", ".join(missing),
        )
    return screen.text("The event counts; one event alone cannot show whether the whole is met.")


def _first(said: Iterable[str]) -> list[str]:
    every = list(dict.fromkeys(said))
    return every if len(every) <= REASONS else [*every[:REASONS], "…"]


def _name(step: Step) -> str:
    """The part's name in the rule, with its line; a whole detection before an item of it."""
    if not step.marks:
        return ""
    whole = [mark.name for mark in step.marks if mark.detection == mark.name]
    name = whole[0] if whole else step.marks[0].name or step.marks[0].detection
    return f"{name} (:{_line(step.marks)})"


def _line(marks: Sequence[Mark]) -> str:
    return marks[0].place.rpartition(":")[2] if marks else ""


def _logsource(route: Route) -> str:
    parts = {
        "product": route.logsource.product,
        "category": route.logsource.category,
        "service": route.logsource.service,
    }
    return ", ".join(f"{name} {part}" for name, part in parts.items() if part) or "-"


def shape(screen: Screen, explained: Explained) -> dict[str, object]:
    """The same for machines."""
    card = explained.card
    told: dict[str, object] = {
        "rule": {"id": card.id, "title": card.title, "place": card.place},
        "outcome": explained.outcome.value,
        "because": closing(screen, explained),
    }
    if isinstance(explained, CorrelationExplained):
        group = None if explained.group is None else dict(explained.group)
        return told | {
            "rules": [shape(screen, each) for each in explained.rules],
            "group": group,
            "measured": dict(explained.measured),
        }
    route = explained.route
    source = None if route.source is None else [sorted(words) for words in route.source[:3]]
    return told | {
        "route": {
            "product": route.logsource.product,
            "category": route.logsource.category,
            "service": route.logsource.service,
            "event": source and dict(zip(("product", "category", "service"), source, strict=True)),
            "lacking": list(route.lacking),
        },
        "tree": _tree(screen, explained.step),
    }


def _tree(screen: Screen, step: Step) -> dict[str, object]:
    told: dict[str, object] = {
        "kind": step.kind.value,
        "verdict": step.verdict.value,
        "names": [
            {"name": mark.name, "in": mark.detection, "at": mark.place} for mark in step.marks
        ],
    }
    if step.atom is None:
        return told | {"parts": [_tree(screen, part) for part in step.parts]}
    return told | {
        "field": getattr(step.atom, "field", KEYWORDS),
        "test": predicate(screen, step.atom),
        "found": step.found,
    }
