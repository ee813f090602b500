"""ecs: a login as an event of the Elastic Common Schema, out and in again.

The first place of a column is where ``report.writers.ecs`` writes it; ``collect.formats.ecs`` looks there, and then at
the places where others write. Source: Elastic's reference of ECS 8, and what its integrations make of authentication.
"""

from collections.abc import Mapping
from typing import Final

VERSION: Final = "8.11.0"
MODULE: Final = "serjeant"

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": ("@timestamp", "event.created", "event.ingested"),
    "user_name": (
        "user.name",
        "user.email",
        "source.user.name",
        "client.user.name",
        "user.target.name",
        "user.full_name",
        "user.id",
        "related.user[0]",
    ),
    "src_ip": ("source.ip", "client.ip", "source.address", "client.address", "related.ip[0]"),
    "src_port": ("source.port", "client.port"),
    "dst_host": ("host.name", "host.hostname", "destination.domain", "observer.name", "agent.hostname"),
    "service": ("service.name", "service.type", "network.protocol", "event.module", "event.provider"),
    "client": ("user_agent.original",),
}
"""What ECS has a place for."""

OURS: Final[Mapping[str, str]] = {
    "account": "serjeant.account",
    "outcome": "serjeant.outcome",
    "reason": "event.reason",
    "auth_protocol": "serjeant.auth_protocol",
    "is_mfa": "serjeant.is_mfa",
    "session_uid": "serjeant.session_uid",
    "count": "serjeant.count",
    "log": "log.file.path",
    "log_offset": "serjeant.log_offset",
}
"""What it has none for, or has it in fewer words: it knows only success and failure."""
