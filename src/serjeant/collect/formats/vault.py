r"""HashiCorp Vault and OpenBao: the audit device's JSON (source: Vault's audit log schema).

Each request is told twice; the entry of type ``response`` knows what became of it. People sign in at
``auth/MOUNT/login/NAME`` (userpass, ldap, okta, radius) or come back from an OIDC provider; what is sent to
``auth/MOUNT/login`` without a name is a machine's (AppRole, Kubernetes, AWS) and is ignored.
"""

import polars as pl

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_PERSON = {"type": "^response$", "typed": "^.+$"}
_OIDC = {"type": "^response$", "path": "^auth/.+/oidc/callback$"}
_API = {"service": "api"}


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """The name that was typed is the end of the path."""
    typed = pl.col("path").str.extract(r"^auth/.*?/login/(.+)$")
    return rows.with_columns(typed=typed, user_name=pl.coalesce(typed, pl.col("user_name")))


_CASES = (
    Case("locked", {**_PERSON, "why": "^(?s:.)*(?:locked|lockout)(?s:.)*$"}, "refused", "locked", None, _API),
    Case(
        "code",
        {**_PERSON, "why": "^(?s:.)*(?:MFA|mfa|passcode|second factor)(?s:.)*$"},
        "challenged",
        "mfa",
        None,
        {**_API, "is_mfa": True},
    ),
    Case(
        "wrong",
        {**_PERSON, "why": "^(?s:.)*(?:invalid|failed|denied|incorrect|unauthorized|missing)(?s:.)*$"},
        "failure",
        "bad_password",
        None,
        _API,
    ),
    Case("trouble", {**_PERSON, "why": "^(?s:.)+$"}, "refused", "backend", None, _API),
    Case("code_asked", {**_PERSON, "asked": "^.+$"}, "challenged", "mfa", None, {**_API, "is_mfa": True}),
    Case("right", _PERSON, "success", None, None, _API),
    Case("oidc_wrong", {**_OIDC, "why": "^(?s:.)+$"}, "failure", "other", None, _API),
    Case("oidc_right", _OIDC, "success", None, None, _API),
    Case("other", {"type": "^(?:request|response)$"}),
)

FORMAT = Format(
    name="vault",
    title="HashiCorp Vault and OpenBao",
    group="identity",
    records=(
        Record(
            fields={
                "time": "time",
                "type": "type",
                "path": "request.path",
                "user_name": ("auth.metadata.username", "auth.display_name"),
                "src_ip": "request.remote_address",
                "src_port": "request.remote_port",
                "auth_protocol": "request.mount_type",
                "asked": "auth.mfa_requirement.mfa_request_id",
                "why": "error",
            },
            cases=_CASES,
            marks=('"type"', '"request"', '"remote_address"', '"operation"', '"path"'),
            derive=_named,
        ),
    ),
    lacks="It does not tell whether an account exists.",
)
