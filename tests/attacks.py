"""The texts of `tests/corpus/web/attacks.yml`, for every test of what shows them.

@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_it_is_text(attack): ... attack.text ...
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

CORPUS = Path(__file__).resolve().parent / "corpus" / "web" / "attacks.yml"


@dataclass(frozen=True)
class Attack:
    """One text and what it is after."""

    name: str
    text: str
    intent: str

    def __str__(self) -> str:
        return self.name


def load() -> list[Attack]:
    """Every attack of the corpus, in its order."""
    known = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
    return [
        Attack(name=each["name"], text=each["text"] * each.get("repeat", 1), intent=each["intent"])
        for each in known
    ]


ATTACKS = load()
