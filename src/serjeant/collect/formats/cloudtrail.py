"""Sign-ins in AWS CloudTrail: the console, IAM Identity Center, and Amazon Cognito's user pools.

Source: CloudTrail's user guide, "AWS Management Console sign-in events", and Identity Center's on its own events. A
name that does not exist is hidden. Identity Center tells of each credential and then of the whole; both have one
workflow's number.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, moment

_CONSOLE = {"service": "console"}
_WEB = {"service": "web"}
_SIGN_IN = {"event": "^ConsoleLogin$"}
_FAILED = {"event": "^ConsoleLogin$", "result": "^Failure$"}
_CENTER = {"event": "^UserAuthentication$"}
_CREDENTIAL = {"event": "^CredentialVerification$", "verified": "^Failure$"}
_POOL = {"event": "^(?:(?:Admin)?InitiateAuth|(?:Admin)?RespondToAuthChallenge)$"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

_CASES = (
    Case("sign_in", {**_SIGN_IN, "result": "^Success$"}, "success", None, None, _CONSOLE),
    Case("unknown", {**_FAILED, "why": "^No username found.*$"}, "failure", "unknown_account", None, _CONSOLE),
    Case("wrong_with_mfa", {**_FAILED, "is_mfa": "^Yes$"}, "failure", "mfa", None, _CONSOLE),
    Case("wrong", _FAILED, "failure", "bad_password", None, _CONSOLE),
    Case("center_in", {**_CENTER, "authenticated": "^Success$"}, "success", None, "daemon", _WEB),
    Case("center_failed", {**_CENTER, "authenticated": "^Failure$"}, "failure", "other", "daemon", _WEB),
    Case("center_wrong", {**_CREDENTIAL, "kind": "^PASSWORD$"}, "failure", "bad_password", "auth", _WEB),
    Case("center_outside", {**_CREDENTIAL, "kind": "^EXTERNAL_IDP$"}, "refused", "other", "auth", _WEB),
    Case("center_second", {**_CREDENTIAL, "kind": "^.+$"}, "challenged", "mfa", "auth", _SECOND),
    Case("center_unsaid", _CREDENTIAL, "failure", "bad_password", "auth", _WEB),
    Case("pool_unknown", {**_POOL, "error": "^UserNotFoundException$"}, "failure", "unknown_account", None, _WEB),
    Case("pool_locked", {**_POOL, "why": "^.*attempts exceeded.*$"}, "failure", "locked", None, _WEB),
    Case("pool_disabled", {**_POOL, "why": "^User is disabled.*$"}, "failure", "disabled", None, _WEB),
    Case("pool_wrong", {**_POOL, "why": "^Incorrect username or password.*$"}, "failure", "bad_password", None, _WEB),
    Case("pool_second", {**_POOL, "error": "^CodeMismatchException$"}, "challenged", "mfa", None, _SECOND),
    Case("pool_reset", {**_POOL, "error": "^PasswordResetRequiredException$"}, "refused", "expired", None, _WEB),
    Case("other_event", {"event": "^[A-Za-z0-9]+$"}),
)


def _named(found: pl.DataFrame) -> pl.DataFrame:
    """A name that AWS hides is none."""
    return found.with_columns(user_name=pl.col("user_name").replace("HIDDEN_DUE_TO_SECURITY_REASONS", None))


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    return moment(stamps, Clock(ZoneInfo("UTC"), clock.year))


FORMAT = Format(
    name="cloudtrail",
    title="AWS CloudTrail",
    group="cloud",
    records=(
        Record(
            fields={
                "time": ("eventTime", "p_event_time"),
                "user_name": (
                    "userIdentity.userName",
                    "additionalEventData.UserName",
                    "userIdentity.arn",
                    "userIdentity.onBehalfOf.userId",
                    "userIdentity.principalId",
                ),
                "src_ip": "sourceIPAddress",
                "client": "userAgent",
                "is_mfa": "additionalEventData.MFAUsed",
                "session_uid": "additionalEventData.AuthWorkflowID",
                "event": "eventName",
                "result": "responseElements.ConsoleLogin",
                "why": "errorMessage",
                "error": "errorCode",
                "authenticated": "serviceEventDetails.UserAuthentication",
                "verified": "serviceEventDetails.CredentialVerification",
                "kind": "additionalEventData.CredentialType",
            },
            cases=_CASES,
            marks=('"eventName"', '"userIdentity"'),
            time=_utc,
            derive=_named,
        ),
    ),
    lacks="It does not name an account that does not exist, nor tell a wrong password from a wrong code; "
    "Cognito names nobody and tells of failures only.",
)
