"""Salesforce: login history (Setup's CSV, the object LoginHistory), LoginEvent, and the event log files of type Login.

Sources: Salesforce's object reference (LoginHistory, LoginEvent, LoginEventLog, EventLogFile and its list of
LOGIN_STATUS values, which pairs each code with the text that the others show). A computer that must be activated, a
second factor and a security token are asked for after the right password.
"""

import polars as pl

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, iso

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

_CASES = (
    Case("other_row", {"event": "^(?:Logout|LoginAs|[A-Z][A-Za-z]*Login[A-Za-z]+)$"}),
    Case("sign_in", {"why": "^(?:LOGIN_NO_ERROR|LOGIN_DATA_DOWNLOAD_ONLY|Success)$"}, "success", None, None, _WEB),
    Case(
        "wrong",
        {"why": "^(?:LOGIN_ERROR_(?:INVALID_PASSWORD|SSO_PWD_INVALID)|(?:Failed: )?Invalid [Pp]assword)$"},
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Case(
        "unknown",
        {"why": "^(?:LOGIN_ERROR_INVALID_USERNAME|(?:Failed: )?Invalid [Ll]ogin|Login invalid)$"},
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Case(
        "challenged",
        {
            "why": "^(?:LOGIN_CHALLENGE_(?:ISSUED|PENDING)|LOGIN_[A-Z_]*(?:TWO_?FACTOR|2FA|MFA)[A-Z_]*|"
            "Failed: [Cc]omputer activation .*|(?:Failed: )?(?:Two|Multi)-[Ff]actor.*)$"
        },
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case(
        "token_missing",
        {"why": "^(?:LOGIN_ERROR_MUST_USE_API_TOKEN|Failed: API security token required)$"},
        "challenged",
        "policy",
        None,
        _WEB,
    ),
    Case(
        "expired",
        {"why": "^(?:LOGIN_[A-Z_]*PASSWORD_EXPIRED|Password [Ee]xpired)$"},
        "challenged",
        "expired",
        None,
        _WEB,
    ),
    Case(
        "locked",
        {
            "why": "^(?:LOGIN_ERROR_(?:[A-Z_]*LOCKOUT|LOGINS_EXCEEDED|RATE_EXCEEDED)|"
            "(?:Failed: )?(?:Password [Ll]ockout|Organization locked|"
            "Maximum [Ll]ogins [Ee]xceeded|Login [Rr]ate [Ee]xceeded))$"
        },
        "refused",
        "locked",
        None,
        _WEB,
    ),
    Case(
        "disabled",
        {
            "why": "^(?:LOGIN_ERROR_(?:USER_(?:INACTIVE|FROZEN)|CSS_FROZEN|PORTAL_INACTIVE|ORG_(?:CLOSED|INACTIVE|"
            "SUSPENDED))|(?:Failed: )?User is .*|Organization (?:closed|is inactive|suspended))$"
        },
        "refused",
        "disabled",
        None,
        _WEB,
    ),
    Case(
        "restricted",
        {"why": "^(?:LOGIN_ERROR_[A-Z_]*(?:RESTRICTED|DOMAIN)[A-Z_]*|(?:Failed: )?Restricted .*)$"},
        "refused",
        "policy",
        None,
        _WEB,
    ),
    Case(
        "backend",
        {"why": "^(?:LOGIN_ERROR_[A-Z_]*(?:_DOWN|_MAINTENANCE)|.*(?:service is down|in maintenance).*)$"},
        "refused",
        "backend",
        None,
        _WEB,
    ),
    Case("failed", {"why": "^(?:LOGIN_[A-Z_]+|Failed.*|Invalid.*)$"}, "failure", "other", None, _WEB),
)


def _local(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``6/5/2026, 9:12:33 AM PDT``, as Setup writes for people of the United States; or ISO 8601."""
    parts = (
        stamps.fill_null("")
        .str.extract_groups(r"^([0-9/]{8,10}),? ([0-9:]{7,8} [AP]M) ?([A-Z]{2,4})?$")
        .struct.unnest()
    )
    parts.columns = ["day", "hour", "zone"]
    spelt = parts.select(
        pl.concat_str("day", pl.lit(" "), "hour")
        .str.to_datetime("%m/%d/%Y %I:%M:%S %p", strict=False)
        .dt.strftime("%Y-%m-%d %H:%M:%S")
        + (pl.lit(" ") + pl.col("zone")).fill_null("")
    ).to_series()
    return iso(spelt.fill_null(stamps).fill_null(""), clock)


_OBJECT = {
    "user_name": ("Username", "UserName", "USER_NAME", "UserId", "USER_ID"),
    "src_ip": ("SourceIp", "SOURCE_IP", "ClientIp", "CLIENT_IP"),
    "client": ("Browser", "BrowserType", "BROWSER_TYPE", "Application"),
    "why": ("LoginStatus", "LOGIN_STATUS", "Status"),
    "event": ("EVENT_TYPE",),
}
_TIMES = ("EventDate", "LoginTime", "Timestamp", "TIMESTAMP_DERIVED")

FORMAT = Format(
    name="salesforce",
    title="Salesforce login history and events",
    group="cloud",
    records=(
        Record(fields={"time": _TIMES, **_OBJECT}, cases=_CASES, marks=('"SourceIp"', '"LoginType"')),
        Record(fields={"time": _TIMES, **_OBJECT}, cases=_CASES, marks=('"SourceIp"', '"LoginStatus"')),
        Record(fields={"time": _TIMES, **_OBJECT}, cases=_CASES, marks=('"LOGIN_STATUS"', '"USER_NAME"')),
        Record(
            fields={
                "time": "TIMESTAMP_DERIVED",
                "user_name": "USER_NAME",
                "src_ip": ("SOURCE_IP", "CLIENT_IP"),
                "client": "BROWSER_TYPE",
                "why": "LOGIN_STATUS",
                "event": "EVENT_TYPE",
            },
            cases=_CASES,
            kind="csv",
            marks=("LOGIN_STATUS", "USER_NAME", "TIMESTAMP_DERIVED"),
        ),
        Record(
            fields={
                "time": ("Login Time", "LoginTime"),
                "user_name": ("Username", "User ID", "UserId"),
                "src_ip": ("Source IP", "SourceIp"),
                "client": ("Browser", "Application"),
                "why": "Status",
                "event": "Event Type",
            },
            cases=_CASES,
            kind="csv",
            marks=("Login Type", "Source IP", "Status"),
            time=_local,
        ),
    ),
    lacks="The objects name a user by id; it does not tell whether a refused sign-in had the right password.",
)
