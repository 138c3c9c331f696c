"""The rules of a request: read, or as they were kept, with what was worked out of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sentinel.batch.request import OWN_PIPELINES, DetectRequest, Summary
from sentinel.detect.plan.start import Keep, Plan, plan
from sentinel.detect.ruleset import RuleSet
from sentinel.documents.kept import key_of
from sentinel.documents.source import SourceText, read_source, yaml_texts
from sentinel.errors import Fault, InputError
from sentinel.resources import LIBRARIES, program_mark, pysigma_plugins, shipped

if TYPE_CHECKING:
    from sigma.processing.pipeline import ProcessingPipeline

    from sentinel.detect.sigma.called import Called


def rules_of(request: DetectRequest, summary: Summary, keep: Keep | None) -> Plan:
    """The rules of the request, as they were kept or read afresh.

    Raises:
        InputError: there is no such pipeline, or placeholders cannot be used.
    """
    texts = list(_rule_texts(request.rules, summary))
    values = placeholders_text(request.placeholders)

    def read_afresh() -> RuleSet:
        from sentinel.detect.sigma.load import load  # noqa: PLC0415 - as in pipeline_of
        from sentinel.detect.sigma.placeholders import read_placeholders  # noqa: PLC0415 - too

        placeholders = read_placeholders(values)
        return load(texts, pipeline_of(request.pipeline), placeholders=placeholders)

    return plan("" if keep is None else _key([values, *texts], request), keep, read_afresh)


def placeholders_text(file: Path | None) -> SourceText:
    """The file of placeholders' values, the shipped one where none is named.

    Raises:
        InputError: it cannot be read.
    """
    if file is not None:
        return read_source(file)
    name = "placeholders.yml"
    return read_source(shipped("config").joinpath(name), f"config/{name}")


def _key(texts: Sequence[SourceText], request: DetectRequest) -> str:
    """All that has a part in what these texts become."""
    if request.pipeline in OWN_PIPELINES:
        return key_of(texts, program_mark())
    return key_of(texts, program_mark((*LIBRARIES, *pysigma_plugins())), request.pipeline)


def pipeline_of(name: str) -> ProcessingPipeline | None:
    """The pySigma pipeline of this name; None for auto, native and ecs, which change no rule.

    Raises:
        InputError: there is none of this name.
    """
    if name in OWN_PIPELINES:
        return None
    # pySigma takes a good part of a second to import: a start from kept rules does without it.
    from sentinel.detect.sigma import public  # noqa: PLC0415 - see above

    if name not in public.pipeline_names():
        allowed = ", ".join((*OWN_PIPELINES, *public.pipeline_names()))
        message = "no such pipeline is installed"
        raise InputError([Fault("--pipeline", message, found=name, allowed=allowed)])
    return public.public_pipeline(name)


@cache
def called(name: str) -> Called | None:
    """What a public pipeline calls the fields of rules; None for our own ones."""
    pipeline = pipeline_of(name)
    if pipeline is None:
        return None
    from sentinel.detect.sigma.called import called_by  # noqa: PLC0415 - as in pipeline_of

    return called_by(pipeline)


def _rule_texts(roots: Sequence[Path], summary: Summary) -> Iterator[SourceText]:
    for root in roots:
        if not root.is_dir():
            try:
                yield read_source(root)
            except InputError as error:
                summary.refused += error.faults
            continue
        try:
            yield from yaml_texts([root])
        except (OSError, UnicodeDecodeError) as error:
            summary.refused.append(Fault(str(root), f"the rules cannot be read: {error}"))
