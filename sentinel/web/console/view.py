"""How a page is made: a template of a family or of the shell, words of the family or the shell.

In every template: `visit` (None for a guest), `csrf`, `language`, `theme`, `zone`, `now`, `path`,
`_`, `n_` (ngettext), `static('name')`, and the filters `shown`, `visible`, `marked`, `when`,
`ago`, `left`, `number`, `fill`, `word`, `told`. Macros come by
`{% import "macros.html" as m with context %}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from sentinel.i18n import texts, zone_name
from sentinel.model.person import PersonRole, Theme
from sentinel.model.text import Language
from sentinel.web.console import filters
from sentinel.web.console.assets import static
from sentinel.web.console.text import marked, shown, visible
from sentinel.web.console.visit import Guest, Visit

PACKAGE = "sentinel.web.console"
DOMAIN = filters.DOMAIN
# The first part of a path -> the entry of the top bar that is lit.
_SECTIONS: Mapping[str, str] = {
    "": "queue",
    "alerts": "queue",
    "jobs": "jobs",
    "warnings": "warnings",
    "suppressions": "suppressions",
    "sources": "sources",
    "detection": "detection",
    "doctor": "doctor",
    "me": "me",
    "people": "people",
}

_OTHER: Mapping[Language, Language] = {Language.VI: Language.EN, Language.EN: Language.VI}
_NEXT: Mapping[Theme, Theme] = {
    Theme.AUTO: Theme.DARK,
    Theme.DARK: Theme.LIGHT,
    Theme.LIGHT: Theme.AUTO,
}


class View:
    """Makes the pages of one family: the templates and the words of `package` and `domain`."""

    def __init__(self, package: str = PACKAGE, domain: str = DOMAIN) -> None:
        self._domain = domain
        self._environment = _templates(package)

    def page(
        self,
        template: str,
        visit: Visit | Guest,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Answer with a template, whole page or part of one."""
        return HTMLResponse(self.render(template, visit, **values), status, headers)

    def render(self, template: str, visit: Visit | Guest, **values: object) -> str:
        """Return the template's text."""
        known = visit if isinstance(visit, Visit) else None
        return self._environment.get_template(template).render(
            visit=known,
            csrf="" if known is None else known.csrf,
            theme=Theme.AUTO if known is None else known.theme,
            language=visit.language,
            zone=visit.zone,
            zone_name=zone_name(visit.language, visit.zone),
            now=visit.now,
            path=visit.path,
            section=section_of(visit.path),
            other_language=_OTHER[visit.language].value,
            next_theme=_NEXT[Theme.AUTO if known is None else known.theme].value,
            time_words=filters.time_words(visit.language),
            _=partial(say, visit.language, self._domain),
            n_=partial(say_number, visit.language, self._domain),
            **values,
        )


@lru_cache
def _templates(package: str) -> Environment:
    """Templates of a family, else the shell's: compiled once for all applications."""
    loaders = [PackageLoader(name) for name in dict.fromkeys((package, PACKAGE))]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "shown": shown,
        "visible": visible,
        "marked": marked,
        "when": filters.when,
        "ago": filters.ago,
        "left": filters.left,
        "number": filters.number,
        "fill": filters.fill,
        "word": filters.word,
        "told": filters.told,
    }
    environment.globals |= {"static": static, "Admin": PersonRole.ADMIN}
    return environment


def section_of(path: str) -> str:
    """Return the entry of the top bar that a path belongs to, "" for none."""
    first = path.partition("?")[0].split("/")[1]
    return _SECTIONS.get(first.partition(".")[0], "")


def say(language: Language, domain: str, text: str) -> str:
    """Translate by the family's catalogue, else by the shell's."""
    own = texts(language, domain).gettext(text)
    return texts(language, DOMAIN).gettext(text) if own == text else own


def say_number(language: Language, domain: str, one: str, many: str, count: int) -> str:
    """Translate by a number, by the family's catalogue, else by the shell's."""
    own = texts(language, domain).ngettext(one, many, count)
    return texts(language, DOMAIN).ngettext(one, many, count) if own in {one, many} else own
