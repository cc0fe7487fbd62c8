"""Telemetry: `logs`, whose lines carry the ids of request and presentation, and `metrics` for Prometheus.

Imports errors and printable.
"""

from presentations.telemetry import logs, metrics

__all__ = ["logs", "metrics"]
