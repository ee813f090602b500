"""normalised: logins that somebody has brought into common words before: which of our words theirs are.

Schemas know *success* and *failure*, and why in words of the product that was there first. None counts that stands in
the name that was typed: whoever calls himself ``mfa`` must not turn a refusal into a right password. Windows' codes
mean what they mean in ``formats.windows``, Entra's what they mean in ``formats.entra``.
"""

from typing import Final

import polars as pl

from serjeant.collect.record import Case
from serjeant.model.login import OUTCOMES, REASONS

CASES: Final = (
    Case("success", {"what": "^success$"}, "success"),
    *(
        Case(f"{outcome}_{reason}", {"what": f"^{outcome}_{reason}$"}, outcome, reason)
        for outcome in OUTCOMES[1:]
        for reason in REASONS
    ),
)
"""A case for each outcome with each reason; the field ``what`` is its name."""

NAMES: Final = tuple(case.name for case in CASES)

_IS = "(?:[ _-]?(?:has|have|is|was|are|been|be))*[ _-]?"
_NAME = "(?:user(?:[ _-]?name)?|account|principal|identity|e-?mail(?: address)?)"
_WHO = f"(?:{_NAME}|login)"
_SAYS: Final = (
    (
        "challenged_mfa",
        "(?:^|[^a-z0-9])(?:mfa|2fa|2sv|otp|totp|c00002fa|50074|50076|50079|500121)(?:[^a-z0-9]|$)"
        "|(?:multi|second|two|2)[ _-]?(?:factor|step)|one[ _-]?time[ _-]?(?:password|code|passcode)"
        "|(?:verification|security)[ _-]?code|(?:invalid|wrong|incorrect|expired)[ _-]passcode|strong[ _-]auth"
        "|push[ _-](?:is[ _-]|was[ _-])?(?:denied|declined|rejected)|denied[ _-](?:the[ _-])?push|marked[ _-]fraud",
    ),
    ("failure_bad_password", f"{_WHO}[ _]?(?:and|or|/|and/or)[ _]?(?:bad |wrong )?password|c000006[ad]|50126|50056"),
    ("refused_locked", f"(?:^|[^a-z])lock(?:ed|[ _-]?out)|c0000234|50053|too[ _-]many[ _-](?:failed|bad|wrong){_IS}"),
    (
        "challenged_expired",
        f"(?:password|credentials?){_IS}(?:expired|must[ _-](?:be[ _-])?change|(?:change|reset)[ _-]required)"
        "|must[ _-]change[ _-]password|c0000071|c0000224|50055|50144",
    ),
    ("challenged_disabled", "c0000072"),
    ("challenged_expired", "c0000193"),
    ("challenged_policy", "c000006[ef]|c0000070|c000015b|53003|conditional[ _-]access"),
    ("failure_expired", f"{_WHO}{_IS}expired"),
    ("failure_disabled", "disabled|deactivated|suspended|inactive|deprovisioned|50057"),
    (
        "failure_unknown_account",
        f"{_WHO}{_IS}(?:(?:does[ _-])?not[ _-](?:exist|found|known)|unknown)|c0000064|50034"
        f"|(?:unknown|invalid|no[ _-]such|non-?existent|nonexisting)[ _-]{_NAME}|no[ _-]{_NAME}[ _-]found",
    ),
    (
        "failure_bad_password",
        f"(?:invalid|bad|wrong|incorrect)[ _-](?:credentials?|password|passphrase|login)|verification[ _-]error"
        f"|(?:credentials?|password){_IS}(?:mismatch|incorrect|invalid|wrong|not[ _-](?:match|correct|valid))"
        "|failed[ _-]password",
    ),
    (
        "refused_policy",
        "too[ _-]many|rate[ _-]?limit|throttl|policy|not[ _-](?:allowed|permitted|authori[sz]ed)"
        "|(?:^|[^a-z])(?:block|restricted|forbidden|risk)",
    ),
    ("refused_backend", "time[sd]?[ _-]?out|unavailable|unreachable|(?:internal|server|backend|service)[ _-]error"),
)
"""Ours, and what says so in lower case; the first that fits decides."""

_ANY: Final = "|".join(f"(?:{pattern})" for _, pattern in _SAYS)


def verdict(result: pl.Series, why: pl.Series, names: pl.Series) -> pl.Series:
    """The names of cases; null where nothing was decided.

    :param result: ``success``, ``failure``, or what else was said
    :param why: what was said of the reason, as text; never what a client could have written
    :param names: that were typed
    """
    said = why.fill_null("").str.to_lowercase()
    # Products have few words, however many people they speak to.
    words = said.unique()
    meanings = words.to_frame("said").select(
        pl.coalesce(
            *(pl.when(pl.col("said").str.contains(pattern)).then(pl.lit(told)) for told, pattern in _SAYS),
            pl.lit("failure_other"),
        )
    )
    frame = pl.DataFrame({"result": result, "said": said, "name": names.fill_null("").str.to_lowercase()})
    odd = frame["name"].unique()
    odd = odd.filter(odd.str.contains(_ANY))
    failed = pl.col("said").replace_strict(words, meanings.to_series(), return_dtype=pl.String)
    if len(odd):
        # The name may stand in the reason, and then its words are not the product's.
        named = pl.col("name").is_in(odd.implode()) & pl.col("said").str.contains(pl.col("name"), literal=True)
        failed = pl.when(named).then(pl.lit("failure_other")).otherwise(failed)
    return frame.select(
        pl.when(pl.col("result") == "success")
        .then(pl.lit("success"))
        .when(pl.col("result") == "failure")
        .then(failed)
        .alias("verdict")
    ).to_series()


def own(outcome: pl.Expr, reason: pl.Expr) -> pl.Expr:
    """The same of what Serjeant itself wrote; null where it did not."""
    told = pl.when(outcome == "success").then(outcome).otherwise(outcome + "_" + reason)
    return pl.when(told.is_in(NAMES)).then(told)
