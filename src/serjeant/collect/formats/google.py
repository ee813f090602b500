"""Google's login audit: Workspace's Reports API, Cloud Logging, GAM's and the admin console's CSV.

Source: Google's reference of the Reports API, "Login Audit Activity Events" (names and parameters). The password is a
challenge like the others in what ``login_challenge`` and ``login_verification`` tell; when another one failed, it had
been right. ``suspicious_login`` and its like are sign-ins with the right password that Google blocked.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect.fields import Paths
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, moment

_EVENTS, _PARAMETERS = 3, 8
"""How many events of an activity, and parameters of an event, are looked at."""
_WANTED = (
    "login_type",
    "login_challenge_method",
    "login_challenge_status",
    "login_failure_type",
    "affected_email_address",
)
_WEB = {"service": "web"}


def _named(*names: str) -> str:
    return f"^(?:.*,)?(?:{'|'.join(names)})(?:,.*)?$"


_FAILED = {"event": _named("login_failure", "loginfailure", "failed_login")}
_DONE = {"event": _named("login_success", "loginsuccess", "successful_login")}
_CHALLENGE = {"event": _named("login_challenge", "login_verification", "loginchallenge", "loginverification")}
_NO = "^(?:.*[Ff]ailed|.*[Ii]ncorrect).*$"
_CASES = (
    Case("disabled", {**_FAILED, "why": "^.*(?:disabled|suspended).*$"}, "failure", "disabled", None, _WEB),
    Case("disallowed", {**_FAILED, "why": "^.*(?:disallowed|blocked).*$"}, "failure", "policy", None, _WEB),
    Case("unknown", {**_FAILED, "why": "^.*(?:not_found|invalid_username|deleted).*$"}, "failure", "unknown_account",
         None, _WEB),
    Case("wrong", _FAILED, "failure", "bad_password", None, _WEB),
    Case("sign_in", _DONE, "success", None, None, _WEB),
    Case("password_step", {**_CHALLENGE, "how": r"^[\[\"]*password[\]\"]*$"}),
    Case("second", {**_CHALLENGE, "status": _NO}, "challenged", "mfa", None, {"service": "web", "is_mfa": True}),
    Case(
        "blocked",
        {"event": _named("suspicious_login", "suspicious_login_less_secure_app", "suspicious_programmatic_login",
                         "suspicious_login_blocked", ".*suspicious.*_blocked")},
        "challenged",
        "policy",
        None,
        _WEB,
    ),
    Case("other_event", {"event": "^[a-z0-9_,?() -]+$"}),
)  # fmt: skip

_FIELDS: Paths = {
    "time": ("id.time", "timestamp", "p_event_time"),
    "user_name": (
        "actor.email",
        "protoPayload.authenticationInfo.principalEmail",
        "parameters.affected_email_address",
        "actor.profileId",
    ),
    "src_ip": ("ipAddress", "protoPayload.requestMetadata.callerIp"),
    "session_uid": "id.uniqueQualifier",
    "auth_protocol": "parameters.login_type",
    "event": ("name", "protoPayload.methodName"),
    "how": "parameters.login_challenge_method",
    "status": "parameters.login_challenge_status",
    "why": "parameters.login_failure_type",
}
# Filebeat and its like make a line of each event, which is then an object.
_SPLIT = "events.parameters[{1}]"
_PARAMETER = "events[{0}].parameters[{1}]", "protoPayload.metadata.event[{0}].parameter[{1}]"
_PAIRS = [(e, p) for e in range(_EVENTS) for p in range(_PARAMETERS)]


def _paths(event: int) -> tuple[str, ...]:
    return _PARAMETER if event else (*_PARAMETER, _SPLIT)


_API: Paths = {
    **_FIELDS,
    "event": ("name", "protoPayload.methodName", "events.name"),
    **{f"event{e}": (f"events[{e}].name", f"protoPayload.metadata.event[{e}].eventName") for e in range(_EVENTS)},
    **{f"name{e}_{p}": tuple(f"{path.format(e, p)}.name" for path in _paths(e)) for e, p in _PAIRS},
    **{
        f"value{e}_{p}": tuple(f"{path.format(e, p)}.{key}" for path in _paths(e) for key in ("value", "multiValue"))
        for e, p in _PAIRS
    },
}
_CSV: Paths = {
    "time": ("id.time", "Date", "Date (UTC)"),
    "user_name": ("actor.email", "Actor", "User", "affected_email_address"),
    "src_ip": ("ipAddress", "IP address"),
    "session_uid": "id.uniqueQualifier",
    "auth_protocol": ("login_type", "Login type"),
    "event": ("name", "Event", "Event name"),
    "how": ("login_challenge_method", "Challenge type"),
    "status": ("login_challenge_status", "Challenge status", "Description", "Event description"),
    "why": ("login_failure_type", "Failure type"),
}


def _flat(found: pl.DataFrame) -> pl.DataFrame:
    """``Failed Login`` is what ``login_failure`` is called in the console."""
    event = pl.col("event").str.to_lowercase().str.replace_all(" ", "_").str.replace(r"^google\.login\..*\.", "")
    protocol = pl.col("auth_protocol").str.to_lowercase()
    return found.with_columns(event=event, auth_protocol=protocol.replace("google_password", "password"))


def _gathered(found: pl.DataFrame) -> pl.DataFrame:
    """An activity may have several events, and an event its parameters in any order."""
    parameters = {
        name: pl.coalesce(pl.when(pl.col(f"name{e}_{p}") == name).then(f"value{e}_{p}") for e, p in _PAIRS)
        for name in _WANTED
    }
    events = pl.concat_str([f"event{e}" for e in range(_EVENTS)], separator=",", ignore_nulls=True)
    return _flat(
        found.with_columns(
            event=pl.coalesce(pl.when(events != "").then(events), "event"),
            user_name=pl.coalesce("user_name", parameters["affected_email_address"]),
            auth_protocol=pl.coalesce("auth_protocol", parameters["login_type"]),
            how=pl.coalesce("how", parameters["login_challenge_method"]),
            status=pl.coalesce("status", parameters["login_challenge_status"]),
            why=pl.coalesce("why", parameters["login_failure_type"]),
        )
    )


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    return moment(stamps, Clock(ZoneInfo("UTC"), clock.year))


FORMAT = Format(
    name="google",
    title="Google Workspace login audit",
    group="identity",
    records=(
        Record(_CSV, _CASES, "csv", ("actor.email", "id.time", "name"), _utc, _flat),
        Record(_CSV, _CASES, "csv", ("Date", "Event", "IP address", "Login type"), _utc, _flat),
        Record(_API, _CASES, "json", ('"applicationName"', '"events"', '"login"'), _utc, _gathered),
        Record(_API, _CASES, "json", ('"protoPayload"', '"login.googleapis.com"'), _utc, _gathered),
        Record(_FIELDS, _CASES, "json", ('"applicationName"', '"login"', '"name"'), _utc, _flat),
    ),
    lacks="A failed sign-in seldom says why, and a blocked one not from where.",
)
