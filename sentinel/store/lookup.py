"""What an alert is found by, beside its columns: its words, and the keys it can be looked up by.

Databases fold the case of ASCII at most, so that words are folded here, both those of the alert
and those that are searched for.
"""

from __future__ import annotations

from unicodedata import normalize

from sentinel.model.alert import Alert
from sentinel.model.entity import Entity, entities_of

# A kind and a value, as `alert_keys` has them.
Key = tuple[str, str]


def folded(text: str) -> str:
    """Fold a text so that neither case nor the way of writing tells two apart.

    Letters are composed (Unicode NFC: "ệ" may be typed as three characters), each run of blanks
    is one space, and NUL, which would end the text for SQLite's LIKE, is a blank.
    """
    caseless = normalize("NFC", normalize("NFD", text).casefold())
    return " ".join(caseless.replace("\0", " ").split())


def texts_of(alert: Alert) -> tuple[str, ...]:
    """The texts that `AlertQuery.words` are looked for in, folded."""
    advice = alert.card.advice
    titles = () if advice is None else (advice.title.vi, advice.title.en)
    named = (alert.id, alert.agency or "", alert.asset or "", alert.card.title)
    return tuple(map(folded, (*named, *titles, *alert.subject.values())))


def words_of(alert: Alert) -> str:
    """All of them in one text, a line each: a folded word has no line break to reach across."""
    return "\n".join(texts_of(alert))


def keys_of(alert: Alert) -> frozenset[Key]:
    """The entities of an alert, and the values of its subject by name."""
    entities = {entity_key(entity) for entity in entities_of(alert)}
    return frozenset(entities | {subject_key(*named) for named in alert.subject.items()})


def entity_key(entity: Entity) -> Key:
    """The key of a machine, a user or an address: ("host", "web01")."""
    return entity.kind.value, entity.value


def subject_key(name: str, value: str) -> Key:
    """The key of a subject's value, folded as `Scope.fits` does: ("subject/user.name", "lan")."""
    return f"subject/{name}", value.casefold()
