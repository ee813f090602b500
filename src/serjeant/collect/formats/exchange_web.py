r"""IIS's logs of Microsoft Exchange: Outlook on the web, ActiveSync, EWS, Autodiscover, RPC and MAPI over HTTP.

Sources: Microsoft's pages on IIS's W3C fields and on system error codes (``sc-win32-status``). IIS's clock is UTC. A
401 without an error code is the server's question; 1326 and its kin are answers, of any site. Basic authentication
sends the password with each request, so each answered one is a sign-in. Of Outlook on the web IIS knows that a
password was wrong by the page that follows (``reason=2``).
"""

import polars as pl

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB, _MAIL = {"service": "web"}, {"service": "mail"}

_OWA = r"^/(?:owa|ecp|exchange)/?(?:default\.aspx)?$"
_SERVICES = r"^/(?:ews|microsoft-server-activesync|autodiscover|rpc|mapi|oab|powershell|api|rest)(?:/.*)?$"
_DENIED = {"status": "^401$"}


def _iis(rows: pl.DataFrame) -> pl.DataFrame:
    """Date and time are two columns, and ActiveSync has the name in the query where IIS knows none."""
    page = pl.col("page").str.to_lowercase()
    asked = pl.col("query").str.extract(r"(?:^|&)User=([^&;]*)")
    name = asked.str.replace_all("%5C", "\\", literal=True).str.replace_all("%40", "@", literal=True)
    device = page.str.starts_with("/microsoft-server-activesync")
    return rows.with_columns(
        page,
        time=pl.col("date") + " " + pl.col("clock") + "Z",
        user_name=pl.coalesce("signed", pl.when(device).then(name)),
        client=pl.col("client").str.replace_all("+", " ", literal=True),
        forwarded=pl.col("forwarded").str.replace_all("+", " ", literal=True),
    )


def _denied(name: str, code: str, outcome: str, reason: str) -> Case:
    return Case(name, _DENIED | {"win32": f"^(?:{code})$"}, outcome, reason, None, _WEB)


_RECORD = Record(
    kind="w3c",
    fields={
        "date": "date",
        "clock": "time",
        "method": "cs-method",
        "page": "cs-uri-stem",
        "query": "cs-uri-query",
        "signed": "cs-username",
        "user_name": "cs-username",
        "src_ip": "c-ip",
        "forwarded": ("X-Forwarded-For", "cs(X-Forwarded-For)", "x-forwarded-for"),
        "client": "cs(User-Agent)",
        "status": "sc-status",
        "win32": "sc-win32-status",
    },
    marks=("cs-uri-stem", "c-ip", "sc-status"),
    derive=_iis,
    cases=(
        # Exchange watches itself.
        Case("monitor", {"user_name": r"^(?:[^\\]*\\)?(?:HealthMailbox.*|[^$]*\$)(?:@.*)?$"}),
        _denied("locked", "1909", "failure", "locked"),
        _denied("disabled", "1331", "failure", "disabled"),
        # Windows says so only of a password that was right.
        _denied("expired", "1330|1907", "challenged", "expired"),
        _denied("account_expired", "1793", "failure", "expired"),
        _denied("policy", "1327|1328|1329|1385", "failure", "policy"),
        _denied("unknown", "1317", "failure", "unknown_account"),
        _denied("wrong", "1326|2148074252|-2146893044", "failure", "bad_password"),
        Case("failed", _DENIED | {"signed": "^.+$"}, "failure", "bad_password", None, _WEB),
        Case("asked", _DENIED),
        Case(
            "owa_wrong",
            {
                "page": r"^/(?:owa|ecp)/auth/logon\.aspx$",
                "query": "^(?:.*[&?])?reason=2(?:[&;].*)?$",
                "method": "^GET$",
            },
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Case("owa_login", {"page": _OWA, "signed": "^.+$", "status": "^2[0-9]{2}$"}, "success", None, None, _WEB),
        Case(
            "service_login",
            {"page": _SERVICES, "signed": "^.+$", "status": "^2[0-9]{2}$"},
            "success",
            None,
            None,
            _MAIL,
        ),
        Case("other"),
    ),
)

FORMAT = Format(
    name="exchange_web",
    title="Microsoft Exchange on IIS",
    group="mail",
    records=(_RECORD,),
    lacks="It does not tell which name was tried at Outlook on the web, and a wrong password there only if the browser "
    "follows to the next page; behind a load balancer the address is the balancer's.",
)
