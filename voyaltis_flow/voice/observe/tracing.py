"""Traces, sent by OTLP over HTTP where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, and nowhere else.

Spans: `conversation`, and in it a `turn` for each time the rep was heard, beside those of LiveKit's own pipeline, from
which what was said is taken out before anything leaves the process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from multiprocessing.util import Finalize

from livekit.agents import telemetry
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
SEND_SECONDS = 3.0
"""How long a collector may take; a job that ends waits no longer for it."""

tracer = trace.get_tracer("voyaltis_flow")


def trace_process(environ: Mapping[str, str] = os.environ) -> bool:
    """Sends this process's spans where the environment says; False where it says nothing.

    Once in a process, and after it was forked. What is left is sent when the process ends.
    """
    if not environ.get(ENDPOINT):
        return False
    provider = TracerProvider(resource=Resource.create({"service.name": "voyaltis-flow"}))
    telemetry.set_tracer_provider(provider, allow_pii=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=SEND_SECONDS)))
    trace.set_tracer_provider(provider)
    Finalize(None, provider.shutdown, exitpriority=1)
    return True
