"""/metrics for Prometheus: requests, and the state of the installation; only for who sends the token of the settings."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from platforma.health.measures import Number, numbers_of
from platforma.services import Services
from platforma.web.context import keep_private, services
from platforma.web.request_numbers import RequestNumbers

blueprint = Blueprint("metrics", __name__)
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/metrics")
def numbers() -> Response:
    """The numbers. 404 where PLATFORMA_METRICS_TOKEN is not set, 401 without it as a bearer token (RFC 6750)."""
    token = services().settings.metrics_token
    if token is None:
        abort(404)
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(sent.encode(), token.get_secret_value().encode()):
        return Response(
            "send PLATFORMA_METRICS_TOKEN as a bearer token\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain"
        )
    of_requests: RequestNumbers = current_app.extensions["request_numbers"]
    registry = CollectorRegistry()
    registry.register(_State(services()))
    answer = Response(of_requests.text() + generate_latest(registry), content_type=TEXT)
    keep_private(answer)
    return answer


class _State(Collector):
    """The numbers of an installation as metrics."""

    def __init__(self, of: Services) -> None:
        self._services = of

    def collect(self) -> Iterator[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for number in numbers_of(self._services):
            family = families.get(number.name) or _family(number)
            families[number.name] = family
            family.add_metric(list(number.labels.values()), number.value)
        yield from families.values()


def _family(number: Number) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"platforma_{number.name}", number.meaning, labels=list(number.labels))
