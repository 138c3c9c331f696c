"""Rules that change while the service runs: noticed, read beside the running ones, swapped in.

Files are looked at from outside every few seconds. Once two looks agree that something changed and
that nobody is still writing, the rules are read in this thread while the old ones go on; the
pipeline takes them up between two of its steps. SIGHUP asks for it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from threading import Event as Flag
from threading import Thread

import structlog

from sentinel import assembly
from sentinel.detect.ruleset import Correlation, Rule, RuleSet
from sentinel.documents.watched import Seen
from sentinel.errors import MISTAKES, SentinelError
from sentinel.model.ids import RuleId

log = structlog.get_logger()

LOOK = timedelta(seconds=3)


class Reloader:
    """Keeps the rules of a running house those of its files.

    `rules` are the ones at work (or about to be, from the pipeline's next step on); `problem` is a
    sentence where those of the files cannot be taken, else "".
    """

    def __init__(self, house: assembly.House) -> None:
        self._house = house
        self._read_at = self._last = house.rules_seen
        self._wake = Flag()
        self._asked = Flag()
        self._closed = Flag()
        self.rules = house.rules
        self.problem = ""

    def start(self) -> None:
        """Begin to look, in a thread of its own that holds up no end of the process."""
        Thread(target=self.run, name="rules", daemon=True).start()

    def ask(self) -> None:
        """Read the rules at once, whatever their files look like."""
        self._asked.set()
        self._wake.set()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._wake.set()

    def run(self) -> None:
        """Look until closed."""
        try:
            while not self._closed.is_set():
                self._wake.wait(LOOK.total_seconds())
                self._wake.clear()
                if not self._closed.is_set():
                    self.look()
        finally:
            if not self._closed.is_set():
                self.problem = "changed rules are no longer noticed: see the log, and start again"

    def look(self) -> None:
        """Read the rules if their files have changed and are at rest, or somebody asked."""
        asked = self._asked.is_set()
        self._asked.clear()
        try:
            seen = assembly.look_at_rules(self._house.settings)
            at_rest, self._last = seen == self._last, seen
            if asked or (at_rest and seen != self._read_at):
                self._renew(seen)
        except (SentinelError, OSError, *MISTAKES) as error:
            self._refuse(error)

    def _renew(self, seen: Seen) -> None:
        """Read the rules; give them to the pipeline if they are others than those at work."""
        house = self._house
        self._read_at = seen
        rules = assembly.plan_rules(house.settings).rules
        if rules != self.rules:
            make_engine = assembly.engines(rules)
            with house.state.reading() as state:
                make_engine(state.windows())  # what cannot be begun with fails here, not there
            house.pipeline.renew(make_engine)
        if rules != self.rules or self.problem:
            log.info("rules_reloaded", **_difference(self.rules, rules))
        self.rules = rules
        self.problem = ""

    def _refuse(self, error: Exception) -> None:
        """Go on with the rules at work, and say so. What a disk refuses now is tried again."""
        ours = isinstance(error, SentinelError | OSError)
        if ours:
            self._read_at = {}
        sentence = f"the rules cannot be read, so those of before go on: {error}"
        if sentence != self.problem:
            log.warning("rules_not_reloaded", error=str(error), exc_info=None if ours else error)
        self.problem = sentence


def _difference(before: RuleSet, after: RuleSet) -> Mapping[str, int]:
    """How many rules run, were refused, came, went, and are others under the same id."""
    old, new = _by_id(before), _by_id(after)
    return {
        "rules": len(new),
        "refused": len(after.refused),
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": sum(old[each] != new[each] for each in old.keys() & new.keys()),
    }


def _by_id(rules: RuleSet) -> dict[RuleId, Rule | Correlation]:
    every: tuple[Rule | Correlation, ...] = (*rules.rules, *rules.correlations)
    return {each.card.id: each for each in every}
