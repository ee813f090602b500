"""rival: what an organisation would run instead, as a judge of the same logins.

A rival has the rule that its makers published, with their thresholds; none is tuned. Where a rule speaks of one
product's sign-ins, all of ours count as that product's; where it can be read in two ways, the way that helps it is
taken. The rules are told in our words and code: facts carry over, their makers' text does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

ALARMS: Final = pl.Schema(
    {
        "time": pl.Datetime("us", "UTC"),  # when it fires
        "rule": pl.String(),
        "source": pl.String(),  # null: it speaks of none
        "account": pl.String(),  # null: it speaks of none
        "until": pl.Datetime("us", "UTC"),  # the end of the block; null where nothing is blocked
    }
)
"""One row for each alarm or block."""


@dataclass(frozen=True)
class Rival:
    """One published rule, or the rules that a product is installed with.

    :param name: short, and unlike all others
    :param product: whose it is
    :param source: where it was read: repository, path, and the version or commit
    :param says: the rule with its thresholds, in one line
    :param judge: from logins (``model.login.LOGINS``; further columns are not looked at) to ALARMS
    :param blocks: it shuts sources out rather than telling somebody
    """

    name: str
    product: str
    source: str
    says: str
    judge: Callable[[pl.DataFrame], pl.DataFrame]
    blocks: bool = False


def alarms(found: pl.DataFrame, rule: str | None = None) -> pl.DataFrame:
    """What was found as ALARMS, by time: columns that it lacks are null, others are left out.

    :param rule: the name of the rule, where the column does not say it
    """
    named = found if rule is None else found.with_columns(pl.lit(rule).alias("rule"))
    columns = [
        (pl.col(name) if name in named.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in ALARMS.items()
    ]
    return named.select(columns).sort("time", "rule", "source", "account")
