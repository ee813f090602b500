r"""FreeRADIUS' ``radius.log``, asked by a dial-in server; it doubles the backslash of ``DOMAIN\user``."""

import polars as pl

from serjeant.proving.writer import Writer, cases, stamp


def _auth(says: str) -> pl.Expr:
    return stamp("%a %b %e %H:%M:%S %Y : ") + pl.format(
        f"Auth: ({{}}) {says}: [{{}}] (from client nas port 0 cli {{}})", "n", "name", "ip"
    )


WRITER = Writer(
    product="freeradius",
    path="radius/radius.log",
    service="radius",
    spells="COUNCIL\\\\" + pl.col("name"),
    says=cases(
        {
            "success": _auth("Login OK"),
            "bad_password": _auth("Login incorrect (mschap: MS-CHAP2-Response is incorrect)"),
            "unknown_account": _auth("Login incorrect (ldap: User not found)"),
        }
    ),
)
