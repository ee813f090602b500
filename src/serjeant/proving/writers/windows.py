"""A domain controller's Security log, exported as XML: 4624 and 4625, the account's plain name in capitals."""

import polars as pl

from serjeant.proving.writer import Writer, cases, port, stamp


def _event(number: int, sid: str, verdict: str) -> pl.Expr:
    data = "".join(
        f"<Data Name='{name}'>{value}</Data>"
        for name, value in (
            ("TargetUserSid", sid),
            ("TargetUserName", "{}"),
            ("TargetDomainName", "COUNCIL"),
            *(pair.split("=") for pair in verdict.split()),
            ("LogonType", "10"),
            ("LogonProcessName", "User32 "),
            ("AuthenticationPackageName", "Negotiate"),
            ("WorkstationName", "DC1"),
            ("ProcessName", "-"),
            ("IpAddress", "{}"),
            ("IpPort", "{}"),
        )
    )
    return pl.format(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>{number}</EventID>"
        "<TimeCreated SystemTime='{}0Z'/><EventRecordID>{}</EventRecordID><Channel>Security</Channel>"
        f"<Computer>dc1.council.example</Computer></System><EventData>{data}</EventData></Event>",
        stamp("%Y-%m-%dT%H:%M:%S.%6f"),
        "n",
        "name",
        "ip",
        port(),
    )


WRITER = Writer(
    product="windows",
    path="dc1/security.xml",
    service="rdp",
    spells=pl.col("name").str.to_uppercase(),
    digits=6,
    says=cases(
        {
            "success": _event(4624, "S-1-5-21-1-2-3-1001", ""),
            "bad_password": _event(4625, "S-1-0-0", "Status=0xc000006d SubStatus=0xc000006a"),
            "unknown_account": _event(4625, "S-1-0-0", "Status=0xc000006d SubStatus=0xc0000064"),
        }
    ),
)
