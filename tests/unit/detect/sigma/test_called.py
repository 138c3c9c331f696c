"""What public pipelines call the fields of rules."""

from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import (
    AddFieldnamePrefixTransformation,
    FieldMappingTransformation,
)

from sentinel.detect.sigma.called import called_by
from sentinel.detect.sigma.public import public_pipeline


def _pipeline(*transformations):
    return ProcessingPipeline(items=[ProcessingItem(each) for each in transformations])


def test_every_name_that_a_pipeline_gives_is_found():
    """One or several, by several steps, each once and without Elasticsearch's sub-field."""
    pipeline = _pipeline(
        FieldMappingTransformation({"Image": "process.executable.caseless", "A": ["b", "c"]}),
        AddFieldnamePrefixTransformation("x."),
        FieldMappingTransformation({"A": "b", "B": "d"}),
    )

    called = called_by(pipeline)

    assert called.names == {"Image": ("process.executable",), "A": ("b", "c"), "B": ("d",)}
    assert called.prefixes == ("x.",)


def test_the_names_of_a_public_pipeline():
    """Also those it gives to some logsources only."""
    called = called_by(public_pipeline("ecs_windows"))

    assert called.names["Image"] == ("process.executable",)
    assert "process.command_line" in called.names["CommandLine"]
    assert called.prefixes == ("winlog.event_data.",)
