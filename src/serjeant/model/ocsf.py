"""ocsf: a login as an OCSF Authentication event (class 3002), out and in again.

The first place of a column is where ``report.writers.ocsf`` writes it; ``collect.formats.ocsf`` looks there, and then
at the places where others write. Source: schema.ocsf.io 1.0 to 1.6, and what Amazon Security Lake makes of CloudTrail.
"""

from collections.abc import Mapping
from typing import Final

VERSION: Final = "1.3.0"
"""Of the schema that is written; what is used of it stands in all from 1.1 on."""

CLASS, CATEGORY, LOGON, SUCCESS, FAILURE = 3002, 3, 1, 1, 2
PRODUCT: Final = "Serjeant"

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": ("time_dt", "time", "metadata.original_time", "metadata.logged_time"),
    "user_name": (
        "user.name",
        "user.email_addr",
        "user.account.name",
        "actor.user.name",
        "actor.user.email_addr",
        "user.uid",
        "actor.user.uid",
    ),
    "src_ip": ("src_endpoint.ip", "device.ip"),
    "src_port": ("src_endpoint.port",),
    "dst_host": ("dst_endpoint.hostname", "dst_endpoint.name", "device.hostname", "device.name", "dst_endpoint.ip"),
    "service": ("service.name", "dst_endpoint.svc_name", "api.service.name", "metadata.product.name"),
    "auth_protocol": ("auth_protocol",),
    "is_mfa": ("is_mfa", "mfa", "session.is_mfa", "actor.session.is_mfa", "actor.session.mfa"),
    "session_uid": ("session.uid",),
    "client": ("http_request.user_agent",),
    "count": ("count",),
}
"""What OCSF has a place for."""

OURS: Final[Mapping[str, str]] = {
    "account": "user.account.name",
    "outcome": "unmapped.outcome",
    "reason": "unmapped.reason",
    "log": "unmapped.log",
    "log_offset": "unmapped.log_offset",
}
"""What it has none for, or has it in fewer words: it knows only success and failure."""

DETAILS: Final[Mapping[str, str]] = {
    "bad_password": "INVALID_CREDENTIALS",
    "unknown_account": "USER_DOES_NOT_EXIST",
    "locked": "ACCOUNT_LOCKED_OUT",
    "disabled": "ACCOUNT_DISABLED",
    "expired": "PASSWORD_EXPIRED",
    "mfa": "MFA_FAILED",
    "policy": "POLICY_DENIED",
    "backend": "SERVICE_UNAVAILABLE",
    "other": "OTHER",
}
"""Our reason -> ``status_detail``: the words of the schema, where it has one."""

PROTOCOLS: Final[Mapping[str, tuple[int, str]]] = {
    "ntlm": (1, "NTLM"),
    "kerberos": (2, "Kerberos"),
    "digest": (3, "Digest"),
    "openid": (4, "OpenID"),
    "saml": (5, "SAML"),
    "oauth 2.0": (6, "OAUTH 2.0"),
    "pap": (7, "PAP"),
    "chap": (8, "CHAP"),
    "eap": (9, "EAP"),
    "radius": (10, "RADIUS"),
}
"""Ours -> ``auth_protocol_id`` and its caption; any other is 99 and keeps its name."""

OTHER_PROTOCOL: Final = 99
