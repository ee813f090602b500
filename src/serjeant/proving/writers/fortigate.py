"""FortiGate's SSL VPN, as its disk log has it; it asks for the short name."""

import polars as pl

from serjeant.proving.writer import Writer, cases, stamp


def _event(number: str, action: str, tunnel: str, more: str) -> pl.Expr:
    return pl.concat_str(
        stamp("date=%Y-%m-%d time=%H:%M:%S "),
        pl.format(
            'devname="fw01" devid="FG100F" eventtime={} tz="+0000" ',
            pl.col("time").dt.epoch("us").cast(pl.Int64) * 1000,
        ),
        pl.format(
            f'logid="{number}" type="event" subtype="vpn" vd="root" action="{action}" tunneltype="ssl-web" '
            f'tunnelid={tunnel} remip={{}} user="{{}}" group="staff" {more}',
            *([pl.col("n") + 1_100_000] if tunnel == "{}" else []),
            "ip",
            "name",
        ),
    )


_FAILED = _event("0101039426", "ssl-login-fail", "0", 'reason="sslvpn_login_permission_denied"')

WRITER = Writer(
    product="fortigate",
    path="fw01/vpn.log",
    service="vpn",
    spells=pl.col("name"),
    digits=6,
    blind=True,
    says=cases(
        {
            "success": _event("0101039424", "tunnel-up", "{}", 'reason="login successfully"'),
            "bad_password": _FAILED,
            "unknown_account": _FAILED,
        }
    ),
)
