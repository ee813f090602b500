"""1Password's sign-in attempts, of the Events API: one JSON object an attempt.

Source: 1Password's Events API reference. ``category`` is the result, ``type`` its detail (``password_secret_bad``,
``totp_bad``, ``duo_timeout``, ``ip_blocked`` …). The firewall and the version check come before any verdict that is
told.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

_CASES = (
    Case(
        "sign_in_mfa",
        {"category": "^(?:firewall_reported_)?success$", "why": "^mfa_ok$"},
        "success",
        None,
        None,
        _SECOND,
    ),
    Case("sign_in", {"category": "^(?:firewall_reported_)?success$"}, "success", None, None, _WEB),
    Case("wrong", {"category": "^credentials_failed$"}, "failure", "bad_password", None, _WEB),
    Case("factor_failed", {"category": "^mfa_failed$"}, "challenged", "mfa", None, _SECOND),
    Case("sso_failed", {"category": "^(?:sso|federated)_failed$"}, "failure", "other", None, _WEB),
    Case("firewall", {"category": "^firewall_failed$"}, "refused", "policy", None, _WEB),
    Case("old_version", {"category": "^modern_version_(?:failed|required)$"}, "refused", "policy", None, _WEB),
)

FORMAT = Format(
    name="onepassword",
    title="1Password sign-in attempts",
    group="identity",
    records=(
        Record(
            fields={
                "time": ("timestamp", "p_event_time"),
                "user_name": ("target_user.email", "target_user.name"),
                "src_ip": "client.ip_address",
                "client": "client.app_name",
                "category": "category",
                "why": "type",
            },
            cases=_CASES,
            marks=('"target_user"', '"category"', '"client"'),
        ),
    ),
    lacks="It does not tell a wrong password from a wrong secret key, and knows attempts on accounts that exist only.",
)
