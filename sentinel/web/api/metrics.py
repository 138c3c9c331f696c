"""What a monitoring system asks for: figures in OpenMetrics text, for whoever has a token.

The library writes the text and chooses its version by the Accept header. Nothing is kept for it:
each answer is made of one look at the service.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from sentinel.ports import Health
from sentinel.web.api.metric_table import METRICS, Kind, Metric, Seen

PATH = "/metrics"


def metrics_routes(health: Health) -> APIRouter:
    """Make /metrics; it is no part of the API's description, which speaks of JSON."""
    router = APIRouter()
    registry = CollectorRegistry()
    registry.register(ServiceCollector(health))
    ProcessCollector(namespace="sentinel", registry=registry)

    @router.get(PATH, include_in_schema=False)
    def metrics(request: Request) -> Response:
        encode, media_type = choose_encoder(request.headers.get("Accept", ""))
        return Response(encode(registry), headers={"Content-Type": media_type})

    return router


class ServiceCollector(Collector):
    """The service as families of metrics, looked at once for all of them."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def describe(self) -> Iterable[Family]:
        """Name nothing: the registry would look at the service to learn what is in the table."""
        return ()

    def collect(self) -> Iterable[Family]:
        """Look at the service now."""
        health = self._health
        seen = Seen(
            status=health.status(),
            measures=health.measures(),
            profile=health.profile(),
            resting=health.resting(),
        )
        version = {"version": seen.status.version}
        yield InfoMetricFamily("sentinel_build", "The version that runs.", version)
        for metric in METRICS:
            yield family(metric, seen)


def family(metric: Metric, seen: Seen) -> Family:
    """One metric with its samples."""
    make = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
    labels = [metric.label] if metric.label else []
    made = make(metric.name, metric.says, labels=labels, unit=metric.unit)
    for label, value in metric.samples(seen):
        made.add_metric([label] if metric.label else [], value)
    return made
