"""Okta's System Log: from the API, log streaming, the console's CSV, and as Microsoft Sentinel and others keep it.

Source: Okta's System Log API and its catalogue of event types. ``user.session.start`` is the verdict on a sign-in;
what an AD, LDAP or RADIUS agent says stands beside it (same transaction) and counts only where it is missing. A factor
that failed means that the password was right, unless the password itself was the factor, which an org may ask for last
or never. An account that Okta does not know has the id ``unknown``.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect.fields import Paths
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, moment

_FACTOR = r"^user\.authentication\.auth_via_mfa$"
_AGENT = r"^user\.authentication\.auth_via_(?:AD_agent|LDAP_agent|AD_app|LDAP_app|iwa|inbound_delauth|richclient)$"
_ELSEWHERE = r"^user\.authentication\.auth_via_(?:IDP|social|inbound_SAML)$"
_RADIUS = r"^user\.authentication\.auth_via_radius$"
_SSO = r"^user\.authentication\.sso$"
_STEP = r"^user\.authentication\.(?:verify|auth|authenticate)$"
_YES = "^(?:SUCCESS|ALLOW)$"
_NO = "^(?:FAILURE|DENY|ABANDONED|UNANSWERED|RATE_LIMIT)$"
_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_APP = {"service": "web", "auth_protocol": "sso"}


def _start(name: str, outcome: str, reason: str | None, **where: str) -> Case:
    return Case(name, {"event": r"^user\.session\.start$", **where}, outcome, reason, "auth", _WEB)


def _beside(name: str, outcome: str, reason: str | None, **where: str) -> Case:
    return Case(name, {"result": _NO, **where}, outcome, reason, "daemon", _WEB)


_CASES = (
    _start("sign_in", "success", None, result=_YES),
    _start("locked", "failure", "locked", why="^LOCKED_OUT.*$"),
    _start("expired", "challenged", "expired", why="^PASSWORD_EXPIRED.*$"),
    _start("kept_out", "failure", "policy", why="^.*(?:LOGIN_DISALLOWED|FastPass declined|[Pp]olicy|POLICY|DENY).*$"),
    _start("disabled", "failure", "disabled", why="^.*(?:SUSPENDED|DEACTIVATED|INACTIVE|DEPROVISIONED|DISABLED)$"),
    _start("unknown", "failure", "unknown_account", result=_NO, id="^unknown$"),
    _start("unknown_name", "failure", "unknown_account", result=_NO, why="^(?:UNKNOWN_USER|INVALID_LOGIN)$"),
    _start("wrong", "failure", "bad_password", result=_NO, why="^(?:INVALID_CREDENTIALS|VERIFICATION_ERROR)?$"),
    _start("failed", "failure", "other", result=_NO),
    Case("password_step", {"event": _FACTOR, "result": _YES, "factor": "^PASSWORD.*$"}),
    Case("second_factor", {"event": _FACTOR, "result": _YES}, "success", None, None, _SECOND),
    _beside("wrong_as_factor", "failure", "bad_password", event=_FACTOR, factor="^PASSWORD.*$"),
    # A key on the device may be all that is asked for, and where no factor is named it may be the password.
    Case(
        "factor_failed", {"event": _FACTOR, "result": _NO, "factor": "^(?:SIGNED_.*)?$"}, "failure", "mfa", None, _WEB
    ),
    Case("no_second", {"event": _FACTOR, "result": _NO}, "challenged", "mfa", None, _SECOND),
    Case("push_denied", {"event": r"^user\.mfa\.okta_verify\.deny_push.*$"}, "challenged", "mfa", None, _SECOND),
    Case("radius", {"event": _RADIUS, "result": _YES}, "success", None, "daemon", {"service": "radius"}),
    Case("radius_no", {"event": _RADIUS, "result": _NO}, "failure", "bad_password", "daemon", {"service": "radius"}),
    _beside("agent_locked", "failure", "locked", event=_AGENT, why="^.*(?:LOCKED|locked).*$"),
    _beside("agent_expired", "challenged", "expired", event=_AGENT, why="^.*(?:EXPIRED|expired).*$"),
    _beside("agent_down", "refused", "backend", event=_AGENT, why="^.*(?:TIMEOUT|UNAVAILABLE|timed out|unavail).*$"),
    _beside("agent_wrong", "failure", "bad_password", event=_AGENT),
    Case("elsewhere", {"event": _ELSEWHERE, "result": _YES}, "success", None, None, _WEB),
    Case("not_let_in", {"event": _ELSEWHERE, "result": _NO}, "refused", "other", None, _WEB),
    Case("app", {"event": _SSO, "result": _YES}, "success", None, None, _APP),
    Case("app_failed", {"event": _SSO, "result": _NO}, "refused", "other", None, _APP),
    Case("app_denied", {"event": r"^application\.policy\.sign_on\.deny_access$"}, "refused", "policy", None, _APP),
    Case("policy", {"event": r"^policy\.evaluate_sign_on$", "result": "^DENY$"}, "refused", "policy", None, _WEB),
    _beside("step_failed", "failure", "other", event=_STEP),
    Case(
        "other_event",
        {
            "event": r"^(?:access|analytics|api_token|app|application|certification|core|credential|device|directory"
            r"|event_hook|governance|group|iam|import|inline_hook|integration|master_application|mim|network_zone"
            r"|oauth2|oidc|org|pam|password|plugin|policy|rate_limit|region|resource|scheduled_action|security"
            r"|self_service|support|system|task|transaction|user|workflow|workflows|zone)\.[A-Za-z0-9_.]+$"
        },
    ),
)

_FIELDS: Paths = {
    "time": ("published", "published_t", "timestamp", "p_event_time", "TimeGenerated"),
    "user_name": ("actor.alternateId", "actor_alternateId_s", "ActorUsername", "OriginalActorAlternateId"),
    "src_ip": ("client.ipAddress", "client_ipAddress_s", "SrcIpAddr"),
    "client": ("client.userAgent.rawUserAgent", "client_userAgent_rawUserAgent_s", "HttpUserAgent"),
    "session_uid": ("transaction.id", "transaction_id_s", "TransactionId"),
    "auth_protocol": (
        "authenticationContext.credentialType",
        "authenticationcontext.credentialType",
        "authenticationContext_credentialType_s",
    ),
    "event": ("eventType", "eventtype", "eventType_s", "EventOriginalType"),
    "result": ("outcome.result", "outcome_result_s", "OriginalOutcomeResult"),
    "why": ("outcome.reason", "outcome_reason_s", "EventOriginalResultDetails"),
    "id": ("actor.id", "actor_id_s", "OriginalUserId"),
    "factor": (
        "debugContext.debugData.factor",
        "debugcontext.debugData.factor",
        "debugContext_debugData_factor_s",
    ),
}

_CSV: Paths = {
    **_FIELDS,
    "time": ("timestamp", "published"),
    "user_name": ("actor.alternate_id", "actor.alternateId"),
    "src_ip": ("client.ip_address", "client.ipAddress"),
    "client": ("client.user_agent.raw_user_agent", "client.userAgent.rawUserAgent"),
    "auth_protocol": ("authentication_context.credential_type", "authenticationContext.credentialType"),
    "event": ("event_type", "eventType"),
    "factor": ("debug_context.debug_data.factor", "debugContext.debugData.factor"),
}

# What Elastic's integration makes of it; keys may be written with their dots.
_ELASTIC: Paths = {
    name: tuple(form.format(place) for place in places.split() for form in ("{}", '"{}"'))
    for name, places in {
        "time": "@timestamp",
        "user_name": "okta.actor.alternate_id",
        "src_ip": "okta.client.ip client.ip source.ip",
        "client": "okta.client.user_agent.raw_user_agent user_agent.original",
        "session_uid": "okta.transaction.id",
        "auth_protocol": "okta.authentication_context.credential_type",
        "event": "okta.event_type",
        "result": "okta.outcome.result",
        "why": "okta.outcome.reason",
        "id": "okta.actor.id",
        "factor": "okta.debug_context.debug_data.factor okta.debug_context.debug_data.flattened.factor",
    }.items()
}


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    """Whatever wrote it down wrote it in UTC."""
    return moment(stamps, Clock(ZoneInfo("UTC"), clock.year))


def _cleaned(found: pl.DataFrame) -> pl.DataFrame:
    """Work that was nobody's request has the transaction ``unknown``."""
    return found.with_columns(session_uid=pl.col("session_uid").replace("unknown", None))


def _record(kind: str, *marks: str, fields: Paths = _FIELDS) -> Record:
    return Record(fields, _CASES, kind, marks, _utc, _cleaned)


FORMAT = Format(
    name="okta",
    title="Okta System Log",
    group="identity",
    records=(
        _record("csv", "event_type", "outcome.result", "actor.alternate_id", fields=_CSV),
        _record("json", '"OriginalOutcomeResult"', '"EventOriginalType"'),
        _record("json", '"eventType_s"', '"outcome_result_s"'),
        _record("json", '"eventtype"', '"outcome"'),
        _record("json", '"eventType"', '"outcome"'),
        _record("json", '"okta"', '"event_type"', fields=_ELASTIC),
        _record("json", '"okta.event_type"', fields=_ELASTIC),
    ),
    lacks="It does not tell which password was tried, nor in every org whether a factor was asked for after it.",
)
