"""Outlook on the web, as IIS logs it: the domain's short name and the account's."""

import polars as pl

from serjeant.proving.writer import Writer, cases, stamp


def _request(page: str, status: str) -> pl.Expr:
    return stamp("%Y-%m-%d %H:%M:%S ") + pl.format(
        f"198.51.100.20 GET {page} - 443 {{}} {{}} Mozilla/5.0 {status} 15", "name", "ip"
    )


WRITER = Writer(
    product="exchange_web",
    path="owa/u_ex170605.log",
    service="web",
    spells="COUNCIL\\" + pl.col("name"),
    blind=True,
    around=(
        "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status "
        "sc-substatus sc-win32-status time-taken\n",
        "\n",
        "\n",
    ),
    says=cases(
        {
            "success": _request("/owa/", "200 0 0"),
            "bad_password": _request("/owa/", "401 1 1326"),
            "unknown_account": _request("/owa/", "401 1 1326"),
        }
    ),
)
