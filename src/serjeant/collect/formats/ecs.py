"""Events of the Elastic Common Schema: what Elastic Agent, Beats and Logstash made of any product's sign-ins.

Source: Elastic's reference of ECS 8, and the fields of its integrations. A document that still holds the product's own
fields or line (``winlog``, ``okta``, ``event.original``) is read by that product's format, which knows more; the rest
by ``event.category`` *authentication*, ``event.outcome`` and what was said of the reason. An end of a session is no
attempt, nor is a change of an account.
"""

from zoneinfo import ZoneInfo

import polars as pl

from serjeant.collect import normalised
from serjeant.collect.fields import Paths
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated, moment
from serjeant.model import ecs

_CASES = (
    Case("other_category", {"what": "^other_category$"}),
    Case("ended", {"what": "^ended$"}),
    Case("other_action", {"what": "^other_action$"}),
    Case("other_method", {"what": "^other_method$"}),
    *normalised.CASES,
    Case("no_verdict", {"what": "^no_verdict$"}),
)

_NESTED: Paths = {
    **ecs.PLACES,
    **{name: place for name, place in ecs.OURS.items() if name in {"auth_protocol", "is_mfa", "session_uid", "count"}},
    "ours": ecs.OURS["outcome"],
    "our_reason": ecs.OURS["reason"],
    "module": "event.module",
    "category": "event.category",
    "type": "event.type",
    "result": "event.outcome",
    "action": "event.action",
    "why": ("event.reason", "error.message"),
    "code": ("error.code", "event.code"),
    "said": "system.auth.ssh.event",
    "method": "system.auth.ssh.method",
    "process": "process.name",
    "pid": "process.pid",
}


def _dotted(told: str | tuple[str, ...]) -> tuple[str, ...]:
    """Where keys are written with their dots."""
    return tuple(f'"{place}"' for place in ((told,) if isinstance(told, str) else told) if "[" not in place)


_DOTTED: Paths = {name: _dotted(told) for name, told in _NESTED.items()}

_ENDS = "(?:log|sign)[ _-]?(?:ged[ _-]|ed[ _-])?(?:out|off)|session[ _-](?:end|closed|terminated)|disconnect"
_BESIDE = "(?:acquired|refreshed|disposed)-credentials|was-authorized|started-session|negotiated"
_CHANGES = "(?:password|passwd|credential|account|user|factor|device|mfa)[ _.-](?:change|reset|create|delete|add|enrol)"


def _has(name: str, word: str) -> pl.Expr:
    """Whether a field, a word or a list of words, holds one."""
    return pl.col(name).fill_null("").str.contains(f'(?:^|[\\[", ]){word}(?:$|[\\]", ])')


def _judged(found: pl.DataFrame) -> pl.DataFrame:
    action = pl.col("action").fill_null("").str.to_lowercase()
    result = pl.col("result").str.to_lowercase()
    why = pl.concat_str("why", "code", "action", separator=" ", ignore_nulls=True)
    starts = _has("type", "start")
    changes = _has("type", "(?:change|creation|deletion|group)") | action.str.contains(_CHANGES)
    by_us = pl.col("module") == ecs.MODULE
    sshd = pl.col("said").is_not_null()
    # A key that did not fit is no guess; see formats.sshd.
    key = pl.col("method").str.contains("^(?:publickey|none|hostbased|gssapi.*)$") & (result == "failure")
    found = found.with_columns(
        service=pl.when(sshd).then(pl.lit("ssh")).when(pl.col("service").ne_missing(ecs.MODULE)).then("service"),
        auth_protocol=pl.coalesce("auth_protocol", "method"),
        why=pl.when(pl.col("said") == "Invalid")
        .then(pl.lit("invalid user"))
        .when(sshd & pl.col("method").is_not_null())
        .then(pl.lit("failed password"))
        .otherwise(why),
        result=result,
        **_session(sshd),
    )
    theirs = normalised.verdict(found["result"], found["why"], found["user_name"])
    found, result = found.with_columns(theirs=theirs), pl.col("result")
    return found.with_columns(
        what=pl.when(pl.col("category").is_null())
        .then(None)
        .when(~_has("category", "authentication"))
        .then(pl.lit("other_category"))
        .when(_has("type", "end") | action.str.contains(_ENDS))
        .then(pl.lit("ended"))
        .when((changes & ~starts) | action.str.contains(_BESIDE))
        .then(pl.lit("other_action"))
        .when(key)
        .then(pl.lit("other_method"))
        .when(_has("type", "denied") & (result == "success"))
        .then(pl.lit("refused_policy"))
        .otherwise(
            pl.coalesce(
                pl.when(by_us).then(normalised.own(pl.col("ours"), pl.col("our_reason"))),
                pl.when(action.str.contains("challenge") & (result != "success")).then(pl.lit("challenged_mfa")),
                "theirs",
                pl.lit("no_verdict"),
            )
        ),
    )


def _session(sshd: pl.Expr) -> dict[str, pl.Expr]:
    """Where several documents tell of one attempt: sshd's lines, and what PAM and the daemon tell auditd."""
    process = pl.concat_str("dst_host", "pid", separator=":")
    audit = pl.col("action").replace_strict(
        {"authenticated": "pam", "logged-in": "daemon"}, default=None, return_dtype=pl.String
    )
    joined = sshd | ((pl.col("module") == "auditd") & audit.is_not_null())
    return {
        "session_uid": pl.when(joined).then(process).otherwise("session_uid"),
        "witness": pl.when(pl.col("said") == "Invalid")
        .then(pl.lit("probe"))
        .when(sshd)
        .then(pl.lit("daemon"))
        .when(joined)
        .then(audit),
    }


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    return moment(stamps, Clock(ZoneInfo("UTC"), clock.year))


def _discovered(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``Jun 5, 2026 @ 09:12:33.123``, as Kibana shows it, in the zone of whoever looked; or ISO 8601."""
    shown = dated(stamps, "%b %e, %Y @ %H:%M:%S%.f", clock)
    return shown if not shown.null_count() else shown.fill_null(_utc(stamps, clock))


FORMAT = Format(
    name="ecs",
    title="Elastic Common Schema (Elastic Agent, Beats, Logstash)",
    group="normalised",
    records=(
        Record(_NESTED, _CASES, "json", ('"event"', '"category"'), _utc, _judged),
        Record(_DOTTED, _CASES, "json", ('"event.category"',), _utc, _judged),
        Record(_NESTED, _CASES, "csv", ("@timestamp", "event.category", "event.outcome"), _discovered, _judged),
    ),
    general=True,
    lacks="It tells what the log's first reader kept: often not whether the password was right where the rest failed.",
)
