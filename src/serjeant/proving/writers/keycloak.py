"""Keycloak's server log: the intranet's single sign-on."""

import polars as pl

from serjeant.proving.writer import Writer, cases, stamp


def _event(kind: str, level: str, more: str) -> pl.Expr:
    return stamp("%Y-%m-%d %H:%M:%S,%3f ") + pl.format(
        f"{level} [org.keycloak.events] (executor-thread-1) "
        f'type="{kind}", realmId="council", clientId="intranet", userId="null", ipAddress="{{}}", '
        f'{more}username="{{}}"',
        "ip",
        "name",
    )


def _error(word: str, more: str = "") -> pl.Expr:
    return _event("LOGIN_ERROR", "WARN ", f'error="{word}", auth_method="openid-connect", {more}')


WRITER = Writer(
    product="keycloak",
    path="sso/keycloak.log",
    service="web",
    spells=pl.col("name"),
    digits=3,
    says=cases(
        {
            "success": _event("LOGIN", "DEBUG", 'auth_method="openid-connect", '),
            "bad_password": _error("invalid_user_credentials"),
            "unknown_account": _error("user_not_found"),
            "mfa": _error("invalid_user_credentials", 'selected_credential_id="c1", '),
        }
    ),
)
