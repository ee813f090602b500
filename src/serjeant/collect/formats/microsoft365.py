"""Microsoft 365's unified audit log: the Management Activity API, ``Search-UnifiedAuditLog``, Purview's CSV.

Source: Microsoft's schema of the Office 365 Management Activity API (the record types of Entra and Exchange). Entra's
events say why in ``ErrorNumber`` (an AADSTS code) or ``LogonError`` (its name). In what people export, the event is
JSON in the column ``AuditData``.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import fields
from serjeant.collect.fields import Paths
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, moment

_MOST = 12
"""Extended properties that are looked at."""


def _failed(name: str, why: str, outcome: str, reason: str) -> Case:
    where = {"event": "^UserLoginFailed$", "why": f"^(?:{why})$"}
    return Case(name, where, outcome, reason, None, {"service": "web"})


_CASES = (
    Case("sign_in", {"event": "^UserLoggedIn$"}, "success", None, None, {"service": "web"}),
    _failed(
        "wrong",
        "50126|50056|50064|InvalidUserNameOrPassword|InvalidUserNameOrPasswordOrPasswordExpired|InvalidPassword.?"
        "|CredentialAuthenticationError",
        "failure",
        "bad_password",
    ),
    _failed("unknown", "50034|51004|UserAccountNotFound|UserAccountNotInDirectory", "failure", "unknown_account"),
    _failed("locked", "50053|IdsLocked", "failure", "locked"),
    _failed("disabled", "50057|UserDisabled", "failure", "disabled"),
    _failed("expired", "50055|50144|InvalidPasswordExpired.*", "challenged", "expired"),
    _failed(
        "second",
        "50072|50074|50076|50078|50079|50158|500121|53004|UserStrongAuth.*|ExternalSecurityChallenge.*"
        "|AuthenticationFailedSasError|ProofUpBlocked.*",
        "challenged",
        "mfa",
    ),
    _failed(
        "policy",
        "50005|50097|50131|5300[0-9]|53011|5300[0-9]{2}|BlockedByConditionalAccess.*|ConditionalAccess.*"
        "|Device(?:NotCompliant|NotDomainJoined|AuthenticationRequired|PolicyError)|ApplicationUsedIsNotAnApprovedApp",
        "challenged",
        "policy",
    ),
    _failed("backend", "50000|50033|8000[0-9]|8001[0-4]|OnPremise.*|RetryableError", "refused", "backend"),
    _failed("no_reason", "", "failure", "other"),
    # An interrupt, consent, a session or a token that ran out.
    Case("no_verdict", {"event": "^UserLoginFailed$"}),
    Case("mailbox", {"event": "^MailboxLogin$", "result": "^(?:Succeeded|Success|True)?$"}, "success", None),
    Case("mailbox_failed", {"event": "^MailboxLogin$"}, "failure", "other"),
    Case("other_event", {"event": "^.+$"}),
)

_INSIDE: Paths = {
    "time": "CreationTime",
    "user_name": ("UserId", "MailboxOwnerUPN", "UserKey"),
    "src_ip": ("ActorIpAddress", "ClientIP", "ClientIPAddress"),
    "session_uid": ("InterSystemsId", "SessionId"),
    "service": "ClientInfoString",
    "client": ("ClientInfoString", "UserAgent"),
    "event": "Operation",
    "result": "ResultStatus",
    "why": ("LogonError", "ErrorNumber"),
    **{f"name{at}": f"ExtendedProperties[{at}].Name" for at in range(_MOST)},
    **{f"value{at}": f"ExtendedProperties[{at}].Value" for at in range(_MOST)},
}
_EXPORT: Paths = {
    "outer_time": ("CreationDate", "CreationTime"),
    "outer_user": ("UserIds", "UserId"),
    "outer_event": ("Operations", "Operation"),
    "data": "AuditData",
}


def _derived(found: pl.DataFrame) -> pl.DataFrame:
    """The extended properties have no fixed places."""
    agent = pl.coalesce(
        pl.when(pl.col(f"name{at}").str.to_lowercase() == "useragent").then(f"value{at}") for at in range(_MOST)
    )
    protocol = pl.col("service").str.extract("^Client=(IMAP|POP|SMTP)").str.to_lowercase().replace({"pop": "pop3"})
    return found.with_columns(
        client=pl.coalesce(agent, "client"),
        user_name=pl.col("user_name").replace("Not Available", None),
        service=pl.when(pl.col("event") == "MailboxLogin").then(protocol.fill_null("mail")),
    )


def _opened(found: pl.DataFrame) -> pl.DataFrame:
    """The JSON in the column of an export, and the columns beside it."""
    inside = fields.extracted("json", found["data"].fill_null(""), _INSIDE)
    return _derived(
        inside.with_columns(
            time=inside["time"].fill_null(found["outer_time"]),
            user_name=inside["user_name"].fill_null(found["outer_user"]),
            event=inside["event"].fill_null(found["outer_event"]),
        )
    )


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    """Times are UTC, and do not say so."""
    return moment(stamps, Clock(ZoneInfo("UTC"), clock.year))


_COLUMNS: Paths = {**_EXPORT, **dict.fromkeys(("time", "user_name", "service"), "AuditData")}

FORMAT = Format(
    name="microsoft365",
    title="Microsoft 365 audit log",
    group="identity",
    records=(
        Record(_COLUMNS, _CASES, "csv", ("CreationDate", "AuditData"), _utc, _opened),
        Record(_COLUMNS, _CASES, "json", ('"AuditData"', '"CreationDate"'), _utc, _opened),
        Record(
            _INSIDE, _CASES, "json", ('"CreationTime"', '"Operation"', '"OrganizationId"', '"UserId"'), _utc, _derived
        ),
    ),
    lacks="It does not tell a password that was typed from a token that was used, where the sign-in succeeded.",
)
