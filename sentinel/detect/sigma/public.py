"""Public pySigma pipelines by name: a rule's fields get the names of somebody's events."""

from __future__ import annotations

import warnings
from functools import lru_cache

from sigma.plugins import InstalledSigmaPlugins
from sigma.processing.pipeline import ProcessingPipeline


@lru_cache(maxsize=1)
def _installed() -> InstalledSigmaPlugins:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # plugins speak of each other's deprecations
        return InstalledSigmaPlugins.autodiscover(include_backends=False, include_validators=False)


def pipeline_names() -> tuple[str, ...]:
    """The pipelines that are installed (extra `pipelines`), in order of name."""
    return tuple(sorted(_installed().pipelines))


def public_pipeline(name: str) -> ProcessingPipeline:
    """A fresh pipeline of this name.

    Raises:
        KeyError: there is none.
    """
    return _installed().pipelines[name]()
