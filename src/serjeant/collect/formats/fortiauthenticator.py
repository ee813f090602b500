"""Fortinet FortiAuthenticator: syslog (``db[1]: category="Event" subcategory="Authentication" …``) and its raw log.

Source: Fortinet's technical tips on the event ids 20000, 20001 and 20101, and the columns of the log.

The user's address is ``userip``, or stands in the sentence (``authentication from …``) where the device that asked
sent it along; ``nas`` is that device. In syslog the sentence stands behind all fields and without quotes, so a name
that imitates fields ends before the last of them. *partially done* waits for a token: the attempt is told at its end.
"""

import polars as pl

from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_ADDRESS = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
_IP = f"(?P<src_ip>{_ADDRESS})"
_SAYS = '[^"]*'
_HEAD = (
    '^ *category="Event" subcategory="Authentication" typeid=[0-9]+ level="[A-Za-z]+" user="(?P<user_name>.*)" '
    'nas="[^"]*" (?:userip="(?:' + _ADDRESS + ')?" )?action="(?:[Aa]uthentication|[Ll]ogin)" status="'
)
_FAILED = "[Ff]ail(?:ed|ure)"
_SUCCESS = "[Ss]uccess"

_WHY = (
    ("token", "challenged", "mfa", _FAILED, "(?:(?:invalid|wrong|expired) (?:token|OTP|code|FortiToken)|"
     "[Tt]oken (?:is )?(?:invalid|wrong|expired)|[Pp]ush [a-z ]*(?:denied|rejected|timed))"),
    ("unknown", "failure", "unknown_account", _FAILED, "(?:invalid user|user (?:does )?not |not found|unknown user)"),
    ("locked", "failure", "locked", _FAILED, "(?:[Ll]ocked|[Ll]ockout)"),
    ("backend", "refused", "backend", _FAILED, "(?:unreachable|timed? ?out|no response|(?:cannot|failed to) connect)"),
    ("wrong", "failure", "bad_password", _FAILED, ""),
    ("right", "success", None, _SUCCESS, ""),
)  # fmt: skip


def _spoken(name: str, outcome: str, reason: str | None, status: str, why: str) -> tuple[Rule, Rule]:
    """The sentence says from where, or a field does."""
    also = _SECOND if reason == "mfa" else _WEB
    says = _SAYS + why + _SAYS + "$" if why else _SAYS + "$"
    by = _HEAD.replace(f"(?:{_ADDRESS})?", f"(?:{_IP})?")
    return (
        Rule(f"{name}_from", _HEAD + status + '" ' + _SAYS + "authentication from " + _IP + r"[ (]" + says,
             outcome, reason, None, also),
        Rule(name, by + status + '" ' + says, outcome, reason, None, also),
    )  # fmt: skip


def _from_sentence(found: pl.DataFrame) -> pl.DataFrame:
    """The address that the sentence gives where no field does."""
    return found.with_columns(
        src_ip=pl.coalesce("src_ip", pl.col("said").str.extract(f"authentication from ({_ADDRESS})[ (]"))
    )


_DONE = "^(?:[Aa]uthentication|[Ll]ogin)$"

FORMAT = Format(
    name="fortiauthenticator",
    title="Fortinet FortiAuthenticator",
    group="identity",
    programs=("db", "fac", "FortiAuthenticator"),
    rules=(
        *(rule for why in _WHY for rule in _spoken(*why)),
        Rule("beside", '^ *category="[A-Z][A-Za-z ]*" subcategory="[A-Z][A-Za-z ]*" typeid=[0-9]+ .*$'),
    ),
    records=(
        Record(
            kind="logfmt",
            fields={
                "date": "date",
                "clock": "time",
                "user_name": "user",
                "src_ip": "userip",
                "area": "subcat",
                "action": "action",
                "status": "status",
                "said": "msg",
            },
            cases=(
                *(
                    Case(f"raw_{name}",
                         {"area": "^Authentication$", "action": _DONE, "status": f"^{status}$", "said": f"^.*{why}.*$"},
                         outcome, reason, None, _SECOND if reason == "mfa" else _WEB)
                    for name, outcome, reason, status, why in _WHY
                ),
                Case("raw_other", {"area": "^[A-Z].*$"}),
            ),
            marks=("logid=", "cat=", "subcat=", "nas=", "msg="),
            derive=lambda found: _from_sentence(found).with_columns(
                time=pl.concat_str(pl.col("date"), pl.lit(" "), pl.col("clock"))
            ),
        ),
    ),
    lacks="The user's address is there only where the device that asks sends it along (Calling-Station-Id).",
)  # fmt: skip
