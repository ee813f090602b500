"""Sign-ins to Microsoft Entra ID (Azure AD): Graph, diagnostic settings, Log Analytics, and what the portal downloads.

Source: Microsoft's list of AADSTS codes, the schemas of Graph's ``signIn`` and of the table ``SigninLogs``. The code
says all. Conditional access and the second factor come after the password, so what fails there had the right one. Smart
lock-out answers without looking at the password, but it is the answer to an attempt that failed. An app that renews its
token types no password: what goes wrong there is passed over, unless the code or the client (IMAP, POP, SMTP, ROPC)
says that one was sent.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect.fields import Paths
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated, moment

_SECOND = "50072 50074 50076 50078 50079 50087 50088 50158 50161 50166 50203 53004 53010 500121"
_POLICY = "50005 50097 50129 50131 50135 50142 50155 50187 53000 53001 53002 53003 53009 53011 5300[0-9]{2}"
_KEPT_OUT = "50105 50177 50178 500021 500022 500208 500212 500213"
_BACKEND = "50000 50033 80001 80002 80004 80005 80007 80010 80013 80014 90033"
# Interrupts, and sessions, tokens and assertions that are no good (any more).
_INTERRUPT = (
    "50001 50002 50003 5000[6-8] 5001[0-37] 50027 50029 50032 5004[2389] 50050 50058 50061 50068 50070 50071 50085"
    " 50086 50089 50099 50107 50120 50124 50125 50127 5013[2-469] 50140 50143 50146 50147 5016[89] 50170 50173 50180"
    " 50194 50196 50197 50199 51001 51005 51006 52004 54[0-9]{3}"
)


def _case(name: str, codes: str, outcome: str = "", reason: str | None = None, **where: str) -> Case:
    return Case(name, {"code": f"^(?:{codes.replace(' ', '|')})$", **where}, outcome, reason)


_CASES = (
    _case("app_secret", "7000215", "failure", "bad_password", who="^app$"),
    _case("app_expired", "7000222", "failure", "expired", who="^app$"),
    Case("app", {"who": "^app$"}),
    # A token that is renewed is a sign-in in Microsoft's words, and shows from where an account is used.
    _case("renewed", "0", "success", who="^token$"),
    _case("sign_in", "0", "success"),
    _case("wrong", "50126 50056 50064", "failure", "bad_password"),
    _case("unknown", "50034 50059 50128 51004", "failure", "unknown_account"),
    _case("bad_address", "50053", "refused", "policy", why="^.*(?:malicious|IP address).*$"),
    _case("locked", "50053", "failure", "locked"),
    Case("not_renewed", {"who": "^token$"}),
    _case("disabled", "50057", "failure", "disabled"),
    _case("hours", "80012", "failure", "policy"),
    _case("expired", "50055 50144", "challenged", "expired"),
    _case("second", _SECOND, "challenged", "mfa"),
    _case("policy", _POLICY, "challenged", "policy"),
    _case("kept_out", _KEPT_OUT, "refused", "policy"),
    _case("guest", "50014 50020 90072", "refused", "unknown_account"),
    _case("backend", _BACKEND, "refused", "backend"),
    _case("interrupt", _INTERRUPT + " interrupted"),
    _case("other_code", "5[0-9]{4} 80[0-9]{3}", "refused", "other"),
    # Which account, consent, apps that are set up wrongly, single sign-on by Kerberos, tokens.
    _case("no_verdict", "[0-9]+"),
    _case("failed", "failure", "failure", "other"),
)
_OTHER = "^(?:AuditLogs|ProvisioningLogs|Risky.*|.*RiskEvents|NetworkAccess.*|.*ActivityLogs|.*AuditLogs|.*HealthLogs)$"
_OTHER_LOGS = (Case("other_log", {"category": _OTHER}),)

_FIELDS: Paths = {
    "time": ("properties.createdDateTime", "createdDateTime", "CreatedDateTime", "TimeGenerated", "time"),
    "user_name": (
        "properties.userPrincipalName",
        "userPrincipalName",
        "UserPrincipalName",
        "properties.signInIdentifier",
        "signInIdentifier",
        "SignInIdentifier",
        "properties.servicePrincipalName",
        "servicePrincipalName",
        "ServicePrincipalName",
        "identity",
        "Identity",
    ),
    "src_ip": ("properties.ipAddress", "ipAddress", "IPAddress", "callerIpAddress"),
    "client": ("properties.userAgent", "userAgent", "UserAgent"),
    "service": ("properties.clientAppUsed", "clientAppUsed", "ClientAppUsed"),
    "auth_protocol": ("properties.authenticationProtocol", "authenticationProtocol", "AuthenticationProtocol"),
    "is_mfa": ("properties.authenticationRequirement", "authenticationRequirement", "AuthenticationRequirement"),
    "session_uid": ("properties.correlationId", "correlationId", "CorrelationId"),
    "code": ("properties.status.errorCode", "status.errorCode", "Status.errorCode", "resultType", "ResultType"),
    "status": ("resultType", "ResultType"),
    "why": (
        "properties.status.failureReason",
        "status.failureReason",
        "Status.failureReason",
        "resultDescription",
        "ResultDescription",
    ),
    "category": ("category", "Category", "Type"),
    "interactive": ("properties.isInteractive", "isInteractive", "IsInteractive"),
    "kinds": ("properties.signInEventTypes", "signInEventTypes", "SignInEventTypes"),
    "steps": ("properties.authenticationDetails", "authenticationDetails", "AuthenticationDetails"),
}

_TABLE: Paths = {
    "time": ("TimeGenerated [UTC]", "TimeGenerated", "CreatedDateTime [UTC]", "CreatedDateTime", "Date (UTC)", "Date"),
    "user_name": ("UserPrincipalName", "Username", "Sign-in identifier", "ServicePrincipalName"),
    "src_ip": ("IPAddress", "IP address"),
    "client": ("UserAgent", "User agent"),
    "service": ("ClientAppUsed", "Client app"),
    "auth_protocol": ("AuthenticationProtocol", "Authentication Protocol"),
    "is_mfa": ("AuthenticationRequirement", "Authentication requirement"),
    "session_uid": ("CorrelationId", "Correlation ID"),
    "code": ("ResultType", "Sign-in error code"),
    "status": ("Status", "ResultType"),
    "why": ("ResultDescription", "Failure reason"),
    "category": ("Category", "Type", "$table"),
    "interactive": ("IsInteractive", "Is interactive"),
    "kinds": "SignInEventTypes",
    "steps": "AuthenticationDetails",
}

# What Elastic's integration makes of it; keys may be written with their dots.
_SIGN_IN = "azure.signinlogs.properties"
_ELASTIC: Paths = {
    name: tuple(form.format(place) for place in places.split() for form in ("{}", '"{}"'))
    for name, places in {
        "time": f"{_SIGN_IN}.created_at @timestamp",
        "user_name": f"{_SIGN_IN}.user_principal_name {_SIGN_IN}.service_principal_name user.email user.name",
        "src_ip": f"{_SIGN_IN}.ip_address azure.signinlogs.caller_ip_address source.ip client.ip",
        "client": f"{_SIGN_IN}.user_agent user_agent.original",
        "service": f"{_SIGN_IN}.client_app_used",
        "auth_protocol": f"{_SIGN_IN}.authentication_protocol",
        "is_mfa": f"{_SIGN_IN}.authentication_requirement",
        "session_uid": f"{_SIGN_IN}.correlation_id azure.correlation_id",
        "code": f"{_SIGN_IN}.status.error_code azure.signinlogs.result_type",
        "status": "azure.signinlogs.result_type",
        "why": f"{_SIGN_IN}.status.failure_reason azure.signinlogs.result_description",
        "category": "azure.signinlogs.category",
        "interactive": f"{_SIGN_IN}.is_interactive",
        "kinds": f"{_SIGN_IN}.sign_in_event_types",
        "steps": f"{_SIGN_IN}.authentication_details",
    }.items()
}

_LEGACY = {
    "imap": "^(?:Other clients; )?IMAP4?$",
    "pop3": "^(?:Other clients; )?POP3?$",
    "smtp": "^(?:Other clients; )?(?:Authenticated )?SMTP$",
    "api": "^(?:Exchange Online Power[Ss]hell|Reporting Web Services|Other clients|Other clients; Power[Ss]hell)$",
    "mail": "^(?:Exchange .*|MAPI Over HTTP|Outlook Anywhere.*|Auto[Dd]iscover|Offline Address Book|Universal Outlook"
    "|Other clients; .*)$",
}
"""Clients that send the password each time."""


def _derived(found: pl.DataFrame) -> pl.DataFrame:
    found = found.with_columns(service=_legacy(found["service"].fill_null("")))
    category, kinds = (pl.col(name).fill_null("") for name in ("category", "kinds"))
    app = category.str.contains("(?:ServicePrincipal|ManagedIdentity)") | kinds.str.contains(
        "(?:servicePrincipal|managedIdentity)"
    )
    silent = (
        category.str.contains("NonInteractive")
        | kinds.str.contains("nonInteractiveUser", literal=True)
        | (pl.col("interactive").str.to_lowercase() == "false").fill_null(value=False)
    )
    typed = (
        pl.col("service").is_not_null()
        | pl.col("auth_protocol").str.contains("^(?:ropc|ROPC)$").fill_null(value=False)
        | pl.col("steps").str.contains("[Mm]ethod[^a-zA-Z]+Password").fill_null(value=False)
    )
    protocol = pl.col("auth_protocol").str.to_lowercase()
    number = pl.col("code").str.extract("^([0-9]+)$")
    status = pl.col("status").str.to_lowercase().replace("success", "0")
    return found.with_columns(
        service=pl.col("service").fill_null("web"),
        who=pl.when(app).then(pl.lit("app")).when(silent & ~typed).then(pl.lit("token")).otherwise(pl.lit("user")),
        auth_protocol=pl.when(protocol != "none").then(protocol),
        is_mfa=pl.col("is_mfa").str.contains("^[Mm]ulti-?[Ff]actor").cast(pl.String),
        code=pl.coalesce(number, status),
    )


def _legacy(clients: pl.Series) -> pl.Series:
    """The service of each client that sends the password each time. There are few, so that each is looked at once."""
    client = pl.col("client")
    known = pl.DataFrame({"client": clients.unique()}).with_columns(
        service=pl.coalesce(
            pl.when(client.str.contains(pattern)).then(pl.lit(name)) for name, pattern in _LEGACY.items()
        )
    )
    return clients.replace_strict(known["client"], known["service"], return_dtype=pl.String)


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    """All times are UTC, also those that do not say so. Log Analytics exports them as ``6/5/2026, 9:12:33.123 AM``."""
    utc = Clock(ZoneInfo("UTC"), clock.year)
    read = moment(stamps, utc)
    return read if not read.null_count() else read.fill_null(dated(stamps, "%m/%d/%Y, %I:%M:%S%.f %p", utc))


def _record(kind: str, *marks: str, fields: Paths = _FIELDS) -> Record:
    return Record(_TABLE if kind == "csv" else fields, _CASES, kind, marks, _utc, _derived)


FORMAT = Format(
    name="entra",
    title="Microsoft Entra ID sign-in logs",
    group="identity",
    records=(
        _record("csv", "UserPrincipalName", "ResultType", "IPAddress"),
        _record("csv", "ServicePrincipalName", "ResultType", "IPAddress"),
        _record("csv", "Username", "Sign-in error code", "IP address"),
        _record("json", '"operationName"', '"Sign-in activity"'),
        _record("json", '"ResultType"', '"UserPrincipalName"'),
        _record("json", '"ResultType"', '"ServicePrincipalName"'),
        _record("json", '"createdDateTime"', '"ipAddress"', '"errorCode"'),
        _record("json", '"azure"', '"signinlogs"', fields=_ELASTIC),
        _record("json", '"azure.signinlogs.category"', fields=_ELASTIC),
        Record(
            {**_FIELDS, "service": "category"}, _OTHER_LOGS, "json", ('"operationName"', '"category"', '"tenantId"')
        ),
    ),
    lacks="It tells nothing of passwords that another identity provider judged (federated domains).",
)
