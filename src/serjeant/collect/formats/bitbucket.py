r"""Bitbucket Data Center's (Stash's) audit log: fields between bars until version 6, JSON since 7.

Sources: Atlassian's pages on ``atlassian-bitbucket-audit.log`` and on audit events. Between bars the address is the
first field and the name stands left of an object. In JSON a failure has no author: the name that was typed is an
attribute (``target``), whose place in their list varies. Somebody who must answer a CAPTCHA is turned away.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import moment

_HEAD = r"^(?P<src_ip>[0-9A-Fa-f.:]+)(?:, ?[0-9A-Fa-f.:, ]*)? \x7c "
_NAME = r" \x7c [^\x7c]* \x7c [0-9]{13} \x7c (?P<user_name>.*) \x7c \{"
_END = r"[^\x7c]*\}(?: \x7c [^\x7c{][^\x7c]*)*$"  # of the last object
_WEB = {"service": "web"}
_PLACES = range(5)
_FROM = r"^(?:(?P<src_ip>[0-9A-Fa-f.:]+)(?:, ?.*)?)?$"
_FAILED = {"from": _FROM, "action": r"^(?:bitbucket\..*\.authenticationfailure|User login failed)$"}
_PASSED = {"from": _FROM, "action": r"^(?:bitbucket\..*\.authenticationsuccess|User logged in)$"}


def _attributes(rows: pl.DataFrame) -> pl.DataFrame:
    """``target``, ``way`` and ``details`` of a list whose order varies."""

    def named(name: str) -> pl.Expr:
        ends = [pl.col(f"key{at}").str.ends_with(name) for at in _PLACES]
        return pl.coalesce(pl.when(end).then(pl.col(f"value{at}")) for at, end in zip(_PLACES, ends, strict=True))

    target = named("legacy.target")
    return rows.with_columns(
        user_name=pl.coalesce(target, pl.col("user_name")),
        auth_protocol=named("authentication.authmethod"),
        why=pl.concat_str([named("legacy.details"), named("authentication.error")], separator=" ", ignore_nulls=True),
    )


FORMAT = Format(
    name="bitbucket",
    title="Bitbucket Data Center",
    group="apps",
    programs=("bitbucket", "stash"),
    rules=(
        Rule(
            "captcha",
            _HEAD + "AuthenticationFailureEvent" + _NAME + r"[^\x7c]*CAPTCHA" + _END,
            "refused",
            "locked",
            constants=_WEB,
        ),
        Rule("failed", _HEAD + "AuthenticationFailureEvent" + _NAME + _END, "failure", "bad_password", constants=_WEB),
        Rule("login", _HEAD + "AuthenticationSuccessEvent" + _NAME + _END, "success", constants=_WEB),
        Rule("other", r"^[0-9A-Fa-f.:, -]* \x7c [A-Z][A-Za-z]+Event \x7c .*$"),
    ),
    envelopes=(
        Envelope(
            "bitbucket",
            r"^(?P<header>)[0-9A-Fa-f.:, -]* \x7c [A-Z][A-Za-z]+Event \x7c [^\x7c]* \x7c (?P<stamp>[0-9]{13}) \x7c ",
            moment,
            program="bitbucket",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "timestamp.epochSecond",
                "action": ("auditType.actionI18nKey", "auditType.action"),
                "user_name": "author.name",
                "from": "source",
                **{f"key{at}": f"extraAttributes[{at}].nameI18nKey" for at in _PLACES},
                **{f"value{at}": f"extraAttributes[{at}].value" for at in _PLACES},
            },
            cases=(
                Case("audit_captcha", {**_FAILED, "why": "^.*CAPTCHA.*$"}, "refused", "locked", None, _WEB),
                Case("audit_failed", _FAILED, "failure", "bad_password", None, _WEB),
                Case("audit_login", _PASSED, "success", None, None, _WEB),
                Case("audit_other", {"action": r"^(?:bitbucket|atlassian\.audit)\..*$"}),
            ),
            marks=('"auditType"', '"epochSecond"'),
            derive=_attributes,
        ),
    ),
    values={"user_name": {"Anonymous": ""}},
    lacks="Behind a proxy the address is one that the client may have made up.",
)
